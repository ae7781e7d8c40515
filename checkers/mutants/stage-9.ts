/** Wrong proxies of stage 9: edges that are missed, pipes that are given away, processes that do not know of one another. */
import type { Mutant } from './mutant.ts';

const EARLY = '  return !is(connSockFd, EARLY) || relay(connSockFd, upstreamSockFd, true);\n';
const AGAIN = `    if (moved !== 1) return moved === 0;
  }
  interrupt(fromFd);
  return true;
`;
const INTERRUPT = '  interrupted.push(fd);\n';
const OTHERS_TURN = '  interrupted = [];\n';
const AFTER_READ = '  return certain || wasFull ? 1 : 0;\n';
const CERTAIN = '  const certain = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) !== 0;\n';
const ROOM = '  if (events & EPOLLOUT && is(fd, FULL) && !relay(peerFd, fd, true)) return false;\n';
const ROOM_UP = `  touch(connSockFd);
  if (!handleEvents(upstreamSockFd, connSockFd, events)) resetPair(connSockFd, upstreamSockFd);
`;
const BOTH_OVER = '  else closePair(fromFd, toFd);\n';
const GROW = '  if (fd < routeTable.length) return;\n';
const PIPE_ENDS = '  const [out = -1, into = -1] = ends;\n';
const NO_PIPE = '  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) === -1) return undefined;\n';
const PART = '  pipe.filled -= sentN;\n';
const NOTHING = `  if (readN <= 0) return nothingRead(fromFd, toFd, readN);
  pipe.filled = readN;
`;
const KEEP_PIPE = '  if (pipe.filled === 0 && sparePipes.length < SPARE_PIPES) {\n';
const CLOSE_PIPE = `  close(pipe.out);
  close(pipe.into);
}

/**
`;
const SHARE = "  if (setsockopt(sockFd, SOL_SOCKET, SO_REUSEPORT, 1) === -1) die('setsockopt');\n";
const WORKER_GONE = `  workers.delete(fd);
  close(fd);
  if (draining || worker`;
const LEADER_GONE = `  close(0);
  if (!draining) startDraining();
`;
const WATCH_LEADER = 'IS_WORKER ? [0] : ';
const DOOR = '  for (const fd of [listenSockFd, signalFd, ...ours]) loopAttach';
const THE_END = ' && clients === 0 && workers.size === 0) process.exit(0);\n';
const ORDER = `  startWorkers();
  listenSockFd = createServer('0.0.0.0', PORT);
`;

const in91 = { milestone: '9.1' };
const in92 = { milestone: '9.2' };
const in93 = { milestone: '9.3' };

