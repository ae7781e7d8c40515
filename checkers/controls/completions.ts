/**
 * A correct proxy on io_uring, with several upstreams. It never asks "is it ready?": it asks the kernel for the work itself,
 * and the kernel answers when the work is done:
 *
 *     the program  --- requests: accept, connect, receive, send, close -->  the kernel
 *                  <-- completions: a client, bytes in buffer 17, "sent" --
 *
 * Both queues lie in memory that the program and the kernel share. One system call in each round hands over what is new and
 * waits for answers.
 * Upstreams are shared out as in stage 8. See linux/liburing/ for what each request does.
 */
import {
  IORING_ASYNC_CANCEL_ALL,
  IORING_CQE_BUFFER_SHIFT,
  IORING_CQE_F_BUFFER,
  IORING_CQE_F_MORE,
  IORING_SETUP_CQSIZE,
  IORING_SETUP_DEFER_TASKRUN,
  IORING_SETUP_SINGLE_ISSUER,
  IORING_SETUP_SUBMIT_ALL,
  IOSQE_BUFFER_SELECT,
  IOSQE_CQE_SKIP_SUCCESS,
  IOSQE_IO_LINK,
  IoUring,
  type IoUringBufRing,
  type IoUringCqe,
  type IoUringSqe,
  io_uring_buf_ring_add,
  io_uring_buf_ring_advance,
  io_uring_cq_advance,
  io_uring_get_sqe,
  io_uring_peek_batch_cqe,
  io_uring_prep_cancel_fd,
  io_uring_prep_cancel64,
  io_uring_prep_close,
  io_uring_prep_connect,
  io_uring_prep_link_timeout,
  io_uring_prep_multishot_accept,
  io_uring_prep_poll_add,
  io_uring_prep_poll_multishot,
  io_uring_prep_recv_multishot,
  io_uring_prep_send,
  io_uring_prep_shutdown,
  io_uring_queue_init_params,
  io_uring_setup_buf_ring,
  io_uring_sqe_set_buf_group,
  io_uring_sqe_set_data64,
  io_uring_sqe_set_flags,
  io_uring_submit,
  io_uring_submit_and_wait_timeout,
  io_uring_timespec,
  MSG_WAITALL,
  strerrorname_np,
} from '#liburing';
import {
  AF_INET,
  accept4,
  bind,
  close,
  EPOLLERR,
  EPOLLHUP,
  EPOLLIN,
  errno,
  F_SETFL,
  fcntl,
  IPPROTO_TCP,
  listen,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  O_NONBLOCK,
  read_signal,
  SFD_NONBLOCK,
  SHUT_WR,
  SO_LINGER,
  SO_REUSEADDR,
  SOCK_STREAM,
  SOL_SOCKET,
  SOMAXCONN,
  setsockopt,
  signalfd,
  sockaddr_in,
  socket,
  strerror,
  TCP_NODELAY,
} from '#linux';
import {
  BALANCE,
  CONNECT_TIMEOUT_MS,
  chooseUpstream,
  IDLE_TIMEOUT_MS,
  markDown,
  markUp,
  PORT,
  RETRY_AFTER_MS,
  STATUS_PORT,
  statusLine,
  UPSTREAM_PORTS,
  type Upstream,
  upstreams,
} from '../../solutions/stage-8-upstreams/proxy.ts';

/** The precision of a pair's idle time, in ms. */
const IDLE_SLACK_MS = IDLE_TIMEOUT_MS / 16;
/** How long we stop accepting when descriptors have run out, in ms. */
const PAUSE_MS = 500;
/** How many requests fit into the queue before they have to be handed over. */
const MAX_REQUESTS = 1024;
/** How many completions the kernel can queue. Those beyond it are kept, but at a price. */
const MAX_COMPLETIONS = 8192;
/** How many completions we look at before we hand over what they led to. */
const MAX_BATCH = 256;
/** The group of buffers that the kernel receives into, how many there are, and their size. */
const GROUP = 0;
const BUFFERS = 256;
const BUFFER_BYTES = 64 * 1024;

