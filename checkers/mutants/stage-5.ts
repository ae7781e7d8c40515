/** Mutants of stage 5: blocking handshakes, bytes that are kept wrongly, reading that does not pause or resume. */
import type { ListedMutant } from './mutant.ts';

/** import: the place for a mutant's further imports. */
const IMPORT = '  EPOLLOUT,\n';
/** module level: the place for a mutant's own variables. */
const BUFFER = 'const buffer = Buffer.alloc(256 * 1024);\n';

/** createSocket: its one line. */
const MAKE_SOCKET = 'return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);';
/** acceptConnection: the client's socket is made. */
const ACCEPT = 'accept4(listenSockFd, null, null, SOCK_NONBLOCK)';
const ATTACH_CLIENT = '  loopAttach(epollFd, connSockFd, 0);\n';
/** connectUpstream: begins a handshake, and handles a failure. */
const CONNECT =
  "  if (connect(upstreamSockFd, sockaddr_in('127.0.0.1', UPSTREAM_PORT)) === -1 && errno() !== 'EINPROGRESS') {\n";
/** finishConnect: the handshake failed. */
const CONNECT_FAILED =
  '    console.error(`connect: ${strerror(error.readInt32LE())}`);\n    closePair(connSockFd, upstreamSockFd);\n';
/** finishConnect: the upstream may send. */
const LET_UPSTREAM_SPEAK = '  loopChange(epollFd, upstreamSockFd, EPOLLIN);\n';
/** relay: the end of one side. */
const END = '  if (readN <= 0) return false;\n';
/** relay: the bytes go out. */
const PASS_ON = '  const sentN = sendSome(toFd, buffer.subarray(0, readN));\n';
/** relay: the unsent bytes. */
const KEEP_REST = '  if (sentN < readN) keepRest(fromFd, toFd, buffer.subarray(sentN, readN));\n';
/** keepRest: the bytes stay. */
const KEEP = '  waiting.set(toFd, Buffer.from(rest));\n';
/** wantedEvents: its two decisions. */
const OUTPUT = 'const output = waiting.has(fd) ? EPOLLOUT : 0;';
const INPUT = 'const input = waiting.has(peerFd) ? 0 : EPOLLIN;';
/** flush: the end of the wait. */
/** loopChange. */
const CHANGE = "  if (epoll_ctl(epollFd, EPOLL_CTL_MOD, fd, { events, data: { fd } }) === -1) die('epoll_ctl');\n";
const ALL_GONE = '  waiting.delete(fd);\n  watchPair(fd, peerFd);\n';
/** handleEvents: nothing to read, nothing to send. */
const BROKEN = '  return (events & (EPOLLERR | EPOLLHUP)) === 0;\n';
/** loopRun: the end of a batch. */
const BATCH_END = '    if (knocked) acceptConnection(listenSockFd);\n';

/** closePair: the bytes that waited for the client. */
const FORGET_CLIENT = '  waiting.delete(connSockFd);\n';
/** handleEvents: the bytes of one side. */
const READ = '  if (events & EPOLLIN) return relay(fd, peerFd);\n';

/** handleClient: the beginning. */
const CLIENT_EVENT = `export function handleClient(connSockFd: number, events: number): void {
  const upstreamSockFd = findMatchingUpstream(connSockFd);
`;
/** Instead of KEEP, and before ALL_GONE: an unbounded queue. */
const QUEUE = `  if (waiting.has(toFd)) queues.set(toFd, [...(queues.get(toFd) ?? []), Buffer.from(rest)]);
  else waiting.set(toFd, Buffer.from(rest));
`;
const NEXT_IN_QUEUE = `  const next = queues.get(fd)?.shift();
  if (next !== undefined) {
    waiting.set(fd, next);
    return flush(fd, peerFd);
  }
`;

/** Appends new bytes to those that wait, instead of not reading them. */
const HOARD: ListedMutant['edits'] = [
  [BUFFER, `${BUFFER}const queues = new Map<number, Buffer[]>();\n`],
  [PASS_ON, '  const sentN = waiting.has(toFd) ? 0 : sendSome(toFd, buffer.subarray(0, readN));\n'],
  [KEEP, QUEUE],
  [ALL_GONE, `${NEXT_IN_QUEUE}${ALL_GONE}`],
];

