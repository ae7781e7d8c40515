/** send(2) and recv(2) on a TCP socket: tcp_sendmsg() and tcp_recvmsg() in Linux. */
import { MSG_DONTWAIT, MSG_PEEK, O_NONBLOCK } from '../constants.ts';
import { EAGAIN, ENOTCONN } from './errors.ts';
import { type Attempt, NotSimulated, type Outcome } from './outcome.ts';
import { output, windowOpens } from './tcp-segments.ts';
import { isOpenForSending, RECEIVING_ENDED, SENDING_ENDED, type TcpSocket } from './tcp-socket.ts';

/** Flags that #linux does not export. See recv(2), send(2). */
const MSG_WAITALL = 0x100;
const MSG_MORE = 0x8000;
const MSG_NOSIGNAL = 0x4000;

/** Until when a call may wait; the moment itself: it may not. */
export function deadlineOf(socket: TcpSocket, flags: number, timeout: number): number {
  const { now } = socket.network.scheduler;
  return mayWait(socket, flags) ? now + timeout : now;
}

function mayWait(socket: TcpSocket, flags: number): boolean {
  return (socket.flags & O_NONBLOCK) === 0 && (flags & MSG_DONTWAIT) === 0;
}

function expired(socket: TcpSocket, deadline: number): boolean {
  return socket.network.scheduler.now >= deadline;
}

/** recv(2). */
export function receive(socket: TcpSocket, buffer: Uint8Array, flags: number): Attempt {
  refuseFlags('recv', flags, MSG_PEEK | MSG_DONTWAIT | MSG_NOSIGNAL);
  const least = Math.min(socket.options.receiveLeast, buffer.length) || 1;
  let copied = 0;
  let deadline: number | undefined;
  return () => {
    deadline ??= deadlineOf(socket, flags, socket.options.receiveTimeout);
    if (socket.state === 'LISTEN') return -ENOTCONN;
    const available = Math.min(buffer.length - copied, socket.received.length);
    if (available > 0) copied += copy(socket, buffer.subarray(copied), available, flags);
    if (copied >= least) return copied;
    // A length of 0 is answered as soon as there is a byte to look at.
    if (buffer.length === 0 && socket.received.length > 0) return 0;
    const end = endOfReceiving(socket, copied);
    if (end !== undefined) return end;
    if (expired(socket, deadline))
      return copied > 0 || (buffer.length === 0 && mayWait(socket, flags)) ? copied : -EAGAIN;
    return { on: socket.queue, until: deadline };
  };
}

function copy(socket: TcpSocket, buffer: Uint8Array, available: number, flags: number): number {
  const count = socket.network.scheduler.choices.amount('bytes-received', available);
  const room = buffer.subarray(0, count);
  if (flags & MSG_PEEK) return socket.received.peek(room);
  socket.received.read(room);
  windowOpens(socket);
  return count;
}

/** Why no more bytes will come, in the order in which tcp_recvmsg_locked() looks; undefined: they may. */
function endOfReceiving(socket: TcpSocket, copied: number): Outcome | undefined {
  if (copied > 0) {
    const over = socket.error !== 0 || socket.state === 'CLOSE' || socket.ended & RECEIVING_ENDED;
    return over ? copied : undefined;
  }
  if (socket.streamEnded) return 0;
  if (socket.error !== 0) return -socket.takeError();
  if (socket.ended & RECEIVING_ENDED) return 0;
  return socket.state === 'CLOSE' ? -ENOTCONN : undefined;
}

/** send(2). */
export function send(socket: TcpSocket, bytes: Uint8Array, flags: number): Attempt {
  refuseFlags('send', flags, MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE);
  let taken = 0;
  let deadline: number | undefined;
  return () => {
    deadline ??= deadlineOf(socket, flags, socket.options.sendTimeout);
    if (!isOpenForSending(socket) && taken === 0) {
      if (socket.error !== 0) return -socket.takeError();
      if (socket.state !== 'SYN_SENT' && socket.state !== 'SYN_RECV') return socket.brokenPipe();
      return expired(socket, deadline) ? -EAGAIN : { on: socket.queue, until: deadline };
    }
    if (socket.error !== 0 || socket.ended & SENDING_ENDED) return taken > 0 ? taken : socket.brokenPipe();
    taken += take(socket, bytes.subarray(taken), flags);
    if (taken === bytes.length || fewer(socket, taken, deadline)) return taken;
    socket.noSpace = true;
    if (expired(socket, deadline)) return taken > 0 ? taken : -EAGAIN;
    return { on: socket.queue, until: deadline };
  };
}

/** A call that may not wait takes what it can; with other seeds, less. */
function fewer(socket: TcpSocket, taken: number, deadline: number): boolean {
  return taken > 0 && expired(socket, deadline) && socket.options.sendBuffer > socket.queued;
}

/** Moves bytes into the send buffer, as many as there is room for. */
function take(socket: TcpSocket, bytes: Uint8Array, flags: number): number {
  const room = Math.min(bytes.length, Math.max(0, socket.options.sendBuffer - socket.queued));
  const count = socket.network.scheduler.choices.amount('bytes-sent', room);
  // Not slice(): a Buffer's shares its memory, which the program may use again.
  if (count > 0) socket.unsent.push(new Uint8Array(bytes.subarray(0, count)));
  hold(socket, (flags & MSG_MORE) !== 0);
  output(socket);
  return count;
}

/** MSG_MORE: small pieces wait for more, for a fifth of a second at most. See send(2), tcp(7). */
function hold(socket: TcpSocket, more: boolean): void {
  const { scheduler, settings } = socket.network;
  socket.corked = more;
  scheduler.cancel(socket.corkTimer);
  socket.corkTimer = undefined;
  if (!more) return;
  socket.corkTimer = scheduler.post('MSG_MORE', settings.corkTimeout, () => {
    socket.corked = false;
    output(socket);
  });
}

function refuseFlags(call: string, flags: number, known: number): void {
  const other = flags & ~known;
  if (other === 0) return;
  const name = other === MSG_WAITALL ? 'MSG_WAITALL' : `the flags 0x${(other >>> 0).toString(16)}`;
  throw new NotSimulated(`${call}() with ${name}`);
}