/** What a completion is about: the lowest part of its user data. The rest is the number of the connection. */
const ACCEPT = 0;
const STATUS = 1;
const SIGNAL = 2;
const CONNECT = 3;
const RECEIVE = 4;
const SEND = 5;
const WATCH = 6;
/** No handler needs it: a cancellation, a shutdown, a close. */
const REST = 7;
const KINDS = 8;

/** Bytes on their way to a connection: in a buffer of the group, or in memory of our own. */
interface Chunk {
  memory: Buffer;
  /** which of its bytes: from `start`, up to `end` */
  start: number;
  end: number;
  /** the number of the buffer in the group; -1: the memory is our own */
  bid: number;
}

/** One end of a pair: a connection, and what is in flight on it. */
interface Connection {
  /** part of the user data of its requests; never used again, so a late completion cannot meet another connection */
  id: number;
  fd: number;
  pair: Pair;
  /** what is still to be sent to it; the first is in flight if `sending` */
  queue: Chunk[];
  sending: boolean;
  /** a receive is in flight */
  receiving: boolean;
  /** while no receive is: a poll that tells of a reset */
  watching: boolean;
  /** it took less than it was given: what follows waits in our own memory, and its peer is not read */
  full: boolean;
  /** it has finished its stream, and we have read to its end */
  ended: boolean;
  /** we have finished the stream to it */
  finished: boolean;
}

/** A client and its upstream connection. */
interface Pair {
  client: Connection;
  /** undefined until a socket for it is there */
  upstream: Connection | undefined;
  /** which server it leads to */
  server: Upstream | undefined;
  /** which have been tried; emptied when one has taken the client */
  tried: Set<Upstream>;
  /** bytes may flow */
  linked: boolean;
  /** when it last did something, give or take IDLE_SLACK_MS */
  active: number;
  /** requests of both connections that have not completed */
  inFlight: number;
  /** both sockets are to be closed as soon as nothing is in flight any more */
  closing: boolean;
}

/** Where each upstream is, as connect() wants it. It stays as it is while requests name it. */
const addresses = new Map(upstreams.map((upstream) => [upstream, sockaddr_in('127.0.0.1', upstream.port)]));
/** Each connection by its id. */
const connections = new Map<number, Connection>();
/** When each pair last did something: the one that has been silent longest stands first. */
const lastActive = new Map<Pair, number>();
/** Connections whose receive ended because the group had no buffer left. */
const starved = new Set<Connection>();
/** Memory for bytes that have to wait. */
const spares: Buffer[] = [];

/** struct linger { on, 0 seconds }: close() drops what is unsent and sends RST, where it would have sent FIN. */
const RESET_ON_CLOSE = Buffer.from('0100000000000000', 'hex');
const connectTimeout = io_uring_timespec(CONNECT_TIMEOUT_MS);

/** The last id that was given away. */
let lastId = 0;
/** How many pairs there are. */
let pairs = 0;

/** The ring, and the group of buffers: set up once, in main. */
const ring = new IoUring();
let group: IoUringBufRing;
/** Buffers handed back since the kernel last saw the group. */
let returned = 0;

let listenSockFd = -1;
let statusSockFd = -1;
let signalFd = -1;

/** With no descriptors left for new clients, we stop accepting until this moment. Infinity: we accept. */
let pauseEnds = Infinity;
/** We were asked to end: we accept what is in the backlog, and exit when the last pair has closed. */
let draining = false;
/** The time of this round of the loop. */
let now = performance.now();

/** Creates a listening socket and returns it. */
function createServer(address: string, port: number): number {
  const sockFd = socket(AF_INET, SOCK_STREAM, 0);
  if (sockFd === -1) die('socket');
  if (setsockopt(sockFd, SOL_SOCKET, SO_REUSEADDR, 1) === -1) die('setsockopt');
  // Accepted sockets inherit it.
  if (setsockopt(sockFd, IPPROTO_TCP, TCP_NODELAY, 1) === -1) die('setsockopt');
  if (bind(sockFd, sockaddr_in(address, port)) === -1) {
    console.error(`proxy: port ${port} cannot be had`);
    die('bind');
  }
  if (listen(sockFd, SOMAXCONN) === -1) die('listen');
  return sockFd;
}

