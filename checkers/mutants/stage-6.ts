/** Mutants of stage 6: ends that are not passed on, or passed on wrongly, and leaks. */
import type { ListedMutant } from './mutant.ts';

/** relay: the end of a side's stream. */
const AT_THE_END = '    endStream(fromFd, toFd);\n    return true;\n';
/** endStream: passes the end to the other side. */
const TELL = '  shutdown(toFd, SHUT_WR);\n';
/** endStream: both directions are over. */
const UPSTREAM_LAST = '  else closePair(toFd, fromFd);\n';
/** wantedEvents: sockets to read. */
const READABLE = 'waiting.has(peerFd) || ended.has(fd) ? 0 : EPOLLIN | EPOLLRDHUP';
/** loopRun: the wait. */
const WAIT = 'epoll_wait(epollFd, events, MAX_EVENTS, untilDeadline())';
/** closeOverdue: a handshake that takes too long. */
const OVERDUE_HANDSHAKE = '    closePair(findMatchingConn(upstreamSockFd), upstreamSockFd);\n';
/** handleClient: the pair is not silent. */
const TOUCH = '  if (lastActive.has(connSockFd)) touch(connSockFd);\n';
/** handleUpstream: the same. */
const TOUCH_UP = '  const connSockFd = findMatchingConn(upstreamSockFd);\n  touch(connSockFd);\n  if (!handleEvents';
/** handleEvents: the connection broke. */
const BROKEN = '  if (events & EPOLLERR) return false;\n';
/** wantedEvents: sockets to watch for EPOLLOUT. */
const ROOM = 'const output = waiting.has(fd) ? EPOLLOUT : 0;';
/** endStream: the first of two ends. */
const FIRST_END = '  if (!ended.has(toFd)) watchPair(fromFd, toFd);\n';
/** finishConnect: the upstream has refused. */
const REFUSED = '    resetPair(connSockFd, upstreamSockFd);\n    return;\n  }\n  touch';
/** touch: the pair goes behind the others. */
const GO_LAST = '  lastActive.delete(connSockFd);\n  lastActive.set(';
/** endStream: it is noted. */
const NOTE_END = '  ended.add(fromFd);\n';
/** relay: on to the end. */
const READ_ON = '  else if (last) return relay(fromFd, toFd, last);\n';
/** closePair: the notes about a descriptor. */
const FORGET_DETACHED = '    detached.delete(fd);\n';
/** resetPair: its two halves. */
const RESET_CLIENT = '  setsockopt(connSockFd, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE);\n';
const RESET_UPSTREAM = '  setsockopt(upstreamSockFd, SOL_SOCKET, SO_LINGER, RESET_ON_CLOSE);\n';

