/** Mutants of stage 7: crowds, no descriptors left, and SIGTERM. */
import type { ListedMutant } from './mutant.ts';

const NONE_LEFT = "    if (errno() === 'EAGAIN') return true;\n";
const LISTENER = `export function createServer(): number {
  const sockFd = createSocket();
`;
const ATTACH_LISTENER = '  loopAttach(epollFd, listenSockFd, EPOLLIN);\n';
const IMPORT = '  EPOLLIN,\n';
const LINK = '  const upstreamSockFd = connectUpstream();\n';
/** linkClient: no upstream to link it to. */
const UNLINKED = '    close(connSockFd);\n    return;\n';
const REMEMBER = `  routeTable.set(connSockFd, upstreamSockFd);
  routesBack.set(upstreamSockFd, connSockFd);
`;
const FORGET = `  routeTable.delete(connSockFd);
  routesBack.delete(upstreamSockFd);
`;
const RESUME = '  if (pauseEnds !== Infinity) resumeListening();\n';
const PAUSE = '  pauseListening();\n}\n';
const END = '    if (draining && listenSockFd === -1 && routeTable.size === 0) process.exit(0);\n';
const CLOSE_DOOR =
  '    if (isDoorOpen && (knocked || draining) && acceptConnections(listenSockFd) && draining) closeListener();\n';
const ASKED_TWICE = '    if (draining) process.exit(1);\n';
const DRAIN = '    startDraining();\n';

const STILL_WAITING = '    waiting.delete(fd);\n    ended';