/** Sets up the ring, and the buffers that it receives into. */
function createRing(): void {
  // One thread submits, and completions come only while it waits for them.
  const flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
  const params = { flags: flags | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE, cq_entries: MAX_COMPLETIONS };
  if (io_uring_queue_init_params(MAX_REQUESTS, ring, params) === -1) die('io_uring_queue_init_params');
  const made = io_uring_setup_buf_ring(ring, BUFFERS, GROUP, BUFFER_BYTES);
  if (made === null) die('io_uring_setup_buf_ring');
  group = made;
}

/** The next free request. */
function nextRequest(): IoUringSqe {
  const sqe = io_uring_get_sqe(ring);
  if (sqe !== null) return sqe;
  // The queue is full: hand over what is in it.
  if (io_uring_submit(ring) === -1) die('io_uring_submit');
  return nextRequest();
}

/** Marks a request with what it is about. */
function label(sqe: IoUringSqe, kind: number, id: number): void {
  io_uring_sqe_set_data64(sqe, id * KINDS + kind);
}

/** Hands over requests, waits for completions, and passes each to its handler, for ever. */
function loopRun(): void {
  const cqes: IoUringCqe[] = [];
  while (true) {
    if (io_uring_submit_and_wait_timeout(ring, 1, untilDeadline()) === -1) {
      if (!['EINTR', 'ETIME', 'EAGAIN', 'EBUSY'].includes(errno())) die('io_uring_submit_and_wait_timeout');
    }
    now = performance.now();
    for (let readyN = MAX_BATCH; readyN === MAX_BATCH; ) {
      readyN = io_uring_peek_batch_cqe(ring, cqes, MAX_BATCH);
      for (let i = 0; i < readyN; i += 1) handleCompletion(cqes[i] as IoUringCqe);
      io_uring_cq_advance(ring, readyN);
    }
    if (returned > 0) {
      io_uring_buf_ring_advance(group, returned);
      returned = 0;
      for (const connection of starved) receive(connection);
      starved.clear();
    }
    closeOverdue();
    if (draining && listenSockFd === -1 && pairs === 0) process.exit(0);
  }
}

/** Passes a completion to its handler. */
function handleCompletion({ user_data, res, flags }: IoUringCqe): void {
  const kind = user_data % KINDS;
  if (kind === ACCEPT) accepted(res, flags);
  else if (kind === STATUS) statusAccepted(res, flags);
  else if (kind === SIGNAL) handleSignals(flags);
  else if (kind !== REST) handleConnection(kind, user_data, res, flags);
}

/** Passes what completed on a connection to its handler. */
function handleConnection(kind: number, user_data: number, res: number, flags: number): void {
  // Always there: a pair keeps its connections until its last request has completed.
  const connection = connections.get((user_data - kind) / KINDS) as Connection;
  const { pair } = connection;
  const more = (flags & IORING_CQE_F_MORE) !== 0;
  if (!more) pair.inFlight -= 1;
  if (kind === CONNECT) connected(connection, res);
  else if (kind === RECEIVE) received(connection, res, flags, more);
  else if (kind === SEND) sent(connection, res);
  else watched(connection, res);
  if (pair.closing && pair.inFlight === 0) closeNow(pair);
}

/** Asks for clients, one completion each. */
function acceptClients(): void {
  const sqe = nextRequest();
  io_uring_prep_multishot_accept(sqe, listenSockFd, null, null, 0);
  label(sqe, ACCEPT, 0);
}

/** A client has come, or accepting has failed. */
function accepted(res: number, flags: number): void {
  if (res >= 0) linkClient(res);
  if (flags & IORING_CQE_F_MORE) return;
  // The request has ended: it has to be made anew.
  if (listenSockFd === -1) return;
  if (draining) acceptLast();
  else if (res < 0 && !isPassing(res)) pauseAccepting(res);
  else acceptClients();
}

/** We accept no more, but for those who are in the backlog: their handshake is over, and to them we have accepted. */
function acceptLast(): void {
  fcntl(listenSockFd, F_SETFL, O_NONBLOCK);
  for (let fd = accept4(listenSockFd, null, null, 0); fd !== -1; fd = accept4(listenSockFd, null, null, 0))
    linkClient(fd);
  closeListener();
}

