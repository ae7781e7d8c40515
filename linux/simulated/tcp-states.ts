/** How a connection ends: resets, FIN, TIME_WAIT. As in Linux's net/ipv4/tcp.c and tcp_input.c. */
import { EPOLLERR } from '../constants.ts';
import { ECONNREFUSED, ECONNRESET, EPIPE } from './errors.ts';
import { ANY_ADDRESS, type PortHolder } from './ports.ts';
import { BOTH_ENDED, type TcpSocket, type TcpState } from './tcp-socket.ts';

/** What is left of a connection for a minute: it keeps the port, and the pair of addresses. */
class TimeWait implements PortHolder {
  readonly address: string;
  readonly reuse: boolean;
  readonly reusePort: boolean;
  readonly listening = false;

  constructor(socket: TcpSocket) {
    this.address = socket.address;
    this.reuse = socket.reuse;
    this.reusePort = socket.reusePort;
  }
}

/** tcp_done(): the connection is over, in both directions. */
export function finish(socket: TcpSocket): void {
  closeState(socket);
  socket.ended = BOTH_ENDED;
  if (socket.orphaned) releasePort(socket);
  else socket.stateChanged();
}

/** tcp_set_state(TCP_CLOSE): gives the addresses back, and the port unless bind() named it. */
export function closeState(socket: TcpSocket): void {
  socket.network.connections.delete(socket.key);
  socket.network.scheduler.cancel(socket.holdTimer);
  socket.holdTimer = undefined;
  if (!socket.portNamed) releasePort(socket);
  socket.state = 'CLOSE';
}

export function releasePort(socket: TcpSocket): void {
  if (socket.heldPort === 0) return;
  socket.network.ports.release(socket, socket.heldPort);
  socket.heldPort = 0;
}

/** tcp_time_wait(): the socket is done, but its addresses stay for a minute. */
export function enterTimeWait(socket: TcpSocket): void {
  const { network, key, heldPort } = socket;
  const rest = new TimeWait(socket);
  if (heldPort !== 0) network.ports.inherit(rest, heldPort);
  finish(socket);
  network.connections.add(key);
  network.scheduler.post('TIME_WAIT', network.settings.timeWait, () => {
    network.connections.delete(key);
    if (heldPort !== 0) network.ports.release(rest, heldPort);
  });
}

/** tcp_reset(): a reset arrived, or the connection has to end as if one had. */
export function reset(socket: TcpSocket): void {
  if (socket.state === 'CLOSE') return;
  abort(socket, errorOfReset(socket.state));
}

function errorOfReset(state: TcpState): number {
  if (state === 'SYN_SENT') return ECONNREFUSED;
  return state === 'CLOSE_WAIT' ? EPIPE : ECONNRESET;
}

/** tcp_done_with_error() */
export function abort(socket: TcpSocket, error: number): void {
  socket.error = error;
  forgetUnsent(socket);
  finish(socket);
  if (!socket.orphaned) socket.queue.wake(EPOLLERR);
}

function forgetUnsent(socket: TcpSocket): void {
  socket.unsent.clear();
  socket.unacknowledged = 0;
  socket.finWanted = false;
}

/** Sends a reset to the other end of a connection. */
export function sendReset(socket: TcpSocket): void {
  const { peer } = socket;
  if (peer !== undefined) socket.network.transmit(socket, () => reset(peer));
}

const NEEDS_RESET: TcpState[] = ['ESTABLISHED', 'CLOSE_WAIT', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV'];

/** tcp_disconnect(): throws a connection away, and makes its socket as good as new. */
export function disconnect(socket: TcpSocket): void {
  const { state } = socket;
  if (state !== 'CLOSE') closeState(socket);
  if (state === 'LISTEN') stopListening(socket);
  else if (NEEDS_RESET.includes(state) || state === 'CLOSING' || state === 'LAST_ACK') {
    const unfinished = NEEDS_RESET.includes(state) || socket.unsent.length > 0 || !socket.finSent;
    if (unfinished) {
      sendReset(socket);
      socket.error = ECONNRESET;
    }
  } else if (state === 'SYN_SENT') socket.error = ECONNRESET;
  socket.received.clear();
  forgetUnsent(socket);
  socket.finSent = false;
  socket.remote = { address: ANY_ADDRESS, port: 0 };
  socket.peer = undefined;
  if (!socket.addressNamed) socket.local = { address: ANY_ADDRESS, port: socket.local.port };
  socket.ended = 0;
  socket.streamEnded = false;
  if (!socket.orphaned) socket.queue.wake(EPOLLERR);
}

/** inet_csk_listen_stop(): waiting connections are reset. */
export function stopListening(listener: TcpSocket): void {
  for (const waiting of listener.acceptQueue.splice(0)) {
    waiting.orphaned = true;
    if (waiting.state !== 'CLOSE') disconnect(waiting);
    releasePort(waiting);
  }
}

/** tcp_close_state(): what this end's own end of stream makes of its state; undefined: there is none to send. */
export function stateAfterFin(state: TcpState): TcpState | undefined {
  if (state === 'ESTABLISHED' || state === 'SYN_RECV') return 'FIN_WAIT1';
  return state === 'CLOSE_WAIT' ? 'LAST_ACK' : undefined;
}
