/** Mutants of stage 9: missed edges, leaked or shared pipes, processes that do not cooperate. */
import type { ListedMutant } from './mutant.ts';

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
const ATTACH_LISTENER = '  for (const fd of [listenSockFd, signalFd, ...ours]) loopAttach';
const THE_END = ' && clients === 0 && workers.size === 0) process.exit(0);\n';
const ORDER = `  startWorkers();
  listenSockFd = createServer('0.0.0.0', PORT);
`;

/** Edge-triggered events. */
export const edgeMutants: ListedMutant[] = [
  {
    id: 'client-never-watched',
    bug: 'adds only the upstream socket to epoll, and gets no events of the client',
    caughtBy: 'round-trip',
    cause: 'not-attached',
    edits: [['  watch(connSockFd);\n', '']],
  },
  {
    id: 'early-edge-lost',
    bug: 'drops the event for bytes that arrived during the handshake',
    caughtBy: 'early-bytes',
    cause: 'edge-missed',
    edits: [[EARLY, '  return true;\n']],
  },
  {
    id: 'early-end-lost',
    bug: 'reads early bytes, and does not look whether the stream ends there',
    caughtBy: 'early-bytes',
    cause: 'end-not-read',
    edits: [[EARLY, EARLY.replace('true)', 'false)')]],
  },
  {
    id: 'one-read-per-edge',
    bug: 'reads once for each event, as if epoll would report it again',
    caughtBy: 'burst',
    cause: 'edge-triggered-not-drained',
    edits: [[AGAIN, '    return moved !== -1;\n  }\n  return true;\n']],
  },
  {
    id: 'grown-buffer-compared',
    bug: 'enlarges the buffer, and then takes the read that had filled it for a short one',
    caughtBy: 'burst',
    cause: 'edge-triggered-not-drained',
    edits: [[AFTER_READ, AFTER_READ.replace('wasFull', 'readN === buffer.length')]],
  },
  {
    id: 'turn-over-and-forgotten',
    bug: 'ends a turn, and does not note connections with more bytes',
    caughtBy: 'turns',
    cause: 'edge-triggered-not-drained',
    edits: [[INTERRUPT, '']],
  },
  {
    id: 'keeps-interrupted-listed',
    bug: 'never empties the list of interrupted connections, and so never waits again',
    caughtBy: 'turns',
    cause: 'never-waits',
    edits: [[OTHERS_TURN, '']],
  },
  {
    id: 'end-behind-turn-lost',
    bug: 'goes on with an interrupted connection, and does not look whether the stream ends there',
    caughtBy: 'turns',
    cause: 'end-not-read',
    edits: [['relay(fd, peerFd, true)) resetPair(fd, peerFd)', 'relay(fd, peerFd, false)) resetPair(fd, peerFd)']],
  },
  {
    id: 'short-read-is-all',
    bug: 'stops after a short read, although epoll has announced the end of the stream',
    caughtBy: 'last-segment',
    cause: 'end-not-read',
    edits: [[CERTAIN, CERTAIN.replace('EPOLLRDHUP | ', '')]],
  },
  {
    id: 'room-edge-lost',
    bug: 'ignores EPOLLOUT, so that the bytes for a slow reader wait for ever',
    caughtBy: 'paces-down',
    cause: 'edge-missed',
    edits: [[ROOM, '']],
  },
  {
    id: 'room-edge-lost-upstream',
    bug: 'goes on after EPOLLOUT with clients only, not with the upstream',
    caughtBy: 'paces-up',
    cause: 'edge-missed',
    edits: [[ROOM_UP, ROOM_UP.replace('events)', 'events & ~EPOLLOUT)')]],
  },
  {
    id: 'both-over-and-kept',
    bug: 'keeps a pair whose sides have both finished',
    caughtBy: 'endings',
    cause: 'shutdown-without-close',
    edits: [[BOTH_OVER, '']],
  },
  {
    id: 'tables-too-short',
    bug: 'never enlarges its two tables, and a typed array ignores writes beyond its end',
    caughtBy: 'crowd',
    cause: 'edge-missed',
    edits: [[GROW, '  if (fd > 0) return;\n']],
  },
];

