/** send(2) and recv(2) on a TCP socket: tcp_sendmsg() and tcp_recvmsg() in Linux. */
import { MSG_DONTWAIT, MSG_PEEK, O_NONBLOCK } from '../constants.ts';
import { EAGAIN, EINTR, ENOTCONN } from './errors.ts';
import { type Attempt, NotSimulated, type Outcome, type Wait } from './outcome.ts';
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

/**
 * A wait on a socket until a deadline.
 *
 * @param done bytes that the call has moved so far: a signal ends it with them. A call with a time limit that has moved none
 * fails with EINTR; one without begins again. See signal(7).
 */
export function waitOn(socket: TcpSocket, deadline: number, done = 0): Wait {
  const wait: Wait = { on: socket.queue, until: deadline };
  if (done > 0) wait.interrupted = done;
  else if (deadline !== Infinity) wait.interrupted = -EINTR;
  return wait;
}

/** recv(2). */
export function receive(socket: TcpSocket, buffer: Uint8Array, flags: number): Attempt {
  refuseFlags('recv', flags, MSG_PEEK | MSG_DONTWAIT | MSG_NOSIGNAL | MSG_WAITALL);
  const least = (flags & MSG_WAITALL ? buffer.length : Math.min(socket.options.receiveLeast, buffer.length)) || 1;
  let copied = 0;
  let deadline: number | undefined;
  return () => {
    deadline ??= deadlineOf(socket, flags, socket.options.receiveTimeout);
    if (socket.state === 'LISTEN') return -ENOTCONN;
    copied += copy(socket, buffer, copied, least, flags);
    if (copied >= least) return copied;
    // A length of 0 is answered as soon as there is a byte to look at.
    if (buffer.length === 0 && socket.received.length > 0) return 0;
    const end = endOfReceiving(socket, copied);
    if (end !== undefined) return end;
    if (expired(socket, deadline)) {
      // A call of length 0 that has waited ends with 0.
      const waited = mayWait(socket, flags) && socket.options.receiveTimeout > 0;
      return copied > 0 || (buffer.length === 0 && waited) ? copied : -EAGAIN;
    }
    return waitOn(socket, deadline, copied);
  };
}

/** Copies what has come behind what was copied before; with other seeds less, but as much as the call has to return. */
function copy(socket: TcpSocket, buffer: Uint8Array, copied: number, least: number, flags: number): number {
  const { received, network } = socket;
  const looks = (flags & MSG_PEEK) !== 0;
  const available = Math.min(buffer.length - copied, received.length - (looks ? copied : 0));
  if (available <= 0) return 0;
  const some = network.scheduler.choices.amount('bytes-received', available);
  const count = Math.max(some, Math.min(available, least - copied));
  const room = buffer.subarray(copied, copied + count);
  if (looks) return received.peek(room, copied);
  received.read(room);
  windowOpens(socket);
  // As if the rest arrived only now: with EPOLLET it is an event of its own. See epoll(7), questions and answers.
  if (count < available) network.transmit(network.stray, () => socket.dataReady());
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
      return expired(socket, deadline) ? -EAGAIN : waitOn(socket, deadline);
    }
    if (socket.error !== 0 || socket.ended & SENDING_ENDED) return taken > 0 ? taken : socket.brokenPipe();
    taken += take(socket, taken === 0 ? bytes : bytes.subarray(taken), flags);
    if (taken === bytes.length || fewer(socket, taken, deadline)) return taken;
    socket.noSpace = true;
    if (expired(socket, deadline)) return taken > 0 ? taken : -EAGAIN;
    return waitOn(socket, deadline, taken);
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
  // A copy: the program may use its memory again. (A Buffer's slice() would share it; these are plain arrays.)
  if (count > 0) socket.unsent.push(count === bytes.length ? new Uint8Array(bytes) : bytes.slice(0, count));
  output(socket, socket.options.cork || (flags & MSG_MORE) !== 0);
  if (count < room) roomComesBack(socket);
  return count;
}

/** As if there had been no more room, and there were now: with EPOLLET that is an event. */
function roomComesBack(socket: TcpSocket): void {
  const { network } = socket;
  socket.noSpace = true;
  network.transmit(network.stray, () => socket.writeSpace());
}

function refuseFlags(call: string, flags: number, known: number): void {
  const other = flags & ~known;
  if (other === 0) return;
  throw new NotSimulated(`${call}() with the flags 0x${(other >>> 0).toString(16)}`);
}