export const nonBlockingMutants: ListedMutant[] = [
  {
    id: 'handshake-under-way-is-failure',
    bug: 'takes EINPROGRESS for a failed connect',
    caughtBy: 'round-trip',
    cause: 'in-progress-taken-for-failure',
    edits: [[CONNECT, CONNECT.replace(" && errno() !== 'EINPROGRESS'", '')]],
  },
  {
    id: 'refused-client-stays',
    bug: 'closes an upstream socket whose handshake failed, but not the waiting client',
    caughtBy: 'upstream-down',
    cause: 'client-not-released',
    edits: [[CONNECT_FAILED, CONNECT_FAILED.replace('closePair(connSockFd, upstreamSockFd)', 'close(upstreamSockFd)')]],
  },
  {
    id: 'blocking-handshake',
    bug: 'makes its own sockets blocking: connect waits for the handshake',
    caughtBy: 'silent-upstream',
    cause: 'blocked-in-connect',
    edits: [[MAKE_SOCKET, MAKE_SOCKET.replace(' | SOCK_NONBLOCK', '')]],
  },
  {
    id: 'asks-for-the-handshake',
    bug: 'calls connect again and again until the handshake is over',
    caughtBy: 'silent-upstream',
    cause: 'handshake-asked-for',
    edits: [
      [
        CONNECT,
        `  const address = sockaddr_in('127.0.0.1', UPSTREAM_PORT);
  while (connect(upstreamSockFd, address) === -1 && ['EINPROGRESS', 'EALREADY'].includes(errno()));
  if (false) {
`,
      ],
    ],
  },
  {
    id: 'deaf-while-connecting',
    bug: 'ignores a client that resets before its upstream connection is established',
    caughtBy: 'silent-upstream',
    cause: 'reset-ignored',
    orCause: 'event-not-handled',
    edits: [[CLIENT_EVENT, `${CLIENT_EVENT}  if (connecting.has(upstreamSockFd)) return;\n`]],
  },
  {
    id: 'sends-into-the-handshake',
    bug: 'reads the client before its upstream connection is established, and loses early bytes',
    caughtBy: 'early-bytes',
    cause: 'sent-before-connected',
    edits: [[ATTACH_CLIENT, ATTACH_CLIENT.replace('0', 'EPOLLIN')]],
  },
  {
    id: 'blocking-clients',
    bug: 'calls accept4 without SOCK_NONBLOCK: send blocks on a client that does not read',
    caughtBy: 'stalled-client',
    cause: 'blocked-in-send',
    edits: [[ACCEPT, ACCEPT.replace('SOCK_NONBLOCK', '0')]],
  },
  {
    id: 'tries-until-there-is-room',
    bug: 'keeps the loop of stage 4: calls send again at once until all bytes are sent',
    caughtBy: 'stalled-client',
    cause: 'send-retried-at-once',
    edits: [
      [
        PASS_ON,
        `  let sentN = 0;
  while (sentN < readN) {
    const n = sendSome(toFd, buffer.subarray(sentN, readN));
    if (n === -1) return false;
    sentN += n;
  }
`,
      ],
    ],
  },
  {
    id: 'blocking-after-the-handshake',
    bug: 'clears the flag once the upstream connection is established: send blocks on an upstream that does not read',
    caughtBy: 'stalled-upstream',
    cause: 'blocked-in-send',
    edits: [
      [IMPORT, `${IMPORT}  F_SETFL,\n  fcntl,\n`],
      [LET_UPSTREAM_SPEAK, `${LET_UPSTREAM_SPEAK}  fcntl(upstreamSockFd, F_SETFL, 0);\n`],
    ],
  },
];