/** Whether an error of accept concerns one client only. */
function isPassing(res: number): boolean {
  return ['ECONNABORTED', 'EINTR'].includes(strerrorname_np(-res));
}

/** Descriptors have run out: new clients wait in the kernel's queue for PAUSE_MS. */
function pauseAccepting(res: number): void {
  console.error(`accept: ${strerror(-res)}`);
  pauseEnds = now + PAUSE_MS;
}

/** Accepts again: PAUSE_MS have passed, or a closed pair has freed two descriptors. */
function resumeAccepting(): void {
  pauseEnds = Infinity;
  if (listenSockFd !== -1) acceptClients();
}

/** A client was accepted: begins to link it to an upstream connection of its own. */
function linkClient(connSockFd: number): void {
  const pair = { upstream: undefined, server: undefined, tried: new Set<Upstream>(), linked: false } as Pair;
  Object.assign(pair, { active: -Infinity, inFlight: 0, closing: false });
  pair.client = connectionOf(connSockFd, pair);
  pairs += 1;
  // A client that leaves meanwhile is found out when the upstream has taken it.
  if (!linkUpstream(pair)) closePair(pair);
}

function connectionOf(fd: number, pair: Pair): Connection {
  lastId += 1;
  const connection: Connection = {
    ...{ id: lastId, fd, pair, queue: [], sending: false, receiving: false, watching: false },
    ...{ full: false, ended: false, finished: false },
  };
  connections.set(lastId, connection);
  return connection;
}

/** Begins to link a client to an upstream that it has not tried yet; false if there is none left. */
function linkUpstream(pair: Pair): boolean {
  const next = chooseUpstream(pair.tried);
  if (next === undefined) return false;
  pair.tried.add(next);
  const upstreamSockFd = socket(AF_INET, SOCK_STREAM, 0);
  // Not the upstream's fault: we are out of descriptors.
  if (upstreamSockFd === -1) return false;
  // One client tries an upstream that is down: until the result is known, all other clients pass it over.
  if (next.retryAt !== 0) next.retryAt = now + RETRY_AFTER_MS;
  pair.upstream = connectionOf(upstreamSockFd, pair);
  pair.server = next;
  next.open += 1;
  connectUpstream(pair.upstream, next);
  return true;
}

/** Asks for the handshake with an upstream, and for its end after CONNECT_TIMEOUT_MS. */
function connectUpstream(upstream: Connection, server: Upstream): void {
  const sqe = nextRequest();
  io_uring_prep_connect(sqe, upstream.fd, addresses.get(server) as Buffer);
  io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK);
  label(sqe, CONNECT, upstream.id);
  upstream.pair.inFlight += 1;
  const limit = nextRequest();
  io_uring_prep_link_timeout(limit, connectTimeout, 0);
  label(limit, REST, 0);
}

/** The handshake is over. */
function connected(upstream: Connection, res: number): void {
  const { pair } = upstream;
  const server = pair.server as Upstream;
  if (pair.closing) return;
  if (res < 0) {
    console.error(`connect: port ${server.port}: ${strerror(-res)}`);
    handOn(pair);
    return;
  }
  server.total += 1;
  if (server.retryAt !== 0) markUp(server);
  pair.tried.clear();
  pair.linked = true;
  touch(pair);
  receive(pair.client);
  receive(upstream);
}

/** An upstream did not take a client: hands the client on to another one, or lets it go if that was the last. */
function handOn(pair: Pair): void {
  markDown(pair.server as Upstream);
  closeUpstream(pair);
  if (!linkUpstream(pair)) closePair(pair);
}

/** Forgets and closes a pair's upstream connection. Nothing is in flight on it. */
function closeUpstream(pair: Pair): void {
  const { upstream, server } = pair;
  if (upstream === undefined) return;
  connections.delete(upstream.id);
  close(upstream.fd);
  if (server !== undefined) server.open -= 1;
  [pair.upstream, pair.server] = [undefined, undefined];
}

