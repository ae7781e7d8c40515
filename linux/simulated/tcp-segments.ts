/** Segments: what is sent when, and what it does where it arrives. As in Linux's net/ipv4/tcp_input.c and tcp_output.c. */
import { ETIMEDOUT } from './errors.ts';
import type { Network } from './network.ts';
import { ANY_ADDRESS } from './ports.ts';
import { RECEIVING_ENDED, SENDING_ENDED, TcpSocket } from './tcp-socket.ts';
import { abort, enterTimeWait, finish, reset, sendReset, stateAfterFin } from './tcp-states.ts';

/** The largest segment on loopback. */
const LARGEST_SEGMENT = 65_483;

/**
 * Sends what may be sent: as much as the peer has room for, then the end of the stream. tcp_write_xmit() in Linux.
 *
 * @param holds bytes that do not fill a segment wait for more
 */
export function output(socket: TcpSocket, holds = socket.options.cork): void {
  const { peer, unsent, network } = socket;
  if (peer === undefined || socket.state === 'SYN_SENT' || socket.state === 'CLOSE') return;
  const held = holds && !socket.finWanted ? unsent.length % LARGEST_SEGMENT : 0;
  while (unsent.length > held) {
    const window = peer.options.receiveBuffer - peer.received.length - socket.unacknowledged;
    if (window <= 0) return;
    const bytes = unsent.takeTogether(Math.min(window, LARGEST_SEGMENT, unsent.length - held));
    socket.unacknowledged += bytes.length;
    network.transmit(socket, () => dataArrives(peer, bytes));
  }
  if (held > 0) holdFor(socket);
  if (!socket.finWanted || socket.finSent) return;
  socket.finSent = true;
  network.transmit(socket, () => finArrives(peer));
}

/** MSG_MORE and TCP_CORK hold a piece back for a fifth of a second at most. See send(2), tcp(7). */
function holdFor(socket: TcpSocket): void {
  const { scheduler, settings } = socket.network;
  socket.holdTimer ??= scheduler.post('MSG_MORE', settings.corkTimeout, () => {
    socket.holdTimer = undefined;
    output(socket, false);
  });
}

/** Sends the end of the stream, behind what is still unsent; whether there is one to send. */
export function endSending(socket: TcpSocket): boolean {
  const next = stateAfterFin(socket.state);
  if (next === undefined) return false;
  socket.state = next;
  socket.finWanted = true;
  output(socket);
  return true;
}

function dataArrives(socket: TcpSocket, bytes: Uint8Array): void {
  const { state, peer } = socket;
  if (state === 'CLOSE') {
    answerWithReset(socket);
    return;
  }
  if (socket.ended & RECEIVING_ENDED && state !== 'ESTABLISHED') {
    reset(socket);
    answerWithReset(socket);
    return;
  }
  socket.received.push(bytes);
  if (peer !== undefined) socket.network.transmit(socket, () => dataAcknowledged(peer, bytes.length));
  socket.dataReady();
}

function dataAcknowledged(socket: TcpSocket, count: number): void {
  if (socket.unacknowledged === 0) return;
  socket.unacknowledged -= count;
  output(socket);
  socket.writeSpace();
}

/** The receiver has read: its sender may go on. */
export function windowOpens(socket: TcpSocket): void {
  const { peer } = socket;
  if (peer === undefined || peer.unsent.length === 0) return;
  socket.network.transmit(socket, () => output(peer));
}

/** tcp_fin() */
function finArrives(socket: TcpSocket): void {
  const { state, peer } = socket;
  if (state === 'CLOSE') {
    answerWithReset(socket);
    return;
  }
  socket.ended |= RECEIVING_ENDED;
  socket.streamEnded = true;
  if (peer !== undefined) socket.network.transmit(socket, () => finAcknowledged(peer));
  if (state === 'ESTABLISHED' || state === 'SYN_RECV') socket.state = 'CLOSE_WAIT';
  else if (state === 'FIN_WAIT1') socket.state = 'CLOSING';
  else if (state === 'FIN_WAIT2') {
    enterTimeWait(socket);
    if (!socket.orphaned) socket.dataReady();
    return;
  }
  if (socket.orphaned) return;
  socket.stateChanged();
  socket.dataReady();
}

function finAcknowledged(socket: TcpSocket): void {
  if (socket.state === 'CLOSING') enterTimeWait(socket);
  else if (socket.state === 'LAST_ACK') finish(socket);
  else if (socket.state === 'FIN_WAIT1') {
    socket.state = 'FIN_WAIT2';
    socket.ended |= SENDING_ENDED;
    if (socket.orphaned) waitForPeersEnd(socket);
    // Wakes a close() that lingers, and edge-triggered watchers with it.
    else socket.stateChanged();
  }
}