/** What is heard of once only. */
export const edgeMutants: Mutant[] = [
  {
    id: 'client-never-watched',
    bug: 'lets epoll watch the upstream socket only, and never hears of the client',
    ...in91,
    caughtBy: 'round-trip',
    cause: 'not-attached',
    edits: [['  watch(connSockFd);\n', '']],
  },
  {
    id: 'early-edge-lost',
    bug: 'forgets that it was told of bytes while the handshake was under way',
    ...in91,
    caughtBy: 'early-bytes',
    cause: 'edge-missed',
    edits: [[EARLY, '  return true;\n']],
  },
  {
    id: 'early-end-lost',
    bug: 'takes early bytes, and does not look whether the end of the stream is behind them',
    ...in91,
    caughtBy: 'early-bytes',
    cause: 'end-not-read',
    edits: [[EARLY, EARLY.replace('true)', 'false)')]],
  },
  {
    id: 'one-read-per-edge',
    bug: 'reads once for each event, as if it would be told again',
    ...in91,
    caughtBy: 'burst',
    cause: 'edge-triggered-not-drained',
    edits: [[AGAIN, '    return moved !== -1;\n  }\n  return true;\n']],
  },
  {
    id: 'grown-buffer-compared',
    bug: 'lets the buffer grow, and then takes the read that had filled it for a short one',
    ...in91,
    caughtBy: 'burst',
    cause: 'edge-triggered-not-drained',
    edits: [[AFTER_READ, AFTER_READ.replace('wasFull', 'readN === buffer.length')]],
  },
  {
    id: 'turn-over-and-forgotten',
    bug: 'ends a turn, and does not note who has more to bring',
    ...in91,
    caughtBy: 'turns',
    cause: 'edge-triggered-not-drained',
    edits: [[INTERRUPT, '']],
  },
  {
    id: 'keeps-interrupted-listed',
    bug: 'never empties the list of interrupted connections, and so never waits again',
    ...in91,
    caughtBy: 'turns',
    cause: 'never-waits',
    edits: [[OTHERS_TURN, '']],
  },
  {
    id: 'end-behind-turn-lost',
    bug: 'goes on with an interrupted connection, and does not look whether the stream ends there',
    ...in91,
    caughtBy: 'turns',
    cause: 'end-not-read',
    edits: [['relay(fd, peerFd, true)) resetPair(fd, peerFd)', 'relay(fd, peerFd, false)) resetPair(fd, peerFd)']],
  },
  {
    id: 'short-read-is-all',
    bug: 'takes a short read for the last news, although the end of the stream was announced',
    ...in91,
    caughtBy: 'last-segment',
    cause: 'end-not-read',
    edits: [[CERTAIN, CERTAIN.replace('EPOLLRDHUP | ', '')]],
  },
  {
    id: 'room-edge-lost',
    bug: 'does nothing about EPOLLOUT, so that what waits for a slow reader waits for ever',
    ...in91,
    caughtBy: 'paces-down',
    cause: 'edge-missed',
    edits: [[ROOM, '']],
  },
  {
    id: 'room-edge-lost-upstream',
    bug: 'goes on after EPOLLOUT with clients only, not with the upstream',
    ...in91,
    caughtBy: 'paces-up',
    cause: 'edge-missed',
    edits: [[ROOM_UP, ROOM_UP.replace('events)', 'events & ~EPOLLOUT)')]],
  },
  {
    id: 'both-over-and-kept',
    bug: 'keeps a pair whose sides have both finished',
    ...in91,
    caughtBy: 'endings',
    cause: 'shutdown-without-close',
    edits: [[BOTH_OVER, '']],
  },
  {
    id: 'tables-too-short',
    bug: 'never makes its two tables longer, and an array of numbers forgets what is written behind its end',
    ...in91,
    caughtBy: 'crowd',
    cause: 'edge-missed',
    edits: [[GROW, '  if (fd > 0) return;\n']],
  },
];

/** What goes through pipes. */
export const pipeMutants: Mutant[] = [
  {
    id: 'pipe-back-to-front',
    bug: 'takes the two ends of a pipe for one another',
    ...in92,
    caughtBy: 'bulk',
    cause: 'splice-failed',
    edits: [[PIPE_ENDS, '  const [into = -1, out = -1] = ends;\n']],
  },
  {
    id: 'pipe-emptied-in-part',
    bug: 'takes it that a splice out of the pipe moves all that is in it',
    ...in92,
    caughtBy: 'paces-down',
    cause: 'pipe-not-emptied',
    edits: [[PART, '  pipe.filled = 0;\n']],
  },
  {
    id: 'pipe-hears-no-end',
    bug: 'takes the 0 of splice for "nothing there", so that the end of a stream is never passed on',
    ...in92,
    caughtBy: 'finish-behind-bulk',
    cause: 'end-not-passed-on',
    edits: [[NOTHING, NOTHING.replace('  if', '  if (readN === 0) return 0;\n  if')]],
  },
  {
    id: 'end-overtakes-the-pipe',
    bug: 'passes an end on as soon as epoll tells of it, although the pipe is not empty',
    ...in92,
    caughtBy: 'finish-behind-bulk',
    cause: 'end-before-rest',
    edits: [
      [
        CERTAIN,
        `  if (events & EPOLLRDHUP && is(peerFd, FULL)) {
    endStream(fd, peerFd);
    unmark(peerFd, FULL);
    return true;
  }
${CERTAIN}`,
      ],
    ],
  },
  {
    id: 'pipe-for-a-stranger',
    bug: 'keeps a pipe for the next connection with bytes of a broken one in it',
    ...in92,
    caughtBy: 'reset-in-bulk',
    cause: 'pipe-not-empty',
    edits: [[KEEP_PIPE, '  if (sparePipes.length < SPARE_PIPES) {\n']],
  },
  {
    id: 'pipes-never-closed',
    bug: 'neither keeps nor closes a pipe that is no longer needed',
    ...in92,
    caughtBy: 'descriptors-stay',
    cause: 'pipes-left-open',
    edits: [
      [KEEP_PIPE, '  if (pipe.filled < 0) {\n'],
      [CLOSE_PIPE, '}\n\n/**\n'],
    ],
  },
  {
    id: 'half-a-pipe-closed',
    bug: 'closes one end only of a pipe that has bytes of a broken connection in it',
    ...in92,
    caughtBy: 'descriptors-stay',
    cause: 'pipes-left-open',
    edits: [[CLOSE_PIPE, CLOSE_PIPE.replace('  close(pipe.into);\n', '')]],
  },
  {
    id: 'no-pipe-no-proxy',
    bug: 'ends when there is no descriptor left for a pipe',
    ...in92,
    caughtBy: 'no-pipes-left',
    cause: 'call-failed-exit',
    edits: [[NO_PIPE, NO_PIPE.replace('return undefined', "die('pipe2')")]],
  },
];