/** The other end of a linked pair. */
function peerOf(connection: Connection): Connection {
  const { client, upstream } = connection.pair;
  return connection === client ? (upstream as Connection) : client;
}

/** Asks for bytes, again and again, each time in a buffer of the group. */
function receive(connection: Connection): void {
  const { pair } = connection;
  if (connection.receiving || connection.ended || pair.closing || peerOf(connection).full) return;
  const sqe = nextRequest();
  io_uring_prep_recv_multishot(sqe, connection.fd, null, 0, 0);
  io_uring_sqe_set_flags(sqe, IOSQE_BUFFER_SELECT);
  io_uring_sqe_set_buf_group(sqe, GROUP);
  label(sqe, RECEIVE, connection.id);
  connection.receiving = true;
  pair.inFlight += 1;
}

/** Bytes have come from a connection, or its end, or it broke, or there was no buffer. */
function received(connection: Connection, res: number, flags: number, more: boolean): void {
  const { pair } = connection;
  if (!more) connection.receiving = false;
  if (flags & IORING_CQE_F_BUFFER && (res <= 0 || pair.closing)) giveBack(flags >>> IORING_CQE_BUFFER_SHIFT);
  if (pair.closing) return;
  if (res > 0) {
    touch(pair);
    const bid = flags >>> IORING_CQE_BUFFER_SHIFT;
    pass({ memory: group.buffers[bid] as Buffer, start: 0, end: res, bid }, peerOf(connection));
  } else if (res === 0) {
    touch(pair);
    connection.ended = true;
    finishIfDone(peerOf(connection));
    if (pair.closing) return;
  } else if (strerrorname_np(-res) === 'ENOBUFS') starved.add(connection);
  // Stopped by us, because its peer is full.
  else if (strerrorname_np(-res) !== 'ECANCELED') {
    resetPair(pair);
    return;
  }
  if (connection.receiving) return;
  // Bytes may come with the last completion of a request, too.
  if (connection.ended || peerOf(connection).full) watch(connection);
  else if (!starved.has(connection)) receive(connection);
}

/** Bytes for a connection: sends them, or lets them wait for those before them. */
function pass(chunk: Chunk, to: Connection): void {
  to.queue.push(to.full ? keep(chunk) : chunk);
  if (!to.sending) send(to);
}

/** Asks to send what stands first in a connection's queue. */
function send(to: Connection): void {
  const { memory, start, end } = to.queue[0] as Chunk;
  // A view costs more than all the rest here.
  const bytes = start === 0 ? memory : memory.subarray(start);
  const sqe = nextRequest();
  // A buffer of the group must come back in this round: what there is no room for has to wait elsewhere.
  io_uring_prep_send(sqe, to.fd, bytes, end - start, MSG_NOSIGNAL | (to.full ? MSG_WAITALL : MSG_DONTWAIT));
  label(sqe, SEND, to.id);
  to.sending = true;
  to.pair.inFlight += 1;
}

/** A send has completed. */
function sent(to: Connection, res: number): void {
  const { pair } = to;
  to.sending = false;
  if (pair.closing) return;
  const chunk = to.queue[0] as Chunk;
  const isFull = res < 0 && strerrorname_np(-res) === 'EAGAIN';
  if (res < 0 && !isFull) {
    resetPair(pair);
    return;
  }
  touch(pair);
  chunk.start += Math.max(res, 0);
  if (chunk.start < chunk.end) becomeFull(to);
  else {
    to.queue.shift();
    drop(chunk);
  }
  if (to.queue.length > 0) send(to);
  else {
    if (to.full) becomeFree(to);
    finishIfDone(to);
  }
}

/** A connection took less than it was given: its bytes move to our own memory, and we stop reading from its peer. */
function becomeFull(to: Connection): void {
  if (to.full) return;
  to.full = true;
  to.queue = to.queue.map(keep);
  const from = peerOf(to);
  if (!from.receiving) {
    watch(from);
    return;
  }
  const sqe = nextRequest();
  io_uring_prep_cancel64(sqe, from.id * KINDS + RECEIVE, 0);
  label(sqe, REST, 0);
}

/** All that waited for a connection is sent: its peer is read again. */
function becomeFree(to: Connection): void {
  to.full = false;
  receive(peerOf(to));
}

