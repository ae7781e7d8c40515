/** shutdown(2) and close(2) on a TCP socket: inet_shutdown() and tcp_close() in Linux. */
import { EINVAL, ENOTCONN } from './errors.ts';
import type { Attempt } from './outcome.ts';
import { endSending, waitForPeersEnd } from './tcp-segments.ts';
import { BOTH_ENDED, RECEIVING_ENDED, SENDING_ENDED, type TcpSocket } from './tcp-socket.ts';
import { closeState, disconnect, releasePort, sendReset, stopListening } from './tcp-states.ts';

/** shutdown(2). */
export function shutdown(socket: TcpSocket, how: number): number {
  const ends = how + 1;
  if (ends & ~BOTH_ENDED || ends === 0) return -EINVAL;
  const { state } = socket;
  if (socket.phase === 'CONNECTING') {
    const unfinished = state === 'SYN_SENT' || state === 'SYN_RECV' || state === 'CLOSE';
    socket.phase = unfinished ? 'DISCONNECTING' : 'CONNECTED';
  }
  if (state === 'SYN_SENT' || (state === 'LISTEN' && ends & RECEIVING_ENDED)) {
    disconnect(socket);
    socket.phase = 'UNCONNECTED';
  } else if (state !== 'LISTEN') {
    socket.ended |= ends;
    if (ends & SENDING_ENDED) endSending(socket);
  }
  // The peer hears of it first: on loopback, a segment arrives while the call that sends it goes on.
  socket.network.afterwards(() => socket.stateChanged());
  return state === 'CLOSE' ? -ENOTCONN : 0;
}

/** close(2), when no other descriptor refers to the socket. */
export function close(socket: TcpSocket): Attempt {
  const { options, network } = socket;
  socket.ended = BOTH_ENDED;
  endConnection(socket);
  const deadline = network.scheduler.now + (options.lingers ? options.lingerTime * 1000 : 0);
  const unsent = () => ['FIN_WAIT1', 'CLOSING', 'LAST_ACK'].includes(socket.state);
  return () => {
    if (unsent() && network.scheduler.now < deadline) return { on: socket.queue, until: deadline };
    orphan(socket);
    return 0;
  };
}

function endConnection(socket: TcpSocket): void {
  if (socket.state === 'LISTEN') {
    closeState(socket);
    stopListening(socket);
    return;
  }
  // Bytes that the program has not read are lost, and the peer should know: RFC 2525, section 2.17.
  const unread = socket.received.length > 0;
  socket.received.clear();
  if (socket.state === 'CLOSE') return;
  if (unread) {
    closeState(socket);
    sendReset(socket);
  } else if (socket.options.lingers && socket.options.lingerTime === 0) disconnect(socket);
  else if (!endSending(socket) && socket.state === 'SYN_SENT') closeState(socket);
}

/** The connection goes on without a program, until it is over. */
function orphan(socket: TcpSocket): void {
  socket.orphaned = true;
  if (socket.state === 'FIN_WAIT2') waitForPeersEnd(socket);
  if (socket.state === 'CLOSE') releasePort(socket);
}