/** Bytes in pipes. */
export const pipeMutants: ListedMutant[] = [
  {
    id: 'pipe-back-to-front',
    bug: 'swaps the two ends of a pipe',
    caughtBy: 'bulk',
    cause: 'splice-failed',
    edits: [[PIPE_ENDS, '  const [into = -1, out = -1] = ends;\n']],
  },
  {
    id: 'pipe-emptied-in-part',
    bug: 'assumes that a splice out of the pipe empties it',
    caughtBy: 'paces-down',
    cause: 'pipe-not-emptied',
    edits: [[PART, '  pipe.filled = 0;\n']],
  },
  {
    id: 'pipe-hears-no-end',
    bug: 'takes the 0 of splice for "no bytes yet", so that it never passes the end of a stream on',
    caughtBy: 'finish-behind-bulk',
    cause: 'end-not-passed-on',
    edits: [[NOTHING, NOTHING.replace('  if', '  if (readN === 0) return 0;\n  if')]],
  },
  {
    id: 'end-overtakes-the-pipe',
    bug: 'passes an end on as soon as epoll reports it, although the pipe is not empty',
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
    bug: 'reuses a pipe that still contains bytes of a broken connection',
    caughtBy: 'reset-in-bulk',
    cause: 'pipe-not-empty',
    edits: [[KEEP_PIPE, '  if (sparePipes.length < SPARE_PIPES) {\n']],
  },
  {
    id: 'pipes-never-closed',
    bug: 'neither keeps nor closes a pipe that is no longer needed',
    caughtBy: 'descriptors-stay',
    cause: 'pipes-left-open',
    edits: [
      [KEEP_PIPE, '  if (pipe.filled < 0) {\n'],
      [CLOSE_PIPE, '}\n\n/**\n'],
    ],
  },
  {
    id: 'half-a-pipe-closed',
    bug: 'closes only one end of a pipe that contains bytes of a broken connection',
    caughtBy: 'descriptors-stay',
    cause: 'pipes-left-open',
    edits: [[CLOSE_PIPE, CLOSE_PIPE.replace('  close(pipe.into);\n', '')]],
  },
  {
    id: 'no-pipe-no-proxy',
    bug: 'exits when there is no descriptor left for a pipe',
    caughtBy: 'no-pipes-left',
    cause: 'call-failed-exit',
    edits: [[NO_PIPE, NO_PIPE.replace('return undefined', "die('pipe2')")]],
  },
];

/** Several processes. */
export const workerMutants: ListedMutant[] = [
  {
    id: 'second-door-unwatched',
    bug: 'lets the second process listen, but never accept',
    caughtBy: 'several',
    cause: 'door-unwatched',
    edits: [[ATTACH_LISTENER, ATTACH_LISTENER.replace('listenSockFd', '...(IS_WORKER ? [] : [listenSockFd])')]],
  },
  {
    id: 'one-process-too-many',
    bug: 'starts the full number of processes in addition to itself',
    caughtBy: 'several',
    cause: 'too-many-processes',
    edits: [['let workerN = 1; workerN < WORKERS', 'let workerN = 0; workerN < WORKERS']],
  },
  {
    id: 'port-not-shared',
    bug: 'does not set SO_REUSEPORT, so that the second process cannot bind the port',
    caughtBy: 'one-stopped',
    cause: 'port-not-shared',
    edits: [[SHARE, '']],
  },
  {
    id: 'dead-worker-reported-for-ever',
    bug: 'does not close the descriptor that reported the exit of a process, so epoll reports it again and again',
    caughtBy: 'worker-killed',
    cause: 'event-not-handled',
    edits: [[WORKER_GONE, WORKER_GONE.replace('  close(fd);\n', '')]],
  },
  {
    id: 'first-follows-the-second',
    bug: 'exits when a process that it has started exits',
    caughtBy: 'worker-killed',
    cause: 'left-with-worker',
    edits: [[WORKER_GONE, `  process.exit(1);\n${WORKER_GONE}`]],
  },
  {
    id: 'second-cuts-off',
    bug: 'makes the second process exit at once when the first one gets SIGTERM',
    caughtBy: 'all-drain',
    cause: 'worker-left-too-early',
    edits: [[LEADER_GONE, '  process.exit(0);\n']],
  },
  {
    id: 'end-of-first-told-for-ever',
    bug: 'does not close the descriptor that reported the exit of the first process, so epoll reports it again and again',
    caughtBy: 'all-drain',
    cause: 'event-not-handled',
    edits: [[LEADER_GONE, LEADER_GONE.replace('  close(0);\n', '')]],
  },
  {
    id: 'first-does-not-wait',
    bug: 'makes the first process exit when its own clients have closed',
    caughtBy: 'all-drain',
    cause: 'first-did-not-wait',
    edits: [[THE_END, THE_END.replace(' && workers.size === 0', '')]],
  },
  {
    id: 'door-inherited',
    bug: 'starts the second process after opening the listening socket, so that it inherits a copy',
    caughtBy: 'all-drain',
    cause: 'door-inherited',
    edits: [[ORDER, "  listenSockFd = createServer('0.0.0.0', PORT);\n  startWorkers();\n"]],
  },
  {
    id: 'first-ends-unnoticed',
    bug: 'does not watch the descriptor that reports the exit of the first process',
    caughtBy: 'first-killed',
    cause: 'end-of-first-unseen',
    edits: [[WATCH_LEADER, 'IS_WORKER ? [] : ']],
  },
];