/** Milestone 7.2, where an entry names no other one. */
export const manyClientsMutants: ListedMutant[] = [
  {
    id: 'eagain-ends-crowd',
    bug: 'takes EAGAIN, which says that no further client waits, for a failure, and exits',
    milestone: '7.1',
    caughtBy: 'served',
    cause: 'call-failed-exit',
    edits: [[NONE_LEFT, "    if (errno() === 'EAGAIN') die('accept');\n"]],
  },
  {
    id: 'accept-loop-blocks',
    bug: 'goes on accepting on a blocking listening socket, and so waits for the next client',
    milestone: '7.1',
    caughtBy: 'served',
    cause: 'blocked-in-accept',
    edits: [[LISTENER, LISTENER.replace('createSocket()', 'socket(AF_INET, SOCK_STREAM, 0)')]],
  },
  {
    id: 'unlinked-kept',
    bug: 'never closes a client for which it could make no upstream socket',
    caughtBy: 'descriptors',
    cause: 'accepted-and-kept',
    edits: [[UNLINKED, '    return;\n']],
  },
  {
    id: 'one-row-for-all',
    bug: "keeps all clients in one row, so that the newest client gets the others' bytes",
    milestone: '7.1',
    caughtBy: 'served',
    cause: 'sent-to-wrong-socket',
    edits: [
      ['  return routesBack.get(upstreamSockFd) ?? -1;\n', '  return routesBack.has(upstreamSockFd) ? newest : -1;\n'],
      [REMEMBER, `${REMEMBER}  newest = connSockFd;\n`],
      ['let draining = false;\n', 'let draining = false;\nlet newest = -1;\n'],
    ],
  },
  {
    id: 'door-edge-triggered',
    bug: 'watches the listening socket edge-triggered, and stops accepting while clients still wait in the backlog',
    milestone: '7.1',
    caughtBy: 'knocks',
    cause: 'edge-triggered-not-drained',
    edits: [
      [ATTACH_LISTENER, ATTACH_LISTENER.replace('EPOLLIN', 'EPOLLIN | EPOLLET')],
      [IMPORT, `  EPOLLET,\n${IMPORT}`],
    ],
  },
  {
    id: 'room-for-two-hundred',
    bug: 'rejects clients when two hundred are connected',
    milestone: '7.1',
    caughtBy: 'crowd',
    cause: 'turned-away',
    edits: [[LINK, LINK.replace('connectUpstream()', 'routeTable.size < 200 ? connectUpstream() : -1')]],
  },
  {
    id: 'floods-leave-upstreams',
    bug: 'closes only the client when a pair ends',
    milestone: '7.1',
    caughtBy: 'flood',
    cause: 'partner-not-closed',
    edits: [['  close(connSockFd);\n  close(upstreamSockFd);\n', '  close(connSockFd);\n']],
  },
  {
    id: 'rest-for-a-stranger',
    bug: 'keeps the bytes for a reset client, and the next client with the same descriptor gets them',
    milestone: '7.1',
    caughtBy: 'flood',
    cause: 'rest-for-a-stranger',
    edits: [[STILL_WAITING, '    ended']],
  },
  {
    id: 'emfile-spins',
    bug: 'goes on listening while there are no descriptors left',
    caughtBy: 'descriptors',
    cause: 'emfile-spin',
    edits: [[PAUSE, '}\n']],
  },
  {
    id: 'emfile-ends',
    bug: 'exits when there are no descriptors left',
    caughtBy: 'descriptors',
    cause: 'call-failed-exit',
    edits: [[PAUSE, "  die('accept');\n}\n"]],
  },
  {
    id: 'emfile-sacrifice',
    bug: 'closes the oldest pair when there are no descriptors left',
    caughtBy: 'descriptors',
    cause: 'closed-before-end',
    edits: [
      [
        PAUSE,
        '  const [oldest] = routeTable;\n  if (oldest === undefined) return pauseListening();\n  closePair(...oldest);\n}\n',
      ],
    ],
  },
  {
    id: 'emfile-sleeps',
    bug: 'sleeps for a second when there are no descriptors left, and all clients wait meanwhile',
    caughtBy: 'descriptors',
    cause: 'sleeps-in-the-loop',
    edits: [[PAUSE, '  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);\n}\n']],
  },
  {
    id: 'door-stays-shut',
    bug: 'does not listen again once descriptors are free',
    caughtBy: 'descriptors',
    cause: 'listener-not-resumed',
    edits: [
      [RESUME, ''],
      ['  if (pauseEnds <= now) resumeListening();\n', '  if (pauseEnds <= now) pauseEnds = Infinity;\n'],
    ],
  },
  {
    id: 'no-signals',
    bug: 'does not handle SIGTERM, which ends it at once',
    caughtBy: 'goodbye',
    cause: 'killed',
    edits: [
      ['  signalFd = createSignals();\n', ''],
      ['  loopAttach(epollFd, signalFd, EPOLLIN);\n', ''],
    ],
  },
  {
    id: 'signals-unwatched',
    bug: 'makes a signalfd, and does not watch it',
    caughtBy: 'goodbye',
    cause: 'signals-not-watched',
    edits: [['  loopAttach(epollFd, signalFd, EPOLLIN);\n', '']],
  },
  {
    id: 'stays-for-ever',
    bug: 'closes its listening socket on SIGTERM, and then waits for events that cannot come',
    caughtBy: 'goodbye',
    cause: 'never-leaves',
    edits: [[END, '']],
  },
  {
    id: 'ends-with-one',
    bug: 'exits with code 1 although all went well',
    caughtBy: 'goodbye',
    cause: 'wrong-exit-code',
    edits: [[END, END.replace('exit(0)', 'exit(1)')]],
  },
  {
    id: 'rows-stay-in-map',
    bug: 'leaves the rows of closed pairs in both maps, and so counts them as open for ever',
    caughtBy: 'goodbye',
    cause: 'row-not-removed',
    edits: [[FORGET, '']],
  },
  {
    id: 'drops-its-pairs',
    bug: 'exits at once on SIGTERM, although pairs are open',
    caughtBy: 'drain',
    cause: 'left-too-early',
    edits: [[DRAIN, '    process.exit(0);\n']],
  },
  {
    id: 'silent-ones-sent-home',
    bug: 'closes on SIGTERM each connection that has been silent for a moment',
    caughtBy: 'drain',
    cause: 'closed-before-end',
    edits: [
      [
        DRAIN,
        `${DRAIN}    const moment = performance.now() - 50;
    for (const [fd, since] of lastActive) if (since < moment) closePair(fd, findMatchingUpstream(fd));
`,
      ],
    ],
  },
  {
    id: 'half-closed-sent-home',
    bug: 'takes a pair for done when one side has finished after SIGTERM',
    caughtBy: 'drain',
    cause: 'half-close-closes',
    edits: [['  if (!ended.has(toFd)) watchPair', '  if (!draining && !ended.has(toFd)) watchPair']],
  },
  {
    id: 'handshakes-not-counted',
    bug: 'exits when no linked pair is left, although the handshake of another one is under way',
    caughtBy: 'drain',
    cause: 'left-too-early',
    edits: [[END, END.replace('routeTable.size', 'lastActive.size')]],
  },
  {
    id: 'handshakes-dropped',
    bug: 'closes on SIGTERM each client that has no upstream yet',
    caughtBy: 'drain',
    cause: 'closed-before-end',
    edits: [[DRAIN, `${DRAIN}    for (const fd of connecting.keys()) closePair(findMatchingConn(fd), fd);\n`]],
  },
  {
    id: 'second-sigterm-ignored',
    bug: 'goes on draining after a second SIGTERM',
    caughtBy: 'drain',
    cause: 'second-signal-ignored',
    edits: [[ASKED_TWICE, '    if (draining) continue;\n']],
  },
  {
    id: 'door-stays-open',
    bug: 'accepts new clients after SIGTERM as long as old ones are connected',
    caughtBy: 'drain',
    cause: 'keeps-listening',
    edits: [
      [CLOSE_DOOR, '    if (isDoorOpen && (knocked || draining)) acceptConnections(listenSockFd);\n'],
      [END, END.replace(' && listenSockFd === -1', '')],
    ],
  },
  {
    id: 'throws-queue-away',
    bug: 'closes the listening socket at once on SIGTERM, and with it the clients in the backlog',
    caughtBy: 'queue',
    cause: 'queue-thrown-away',
    edits: [[DRAIN, `${DRAIN}    if (listenSockFd !== -1) closeListener();\n`]],
  },
  {
    id: 'door-after-one-turn',
    bug: 'closes the listening socket after one turn of accepting, although clients still wait in the backlog',
    caughtBy: 'queue',
    cause: 'queue-thrown-away',
    edits: [[CLOSE_DOOR, CLOSE_DOOR.replace('(listenSockFd) &&', '(listenSockFd) !== undefined &&')]],
  },
];