/** Milestone 6.1, where an entry names no other one. */
export const closingWellMutants: ListedMutant[] = [
  {
    id: 'closes-at-half-close',
    bug: 'closes the pair when one side has finished, as in stage 5',
    caughtBy: 'client-finishes',
    cause: 'half-close-closes',
    edits: [[AT_THE_END, '    return false;\n']],
  },
  {
    id: 'keeps-the-end-to-itself',
    bug: 'notes that a side has finished and does not pass the end on',
    caughtBy: 'client-finishes',
    cause: 'end-not-passed-on',
    edits: [[TELL, '']],
  },
  {
    id: 'tells-the-upstream-only',
    bug: 'passes the end on to the upstream, but not to the client',
    caughtBy: 'upstream-finishes',
    cause: 'end-not-passed-on',
    edits: [[TELL, '  if (isConnSock(fromFd)) shutdown(toFd, SHUT_WR);\n']],
  },
  {
    id: 'reads-the-end-for-ever',
    bug: 'goes on asking for EPOLLIN on a socket that has ended',
    caughtBy: 'both-finish',
    cause: 'end-read-again',
    edits: [[READABLE, READABLE.replace(' || ended.has(fd)', '')]],
  },
  {
    id: 'never-silent-for-too-long',
    bug: 'calls epoll_wait() without a timeout, so it never notices expired connections',
    caughtBy: 'idle-timeout',
    cause: 'waits-without-limit',
    edits: [[WAIT, WAIT.replace('untilDeadline()', '-1')]],
  },
  {
    id: 'counts-from-the-beginning',
    bug: 'does not note the activity of a pair: its idle time counts from the start',
    caughtBy: 'idle-timeout',
    cause: 'closed-before-end',
    edits: [
      [TOUCH, ''],
      [TOUCH_UP, TOUCH_UP.replace('  touch(connSockFd);\n', '')],
    ],
  },
  {
    id: 'hears-answers-only',
    bug: 'takes a pair for idle if only its client sends',
    caughtBy: 'idle-timeout',
    cause: 'closed-before-end',
    edits: [[TOUCH, '']],
  },
  {
    id: 'hears-questions-only',
    bug: 'takes a pair for idle if only its upstream sends',
    caughtBy: 'idle-timeout',
    cause: 'closed-before-end',
    edits: [[TOUCH_UP, TOUCH_UP.replace('  touch(connSockFd);\n', '')]],
  },
  {
    id: 'half-closed-for-ever',
    bug: 'exempts a pair from the idle timeout once one side has finished',
    caughtBy: 'idle-timeout',
    cause: 'overdue-kept',
    orCause: 'waits-without-limit',
    edits: [
      [FIRST_END, `  if (!ended.has(toFd)) lastActive.delete(isConnSock(fromFd) ? fromFd : toFd);\n${FIRST_END}`],
    ],
  },
  {
    id: 'handshake-socket-stays',
    bug: 'closes the client when the handshake takes too long, and leaks the socket of that handshake',
    caughtBy: 'connect-timeout',
    cause: 'refused-socket-kept',
    edits: [
      [
        OVERDUE_HANDSHAKE,
        `    const connSockFd = findMatchingConn(upstreamSockFd);
    loopDetach(epollFd, upstreamSockFd);
    closePair(connSockFd, -1);
    connecting.delete(upstreamSockFd);
    remove(upstreamSocks, upstreamSocks.indexOf(upstreamSockFd));
`,
      ],
    ],
  },
  {
    id: 'hasty-with-handshakes',
    bug: 'gives every handshake a fifth of a second and ignores CONNECT_TIMEOUT_MS',
    caughtBy: 'connect-timeout',
    cause: 'handshake-given-up',
    edits: [['Number(process.env.CONNECT_TIMEOUT_MS ?? 5000)', '200']],
  },
  {
    id: 'patient-with-handshakes',
    bug: 'drops a handshake after its timeout, and leaves its client waiting',
    caughtBy: 'connect-timeout',
    cause: 'client-not-released',
    edits: [[OVERDUE_HANDSHAKE, '    connecting.delete(upstreamSockFd);\n    close(upstreamSockFd);\n']],
  },
  {
    id: 'reset-becomes-an-end',
    bug: 'closes an upstream connection with a FIN when the client has reset',
    milestone: '6.2',
    caughtBy: 'client-reset',
    cause: 'reset-not-passed-on',
    edits: [[RESET_UPSTREAM, '']],
  },
  {
    id: 'reset-becomes-an-end-for-clients',
    bug: 'closes a client with a FIN when its upstream connection was reset',
    milestone: '6.2',
    caughtBy: 'upstream-reset',
    cause: 'reset-not-passed-on',
    edits: [[RESET_CLIENT, '']],
  },
  {
    id: 'reset-becomes-an-end-while-bytes-wait',
    bug: 'passes a reset on, but sends a FIN instead while bytes wait',
    milestone: '6.2',
    caughtBy: 'client-reset',
    cause: 'reset-not-passed-on',
    edits: [
      [
        RESET_CLIENT,
        `  if (waiting.has(connSockFd) || waiting.has(upstreamSockFd)) return closePair(connSockFd, upstreamSockFd);
${RESET_CLIENT}`,
      ],
    ],
  },
  {
    id: 'end-overtakes-the-rest',
    bug: 'passes an end on as soon as epoll reports it, although bytes still wait',
    milestone: '6.2',
    caughtBy: 'slow-last-bytes',
    cause: 'end-before-rest',
    edits: [
      [READABLE, 'ended.has(fd) ? 0 : waiting.has(peerFd) ? EPOLLRDHUP : EPOLLIN | EPOLLRDHUP'],
      [BROKEN, `${BROKEN}  if (events & EPOLLRDHUP) {\n    endStream(fd, peerFd);\n    return true;\n  }\n`],
    ],
  },
  {
    id: 'end-overtakes-the-rest-upwards',
    bug: "passes a client's end on as soon as epoll reports it, although bytes still wait; an upstream's end waits",
    milestone: '6.2',
    caughtBy: 'slow-last-bytes',
    cause: 'end-before-rest',
    edits: [
      [READABLE, 'ended.has(fd) ? 0 : waiting.has(peerFd) ? EPOLLRDHUP : EPOLLIN | EPOLLRDHUP'],
      [
        BROKEN,
        `${BROKEN}  if (events & EPOLLRDHUP && isConnSock(fd)) {\n    endStream(fd, peerFd);\n    return true;\n  }\n  if (events & EPOLLRDHUP) loopChange(epollFd, fd, 0);\n`,
      ],
    ],
  },
  {
    id: 'reset-behind-its-end',
    bug: 'ignores a socket whose end it has read, so that epoll reports a later reset for ever',
    milestone: '6.2',
    caughtBy: 'client-reset',
    cause: 'reset-ignored',
    edits: [[BROKEN, '  if (ended.has(fd)) return true;\n  if (events & EPOLLERR) return false;\n']],
  },
  {
    id: 'refused-and-kept',
    bug: 'sends a FIN to a client whose upstream refuses, and keeps both sockets',
    milestone: '6.2',
    caughtBy: 'endings',
    cause: 'refused-socket-kept',
    edits: [
      [
        REFUSED,
        '    shutdown(connSockFd, SHUT_WR);\n    loopDetach(epollFd, upstreamSockFd);\n    return;\n  }\n  touch',
      ],
    ],
  },
  {
    id: 'leaves-who-has-finished',
    bug: 'does not ask for EPOLLOUT on a socket whose other end has finished sending',
    milestone: '6.2',
    caughtBy: 'slow-last-bytes',
    cause: 'room-never-asked-for',
    edits: [[ROOM, 'const output = waiting.has(fd) && !ended.has(fd) ? EPOLLOUT : 0;']],
  },
  {
    id: 'one-order-of-ends',
    bug: 'closes a pair whose client finishes last, and keeps one whose upstream does',
    milestone: '6.2',
    caughtBy: 'endings',
    cause: 'shutdown-without-close',
    edits: [[UPSTREAM_LAST, '  else watchPair(toFd, fromFd);\n']],
  },
  {
    id: 'ends-the-wrong-direction',
    bug: 'passes an end on with SHUT_RD, which closes the receiving direction',
    caughtBy: 'client-finishes',
    cause: 'shut-wrong-way',
    edits: [[TELL, '  shutdown(toFd, 0);\n']],
  },
  {
    id: 'ends-both-directions',
    bug: 'passes an end on with SHUT_RDWR, which ends the answer as well',
    caughtBy: 'client-finishes',
    cause: 'shut-wrong-way',
    edits: [[TELL, '  shutdown(toFd, 2);\n']],
  },
  {
    id: 'tells-who-has-finished',
    bug: 'passes an end back to the side that has finished',
    caughtBy: 'client-finishes',
    cause: 'end-not-passed-on',
    edits: [[TELL, '  shutdown(fromFd, SHUT_WR);\n']],
  },
  {
    id: 'silent-for-seconds',
    bug: 'takes IDLE_TIMEOUT_MS for seconds',
    caughtBy: 'idle-timeout',
    cause: 'waits-too-long',
    edits: [['Number(process.env.IDLE_TIMEOUT_MS ?? 600_000)', '1000 * Number(process.env.IDLE_TIMEOUT_MS ?? 600)']],
  },
  {
    id: 'handshakes-without-limit',
    bug: 'has a timeout for idle pairs, and none for handshakes',
    caughtBy: 'connect-timeout',
    cause: 'waits-without-limit',
    edits: [
      [
        'Math.min(handshake + CONNECT_TIMEOUT_MS, silence + IDLE_TIMEOUT_MS)',
        'silence + IDLE_TIMEOUT_MS + 0 * CONNECT_TIMEOUT_MS',
      ],
    ],
  },
  {
    id: 'younger-pairs-are-not-asked',
    bug: 'updates the time of an active pair, but leaves it in front of pairs that have been idle for longer',
    caughtBy: 'idle-timeout',
    cause: 'overdue-kept',
    edits: [[GO_LAST, '  lastActive.set(']],
  },
  {
    id: 'finished-wants-no-more',
    bug: 'drops the bytes that wait for a side when that side has finished sending',
    milestone: '6.2',
    caughtBy: 'slow-last-bytes',
    cause: 'partial-send-ignored',
    edits: [[NOTE_END, `${NOTE_END}  waiting.delete(fromFd);\n`]],
  },
  {
    id: 'end-overtakes-much',
    bug: 'passes an end on while bytes wait, but only if they are more than 64 KiB',
    milestone: '6.2',
    caughtBy: 'slow-last-bytes',
    cause: 'end-before-rest',
    edits: [
      [
        READABLE,
        'ended.has(fd) || (waiting.get(peerFd)?.length ?? 65536) < 65536 ? 0 : (waiting.has(peerFd) ? 0 : EPOLLIN) | EPOLLRDHUP',
      ],
      [BROKEN, `${BROKEN}  if (events & EPOLLRDHUP) {\n    endStream(fd, peerFd);\n    return true;\n  }\n`],
    ],
  },
  {
    id: 'last-read-is-the-last',
    bug: 'reads once when epoll reports bytes and the end, and passes the end on although more bytes follow',
    milestone: '6.2',
    caughtBy: 'slow-last-bytes',
    cause: 'end-before-rest',
    edits: [[READ_ON, '  else if (last) endStream(fromFd, toFd);\n']],
  },
  {
    id: 'detached-for-the-next-one',
    bug: 'closes a socket that it had removed from epoll, and keeps its descriptor in the list of removed ones',
    milestone: '6.2',
    caughtBy: 'slow-last-bytes',
    cause: 'call-failed-exit',
    edits: [[FORGET_DETACHED, '']],
  },
];