/** What several processes have to know of one another. */
export const workerMutants: Mutant[] = [
  {
    id: 'second-door-unwatched',
    bug: 'lets the second process listen, and never look who knocks there',
    ...in93,
    caughtBy: 'several',
    cause: 'door-unwatched',
    edits: [[DOOR, DOOR.replace('listenSockFd', '...(IS_WORKER ? [] : [listenSockFd])')]],
  },
  {
    id: 'one-process-too-many',
    bug: 'starts as many processes as it is to be, and is one itself',
    ...in93,
    caughtBy: 'several',
    cause: 'too-many-processes',
    edits: [['let workerN = 1; workerN < WORKERS', 'let workerN = 0; workerN < WORKERS']],
  },
  {
    id: 'port-not-shared',
    bug: 'does not say that the port is to be shared, so that the second process cannot bind to it',
    ...in93,
    caughtBy: 'one-stopped',
    cause: 'port-not-shared',
    edits: [[SHARE, '']],
  },
  {
    id: 'dead-worker-reported-for-ever',
    bug: 'does not close the descriptor that told of the end of a process, and is told again and again',
    ...in93,
    caughtBy: 'worker-killed',
    cause: 'event-not-handled',
    edits: [[WORKER_GONE, WORKER_GONE.replace('  close(fd);\n', '')]],
  },
  {
    id: 'first-follows-the-second',
    bug: 'ends when a process ends that it has started',
    ...in93,
    caughtBy: 'worker-killed',
    cause: 'left-with-worker',
    edits: [[WORKER_GONE, `  process.exit(1);\n${WORKER_GONE}`]],
  },
  {
    id: 'second-cuts-off',
    bug: 'has the second process end at once when the first one is asked to',
    ...in93,
    caughtBy: 'all-drain',
    cause: 'worker-left-too-early',
    edits: [[LEADER_GONE, '  process.exit(0);\n']],
  },
  {
    id: 'end-of-first-told-for-ever',
    bug: 'does not close the descriptor that told of the end of the first process, and is told again and again',
    ...in93,
    caughtBy: 'all-drain',
    cause: 'event-not-handled',
    edits: [[LEADER_GONE, LEADER_GONE.replace('  close(0);\n', '')]],
  },
  {
    id: 'first-does-not-wait',
    bug: 'has the first process end when its own clients have left',
    ...in93,
    caughtBy: 'all-drain',
    cause: 'first-did-not-wait',
    edits: [[THE_END, THE_END.replace(' && workers.size === 0', '')]],
  },
  {
    id: 'door-inherited',
    bug: 'starts the second process when the listening socket is open already, so that it keeps a copy of it',
    ...in93,
    caughtBy: 'all-drain',
    cause: 'door-inherited',
    edits: [[ORDER, "  listenSockFd = createServer('0.0.0.0', PORT);\n  startWorkers();\n"]],
  },
  {
    id: 'first-ends-unnoticed',
    bug: 'does not watch the descriptor that tells of the end of the first process',
    ...in93,
    caughtBy: 'first-killed',
    cause: 'end-of-first-unseen',
    edits: [[WATCH_LEADER, 'IS_WORKER ? [] : ']],
  },
];