export const backpressureMutants: ListedMutant[] = [
  {
    id: 'drops-the-rest',
    bug: 'drops bytes that send did not take',
    caughtBy: 'paces-down',
    cause: 'partial-send-ignored',
    edits: [[KEEP, '']],
  },
  {
    id: 'gives-up-slow-readers',
    bug: 'still closes a pair with a slow reader, as in milestone 1',
    caughtBy: 'paces-down',
    cause: 'partial-closes',
    orCause: 'eagain-closes',
    edits: [[KEEP_REST, '  if (sentN < readN) return false;\n']],
  },
  {
    id: 'keeps-a-view',
    bug: 'keeps unsent bytes as a view of the shared receive buffer',
    caughtBy: 'paces-down',
    cause: 'buffer-reused',
    edits: [[KEEP, KEEP.replace('Buffer.from(rest)', 'rest')]],
  },
  {
    id: 'keeps-too-much',
    bug: 'keeps all received bytes, not only the unsent ones',
    caughtBy: 'paces-down',
    cause: 'resent-from-start',
    edits: [[KEEP_REST, KEEP_REST.replace('sentN, readN', '0, readN')]],
  },
  {
    id: 'keeps-a-byte-less',
    bug: 'skips a byte when it keeps unsent bytes',
    caughtBy: 'paces-down',
    cause: 'skips-after-partial',
    edits: [[KEEP_REST, KEEP_REST.replace('sentN, readN', 'sentN + 1, readN')]],
  },
  {
    id: 'never-asks-for-room',
    bug: 'keeps the rest and never asks for EPOLLOUT',
    caughtBy: 'paces-down',
    cause: 'room-never-asked-for',
    edits: [[OUTPUT, 'const output = 0;']],
  },
  {
    id: 'never-reads-again',
    bug: 'stops reading while bytes wait, and does not resume when they are sent',
    caughtBy: 'paces-down',
    cause: 'reading-not-resumed',
    edits: [[ALL_GONE, '  waiting.delete(fd);\n  loopChange(epollFd, fd, wantedEvents(fd, peerFd));\n']],
  },
  {
    id: 'taken-out-of-epoll',
    bug: 'removes a paused socket from epoll, and later tries EPOLL_CTL_MOD on it',
    caughtBy: 'paces-down',
    cause: 'reading-not-resumed',
    edits: [
      [
        CHANGE,
        '  if (events === 0) epoll_ctl(epollFd, EPOLL_CTL_DEL, fd, null);\n  else epoll_ctl(epollFd, EPOLL_CTL_MOD, fd, { events, data: { fd } });\n',
      ],
      [IMPORT, `${IMPORT}  EPOLL_CTL_DEL,\n`],
    ],
  },
  {
    id: 'gives-up-slow-upstreams',
    bug: 'closes a pair with a slow upstream',
    caughtBy: 'paces-up',
    cause: 'partial-closes',
    orCause: 'eagain-closes',
    edits: [[KEEP_REST, `  if (sentN < readN && isUpstreamSock(toFd)) return false;\n${KEEP_REST}`]],
  },
  {
    id: 'stops-both-directions',
    bug: 'stops reading a client for which bytes wait',
    caughtBy: 'other-direction',
    cause: 'pauses-both-directions',
    edits: [[INPUT, 'const input = waiting.has(peerFd) || waiting.has(fd) ? 0 : EPOLLIN;']],
  },
  {
    id: 'hoards',
    bug: 'never stops reading, and appends new bytes to those that wait',
    caughtBy: 'takes-no-more',
    cause: 'reads-without-limit',
    edits: [...HOARD, [INPUT, 'const input = EPOLLIN;']],
  },
  {
    id: 'hoards-what-goes-up',
    bug: 'stops reading an upstream for a slow client, and never a client for a slow upstream',
    caughtBy: 'takes-no-more',
    cause: 'reads-without-limit',
    edits: [...HOARD, [INPUT, 'const input = waiting.has(peerFd) && isUpstreamSock(fd) ? 0 : EPOLLIN;']],
  },
  {
    id: 'always-asks-for-room',
    bug: 'asks for EPOLLOUT even when no bytes wait',
    caughtBy: 'sleeps-while-blocked',
    cause: 'always-writable',
    edits: [[OUTPUT, 'const output = EPOLLOUT;']],
  },
  {
    id: 'blind-to-errors',
    bug: 'ignores a connection that breaks while its reading is paused',
    caughtBy: 'sleeps-while-blocked',
    cause: 'reset-ignored',
    orCause: 'event-not-handled',
    edits: [[BROKEN, '  return true;\n']],
  },
  {
    id: 'sleeps-until-there-is-room',
    bug: 'sleeps for a fifth of a second in each round while bytes wait, to give the reader time',
    caughtBy: 'round-trip-stays',
    cause: 'sleeps-in-the-loop',
    edits: [
      [
        BATCH_END,
        `${BATCH_END}    if (waiting.size > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);\n`,
      ],
    ],
  },
  {
    id: 'keeps-who-has-had-it-all',
    bug: 'stops reading an upstream connection that has ended, and does not close its client',
    caughtBy: 'last-bytes',
    cause: 'end-ignored',
    edits: [[END, `  if (readN === 0) loopChange(epollFd, fromFd, 0);\n  if (readN === 0) return true;\n${END}`]],
  },
  {
    id: 'rest-for-the-next-client',
    bug: 'closes a pair and keeps the bytes for its client: the next client with the same descriptor gets them',
    caughtBy: 'takes-no-more',
    cause: 'rest-for-a-stranger',
    edits: [[FORGET_CLIENT, '']],
  },
  {
    id: 'queue-lost-at-the-end',
    bug: 'keeps up to 256 KiB for a slow side, and closes the pair at the end of the stream although bytes are still kept',
    caughtBy: 'last-bytes',
    cause: 'end-before-rest',
    edits: [
      [
        '  const sentN = sendSome(toFd, buffer.subarray(0, readN));\n',
        '  const sentN = waiting.has(toFd) ? 0 : sendSome(toFd, buffer.subarray(0, readN));\n',
      ],
      [
        '  waiting.set(toFd, Buffer.from(rest));\n',
        '  waiting.set(toFd, Buffer.concat([waiting.get(toFd) ?? Buffer.alloc(0), rest]));\n',
      ],
      [INPUT, 'const input = (waiting.get(peerFd)?.length ?? 0) >= 256 * 1024 ? 0 : EPOLLIN;'],
    ],
  },
  {
    id: 'end-overtakes-uploads',
    bug: 'closes a pair as soon as epoll reports the end of its client, although bytes still wait for the upstream',
    caughtBy: 'last-bytes',
    cause: 'closed-before-end',
    edits: [
      [IMPORT, `${IMPORT}  EPOLLRDHUP,\n`],
      [INPUT, 'const input = !waiting.has(peerFd) ? EPOLLIN : isConnSock(fd) ? EPOLLRDHUP : 0;'],
      [READ, `  if (events & EPOLLRDHUP && !(events & EPOLLIN)) return false;\n${READ}`],
    ],
  },
];