/** Copies bytes out of a buffer of the group, and gives it back. */
function keep(chunk: Chunk): Chunk {
  if (chunk.bid === -1) return chunk;
  const memory = spares.pop() ?? Buffer.alloc(BUFFER_BYTES);
  const end = chunk.memory.copy(memory, 0, chunk.start, chunk.end);
  giveBack(chunk.bid);
  return { memory, start: 0, end, bid: -1 };
}

/** Bytes have been sent, or are not needed: their memory can be used again. */
function drop({ memory, bid }: Chunk): void {
  if (bid !== -1) giveBack(bid);
  else spares.push(memory);
}

/** Hands a buffer back to the kernel, once its bytes are not needed any more. */
function giveBack(bid: number): void {
  io_uring_buf_ring_add(group, bid);
  returned += 1;
}

/** Finishes the stream to a connection, once its peer's has ended and all bytes are sent; closes the pair after both. */
function finishIfDone(to: Connection): void {
  const from = peerOf(to);
  if (!from.ended || to.queue.length > 0) return;
  if (!to.finished) {
    to.finished = true;
    if (to.ended && from.queue.length === 0) {
      closePair(to.pair);
      return;
    }
    const sqe = nextRequest();
    io_uring_prep_shutdown(sqe, to.fd, SHUT_WR);
    io_uring_sqe_set_flags(sqe, IOSQE_CQE_SKIP_SUCCESS);
    label(sqe, REST, 0);
  }
  if (to.ended && from.finished && from.queue.length === 0) closePair(to.pair);
}

/** Without a receive nothing tells of a reset: asks for that alone. */
function watch(connection: Connection): void {
  if (connection.watching) return;
  const sqe = nextRequest();
  io_uring_prep_poll_add(sqe, connection.fd, EPOLLERR | EPOLLHUP);
  label(sqe, WATCH, connection.id);
  connection.watching = true;
  connection.pair.inFlight += 1;
}

/** A connection that is not read has broken, or both its directions have ended. */
function watched(connection: Connection, res: number): void {
  connection.watching = false;
  if (!connection.pair.closing && res > 0 && res & EPOLLERR) resetPair(connection.pair);
}

/** Notes that a pair is active: its idle time begins anew, give or take IDLE_SLACK_MS. */
function touch(pair: Pair): void {
  if (now - pair.active < IDLE_SLACK_MS) return;
  pair.active = now;
  lastActive.delete(pair);
  lastActive.set(pair, now);
}

/** How long we may wait for completions, in ms; -1: for ever. */
function untilDeadline(): number {
  const [silence = Infinity] = lastActive.values();
  const next = Math.min(silence + IDLE_TIMEOUT_MS, pauseEnds);
  if (next === Infinity) return -1;
  return Math.max(0, Math.ceil(next - performance.now()));
}

/** Closes pairs that are silent for too long, and ends a pause. */
function closeOverdue(): void {
  if (pauseEnds <= now) resumeAccepting();
  for (const [pair, since] of lastActive) {
    if (since + IDLE_TIMEOUT_MS > now) break;
    closePair(pair);
  }
}

/** Ends a broken pair with RST, so that the other side sees what we saw. */
function resetPair(pair: Pair): void {
  if (pair.closing) return;
  setsockopt(pair.client.fd, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE);
  if (pair.upstream) setsockopt(pair.upstream.fd, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE);
  closePair(pair);
}

/** Ends a pair: cancels what is in flight. Its sockets are closed when the last request has completed. */
function closePair(pair: Pair): void {
  if (pair.closing) return;
  pair.closing = true;
  lastActive.delete(pair);
  if (pair.inFlight === 0) {
    closeNow(pair);
    return;
  }
  for (const connection of [pair.client, pair.upstream]) {
    if (connection === undefined) continue;
    starved.delete(connection);
    const sqe = nextRequest();
    io_uring_prep_cancel_fd(sqe, connection.fd, IORING_ASYNC_CANCEL_ALL);
    label(sqe, REST, 0);
  }
}