/** A closed socket in FIN_WAIT2 waits for its peer's end, but not for ever: tcp_fin_timeout in tcp(7). */
export function waitForPeersEnd(socket: TcpSocket): void {
  socket.network.scheduler.post('FIN_WAIT2', socket.network.settings.finTimeout, () => {
    if (socket.state === 'FIN_WAIT2') finish(socket);
  });
}

function answerWithReset({ peer, network }: TcpSocket): void {
  if (peer !== undefined) network.transmit(network.stray, () => reset(peer));
}

/** When SYN is sent again, in ms after the first: tcp_syn_linear_timeouts and tcp_syn_retries, see tcp(7). */
const SYN_AGAIN = [1000, 2000, 3000, 4000, 5000, 7000, 11_000, 19_000, 35_000, 67_000];
const GIVE_UP = 131_000;

/** Sends SYN; if it is dropped, again and again. */
export function sendSyn(client: TcpSocket): void {
  const began = client.network.scheduler.now;
  const { key } = client;
  const waits = () => client.state === 'SYN_SENT' && client.key === key;
  const attempt = (number: number): void => {
    client.network.transmit(client, () => {
      if (!waits() || synArrives(client)) return;
      const next = SYN_AGAIN[number];
      const at = began + (next ?? GIVE_UP);
      client.network.scheduler.post('SYN', at - client.network.scheduler.now, () => {
        if (!waits()) return;
        if (next === undefined) abort(client, ETIMEDOUT);
        else attempt(number + 1);
      });
    });
  };
  attempt(0);
}

/** tcp_conn_request(); false: dropped, since the listener's queue is full. */
function synArrives(client: TcpSocket): boolean {
  const { network } = client;
  const listener = listenerAt(network, client);
  if (listener === undefined) {
    network.transmit(network.stray, () => reset(client));
    return true;
  }
  if (listener.acceptQueue.length + listener.handshakes > listener.backlog) return false;
  const child = newConnection(listener, client);
  network.transmit(child, () => synAckArrives(client, child));
  return true;
}

function newConnection(listener: TcpSocket, client: TcpSocket): TcpSocket {
  const child = listener.offspring();
  child.state = 'SYN_RECV';
  child.phase = 'CONNECTED';
  child.listener = listener;
  child.local = { ...client.remote };
  child.remote = { ...client.local };
  child.peer = client;
  child.ended = listener.ended;
  child.heldPort = client.remote.port;
  listener.handshakes += 1;
  return child;
}

/** tcp_rcv_synsent_state_process() */
function synAckArrives(client: TcpSocket, child: TcpSocket): void {
  if (client.state !== 'SYN_SENT') {
    client.network.transmit(client, () => handshakeFails(child));
    return;
  }
  client.peer = child;
  client.state = 'ESTABLISHED';
  client.network.transmit(client, () => handshakeEnds(child));
  output(client);
  client.stateChanged();
}

function handshakeFails(child: TcpSocket): void {
  if (child.listener !== undefined) child.listener.handshakes -= 1;
  child.state = 'CLOSE';
}

/** tcp_check_req(): the connection is the listener's now, and waits for accept(). */
function handshakeEnds(child: TcpSocket): void {
  const { listener, network } = child;
  if (listener === undefined) return;
  listener.handshakes -= 1;
  if (listener.state !== 'LISTEN') {
    child.state = 'CLOSE';
    sendReset(child);
    return;
  }
  child.state = 'ESTABLISHED';
  network.connections.add(child.key);
  network.ports.inherit(child, child.heldPort);
  listener.acceptQueue.push(child);
  // A shutdown() of the listener before it listened has failed, and yet its connections inherit it.
  if (child.ended & SENDING_ENDED) endSending(child);
  listener.connectionReady();
}

/** The listener for an address: one that names it comes before one for all; of several, the one that the addresses lead to. */
function listenerAt(network: Network, { remote, local }: TcpSocket): TcpSocket | undefined {
  const listeners: TcpSocket[] = [];
  for (const holder of network.ports.holders(remote.port)) {
    if (holder instanceof TcpSocket && holder.listening) listeners.push(holder);
  }
  if (listeners.length === 1 && listeners[0]?.address === ANY_ADDRESS) return listeners[0];
  const named = listeners.filter((listener) => listener.address === remote.address);
  const fitting = named.length > 0 ? named : listeners.filter((listener) => listener.address === ANY_ADDRESS);
  if (fitting.length < 2) return fitting[0];
  const other = network.scheduler.choices.pick('listener', fitting.length);
  return fitting[(spread(local.port) + other) % fitting.length];
}

/** Linux spreads connections over the listeners of SO_REUSEPORT by a hash of both addresses, busy ones too. */
function spread(port: number): number {
  return Math.imul(port, 0x9e3779b1) >>> 16;
}