/** Nothing is in flight: forgets both connections, and closes their sockets. */
function closeNow(pair: Pair): void {
  const { client, upstream } = pair;
  if (!connections.delete(client.id)) return;
  for (const connection of [client, upstream]) {
    if (connection === undefined) continue;
    for (const chunk of connection.queue) drop(chunk);
    starved.delete(connection);
  }
  closeUpstream(pair);
  close(client.fd);
  pairs -= 1;
  if (pauseEnds !== Infinity) resumeAccepting();
}

/** Asks for status requests. */
function acceptStatus(): void {
  const sqe = nextRequest();
  io_uring_prep_multishot_accept(sqe, statusSockFd, null, null, 0);
  label(sqe, STATUS, 0);
}

/** A status request: answers with the state of the upstreams, and closes the connection. */
function statusAccepted(res: number, flags: number): void {
  if (res >= 0) {
    const line = Buffer.from(`${statusLine()}\n`);
    const memory = spares.pop() ?? Buffer.alloc(BUFFER_BYTES);
    line.copy(memory);
    spares.unshift(memory);
    const sqe = nextRequest();
    io_uring_prep_send(sqe, res, memory, line.length, MSG_NOSIGNAL);
    io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS);
    label(sqe, REST, 0);
    const end = nextRequest();
    io_uring_prep_close(end, res);
    io_uring_sqe_set_flags(end, IOSQE_CQE_SKIP_SUCCESS);
    label(end, REST, 0);
    // The bytes have to stay until they are sent.
    if (io_uring_submit(ring) === -1) die('io_uring_submit');
  }
  if (!(flags & IORING_CQE_F_MORE) && statusSockFd !== -1) acceptStatus();
}

/** Makes SIGTERM a completion. */
function createSignals(): void {
  signalFd = signalfd(-1, ['SIGTERM'], SFD_NONBLOCK);
  if (signalFd === -1) die('signalfd');
  watchSignals();
}

function watchSignals(): void {
  const sqe = nextRequest();
  io_uring_prep_poll_multishot(sqe, signalFd, EPOLLIN);
  label(sqe, SIGNAL, 0);
}

/** Signals have come: the first one asks us to finish our work and end, a second one to end at once. */
function handleSignals(flags: number): void {
  for (let name = read_signal(signalFd); name !== ''; name = read_signal(signalFd)) {
    if (draining) process.exit(1);
    startDraining();
  }
  if (!(flags & IORING_CQE_F_MORE)) watchSignals();
}

/** Begins to end: accepts the clients in the backlog, no others; loopRun exits when the last pair has closed. */
function startDraining(): void {
  console.log(`proxy: asked to end, ${pairs} clients to go`);
  draining = true;
  const sqe = nextRequest();
  io_uring_prep_cancel64(sqe, ACCEPT, 0);
  label(sqe, REST, 0);
  if (pauseEnds !== Infinity) acceptLast();
}

/** Closes both listening sockets: the kernel then refuses new connections, and our successor may bind the ports. */
function closeListener(): void {
  const sqe = nextRequest();
  io_uring_prep_cancel64(sqe, STATUS, 0);
  label(sqe, REST, 0);
  if (io_uring_submit(ring) === -1) die('io_uring_submit');
  close(listenSockFd);
  close(statusSockFd);
  listenSockFd = -1;
  statusSockFd = -1;
}

/** Ends the program, saying which system call failed and why. For failures that leave a proxy with nothing to do. */
function die(call: string): never {
  console.error(`${call}: ${strerror(errno())}`);
  process.exit(1);
}

function main(): void {
  if (BALANCE !== 'round-robin' && BALANCE !== 'least-connections') {
    console.error(`proxy: BALANCE is round-robin or least-connections, not ${BALANCE}`);
    process.exit(2);
  }
  listenSockFd = createServer('0.0.0.0', PORT);
  statusSockFd = createServer('127.0.0.1', STATUS_PORT);
  createRing();
  createSignals();
  acceptClients();
  acceptStatus();
  console.log(
    `proxy: clients on port ${PORT}, upstreams on ${UPSTREAM_PORTS.join(', ')}, status on port ${STATUS_PORT}`,
  );
  loopRun();
}

main();
