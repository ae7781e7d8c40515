/** Mutants of stage 8: which upstreams are chosen, counted and passed over, and the fate of the client. */
import type { ListedMutant } from './mutant.ts';

const TURN_GOES_ON = '    turn = (place + 1) % upstreams.length;\n';
const IN_TURN = '    if (upstream === undefined || !candidates.includes(upstream)) continue;\n';
const ADDRESS = "sockaddr_in('127.0.0.1', upstream.port)";
const FEWEST = 'Math.min(...candidates.map(({ open }) => open))';
const ONLY_FEWEST = '  return candidates.filter(({ open }) => open === fewest);\n';
const ONE_LESS = '  if (upstream !== undefined) upstream.open -= 1;\n';
const ONE_MORE = '  upstream.open += 1;\n';
const TAKEN = '    upstream.total += 1;\n';
const SAY = '  send(sockFd, line, line.length, 0);\n  close(sockFd);\n';
const NUMBERS = 'open=${open} total=${total} failed=${failed}';
const UP_OR_DOWN = "${retryAt === 0 ? 'up' : 'down'}";
const UNTOUCHED = '  loopAttach(epollFd, connSockFd, 0);\n';
const LEFT = 'upstreams.filter((upstream) => !triedSoFar.has(upstream))';
const UP_FIRST = '  return up.length > 0 ? up : left;\n';
const FAILED = '  upstream.failed += 1;\n';
const WHEN = '  upstream.failed += 1;\n  upstream.retryAt = performance.now() + RETRY_AFTER_MS;\n';
const UP_AGAIN = '  upstream.retryAt = 0;\n';
const NEXT_ONE = '  if (!linkUpstream(connSockFd)) closeClient(connSockFd);\n}\n\n/** The handshake';
const DROP = '  closeUpstream(upstreamSockFd);\n  if (!linkUpstream(connSockFd)) closeClient(connSockFd);\n';
const REFUSED = '    refused.add(upstreamSockFd);\n';
const MARKED = '  if (upstream !== undefined) markDown(upstream);\n';
const OVERDUE = '    handOn(upstreamSockFd);\n  }\n';
const UPSTREAM_BROKE =
  '  if (!handleEvents(upstreamSockFd, connSockFd, events)) resetPair(connSockFd, upstreamSockFd);\n';
const DRAIN = '    startDraining();\n';

/** forget: the bytes that wait for a socket. */
const WAITS = '  waiting.delete(fd);\n  ended.delete(fd);\n';

export const sharingMutants: ListedMutant[] = [
  {
    id: 'turn-stands-still',
    bug: 'does not move the turn on, so that the first upstream gets all clients',
    caughtBy: 'in-turn',
    cause: 'one-upstream-only',
    edits: [[TURN_GOES_ON, '']],
  },
  {
    id: 'first-port-for-all',
    bug: 'chooses an upstream, and connects to the port of the first one',
    caughtBy: 'in-turn',
    cause: 'one-upstream-only',
    edits: [[ADDRESS, "sockaddr_in('127.0.0.1', UPSTREAM_PORTS[0] ?? 0)"]],
  },
  {
    id: 'last-left-out',
    bug: 'goes back to the first upstream one too early, so that the last one never gets its turn',
    caughtBy: 'in-turn',
    cause: 'upstream-left-out',
    edits: [[TURN_GOES_ON, '    turn = (place + 1) % (upstreams.length - 1);\n']],
  },
  {
    id: 'fewest-so-far',
    bug: 'chooses the upstream with the fewest connections so far, a count that changes only after the handshake',
    caughtBy: 'at-once',
    cause: 'same-one-again',
    edits: [
      [IN_TURN, `${IN_TURN}    if (candidates.some(({ total }) => total < upstream.total)) continue;\n`],
      [TURN_GOES_ON, ''],
    ],
  },
  {
    id: 'balance-ignored',
    bug: 'always goes in turn and ignores BALANCE',
    caughtBy: 'fewest-open',
    cause: 'not-the-fewest',
    edits: [[ONLY_FEWEST, '  return fewest < 0 ? [] : candidates;\n']],
  },
  {
    id: 'most-instead-of-fewest',
    bug: 'looks for the most open connections instead of the fewest',
    caughtBy: 'fewest-open',
    cause: 'not-the-fewest',
    edits: [[FEWEST, FEWEST.replace('min', 'max')]],
  },
  {
    id: 'never-counts-down',
    bug: 'counts connections when they are opened, and does not decrement the count when they end',
    caughtBy: 'fewest-open',
    cause: 'not-the-fewest',
    edits: [[ONE_LESS, '']],
  },
  {
    id: 'first-of-equals',
    bug: 'takes the first upstream among equals, which so gets every client that comes and goes',
    caughtBy: 'fewest-open',
    cause: 'same-one-again',
    edits: [[ONLY_FEWEST, ONLY_FEWEST.replace(';', '.slice(0, 1);')]],
  },
  {
    id: 'counts-late',
    bug: 'counts a connection only after its handshake, so that clients that connect at once all go to one upstream',
    caughtBy: 'fewest-open',
    cause: 'not-the-fewest',
    edits: [
      [ONE_MORE, ''],
      [TAKEN, `${TAKEN}    upstream.open += 1;\n    counted.add(upstreamSockFd);\n`],
      [ONE_LESS, ONE_LESS.replace('undefined', 'undefined && counted.delete(upstreamSockFd)')],
      ['let turn = 0;\n', 'let turn = 0;\nconst counted = new Set<number>();\n'],
    ],
  },
  {
    id: 'status-without-end',
    bug: 'sends its status and leaves the connection open',
    caughtBy: 'status',
    cause: 'status-not-closed',
    edits: [[SAY, '  send(sockFd, line, line.length, 0);\n']],
  },
  {
    id: 'status-in-lines',
    bug: 'writes one line for each upstream instead of one line for all',
    caughtBy: 'status',
    cause: 'status-malformed',
    edits: [["    .join('; ');\n", "    .join('\\n');\n"]],
  },
  {
    id: 'status-swaps-numbers',
    bug: 'swaps the numbers of open and total',
    caughtBy: 'status',
    cause: 'status-miscounted',
    edits: [[NUMBERS, 'open=${total} total=${open} failed=${failed}']],
  },
  {
    id: 'status-for-all',
    bug: 'offers its status to other machines, too',
    caughtBy: 'status',
    cause: 'status-for-others',
    edits: [["createServer('127.0.0.1', STATUS_PORT)", "createServer('0.0.0.0', STATUS_PORT)"]],
  },
];

export const failoverMutants: ListedMutant[] = [
  {
    id: 'refusal-ends-client',
    bug: 'drops a client when the first upstream does not accept it',
    caughtBy: 'one-refuses',
    cause: 'not-handed-on',
    edits: [[NEXT_ONE, NEXT_ONE.replace('if (!linkUpstream(connSockFd)) ', '')]],
  },
  {
    id: 'fewest-of-all',
    bug: 'takes the minimum over all upstreams, of which the dead have the fewest, and finds no candidate with so few',
    caughtBy: 'one-refuses',
    cause: 'gave-up-without-a-try',
    edits: [[FEWEST, 'Math.min(...upstreams.map(({ open }) => open))']],
  },
  {
    id: 'fewest-only-when-all-are-up',
    bug: 'ignores BALANCE while an upstream is down',
    caughtBy: 'one-refuses',
    cause: 'not-the-fewest',
    edits: [["BALANCE === 'least-connections' ?", "BALANCE === 'least-connections' && allAreUp ?"]],
  },
  {
    id: 'hangs-with-upstream',
    bug: 'drops a client when the handshake takes too long',
    caughtBy: 'one-hangs',
    cause: 'not-handed-on',
    edits: [[OVERDUE, '    closePair(findMatchingConn(upstreamSockFd), upstreamSockFd);\n  }\n']],
  },
  {
    id: 'reads-before-linked',
    bug: 'reads a client before an upstream has accepted it, and loses the bytes with the failed socket',
    caughtBy: 'one-hangs',
    cause: 'read-too-early',
    edits: [[UNTOUCHED, UNTOUCHED.replace(', 0)', ', EPOLLIN)')]],
  },
  {
    id: 'failure-not-noted',
    bug: 'counts a failure, but does not note that the upstream is down',
    caughtBy: 'remembered',
    cause: 'failure-forgotten',
    edits: [[WHEN, FAILED]],
  },
  {
    id: 'passes-no-upstream-over',
    bug: 'knows which upstreams are down, and tries them like all others',
    caughtBy: 'remembered',
    cause: 'failure-forgotten',
    edits: [[UP_FIRST, '  return up.length > 0 ? left : left;\n']],
  },
  {
    id: 'turn-by-one',
    bug: 'always moves the turn on by one place, so the upstream after a dead one gets twice as many clients',
    caughtBy: 'remembered',
    cause: 'same-one-again',
    edits: [[TURN_GOES_ON, '    turn = (turn + 1) % upstreams.length;\n']],
  },
  {
    id: 'down-for-ever',
    bug: 'never retries an upstream after a failure',
    caughtBy: 'comes-back',
    cause: 'never-tried-again',
    edits: [[WHEN, `${FAILED}  upstream.retryAt = Infinity;\n`]],
  },
  {
    id: 'down-for-seconds',
    bug: 'takes RETRY_AFTER_MS for seconds',
    caughtBy: 'comes-back',
    cause: 'never-tried-again',
    edits: [[WHEN, WHEN.replace('RETRY_AFTER_MS', 'RETRY_AFTER_MS * 1000')]],
  },
  {
    id: 'never-marked-up',
    bug: 'does not mark a recovered upstream as up, so that it gets a client only now and then',
    caughtBy: 'comes-back',
    cause: 'not-marked-up',
    edits: [[UP_AGAIN, '']],
  },
  {
    id: 'moves-clients',
    bug: 'links a client to another upstream after its own upstream has died',
    caughtBy: 'dies-at-work',
    cause: 'moved-midway',
    edits: [
      [UPSTREAM_BROKE, UPSTREAM_BROKE.replace('resetPair(connSockFd, upstreamSockFd)', 'handOn(upstreamSockFd)')],
    ],
  },
  {
    id: 'refuses-when-all-are-down',
    bug: 'drops clients without an attempt while all upstreams are marked down',
    caughtBy: 'all-dead',
    cause: 'gave-up-without-a-try',
    edits: [[UP_FIRST, '  return up;\n']],
  },
  {
    id: 'tries-the-same-again',
    bug: 'forgets which upstreams it has tried for a client, and loops while all are dead',
    caughtBy: 'all-dead',
    cause: 'retries-for-ever',
    edits: [[LEFT, 'upstreams.filter(() => triedSoFar.size >= 0)']],
  },
  {
    id: 'keeps-hopeless-clients',
    bug: 'keeps a client that no upstream has accepted',
    caughtBy: 'all-dead',
    cause: 'client-not-released',
    edits: [[NEXT_ONE, NEXT_ONE.replace('if (!linkUpstream(connSockFd)) closeClient', 'linkUpstream')]],
  },
  {
    id: 'always-says-up',
    bug: 'reports every upstream as up',
    caughtBy: 'status-down',
    cause: 'status-miscounted',
    edits: [[UP_OR_DOWN, "${retryAt === 0 ? 'up' : 'up'}"]],
  },
  {
    id: 'total-counts-attempts',
    bug: 'counts connections when it opens them, not when the upstream has accepted them',
    caughtBy: 'status-down',
    cause: 'status-miscounted',
    edits: [
      [TAKEN, ''],
      [ONE_MORE, `${ONE_MORE}  upstream.total += 1;\n`],
    ],
  },
  {
    id: 'failures-not-counted',
    bug: 'marks an upstream down, and does not count the failure',
    caughtBy: 'status-down',
    cause: 'status-miscounted',
    edits: [[WHEN, WHEN.replace(FAILED, '')]],
  },
  {
    id: 'counts-refusals-twice',
    bug: 'counts a refusal twice: when it arrives and when the client gets the next upstream',
    caughtBy: 'status-down',
    cause: 'status-miscounted',
    edits: [[REFUSED, `${REFUSED}    if (upstream !== undefined) upstream.failed += 1;\n`]],
  },
  {
    id: 'hang-not-counted',
    bug: 'marks an upstream down after a handshake without an answer, and does not count the failure',
    caughtBy: 'status-down',
    cause: 'status-miscounted',
    edits: [[MARKED, `${MARKED}  if (upstream !== undefined && !refused.has(upstreamSockFd)) upstream.failed -= 1;\n`]],
  },
  {
    id: 'hang-not-noted',
    bug: 'marks upstreams down that refuse, and not those that answer no handshake',
    caughtBy: 'status-down',
    cause: 'status-miscounted',
    edits: [[MARKED, MARKED.replace('undefined', 'undefined && refused.has(upstreamSockFd)')]],
  },
  {
    id: 'one-limit-for-all-attempts',
    bug: 'drops a client when a second upstream answers no handshake: all attempts share one timeout',
    caughtBy: 'status-down',
    cause: 'not-handed-on',
    edits: [
      [
        OVERDUE,
        `    const conn = findMatchingConn(upstreamSockFd);\n    if ((tried.get(conn)?.size ?? 0) > 1) closePair(conn, upstreamSockFd);\n    else handOn(upstreamSockFd);\n  }\n`,
      ],
    ],
  },
  {
    id: 'keeps-what-waits',
    bug: 'closes a pair and keeps the bytes for its client, and the next client with the same descriptor gets them',
    caughtBy: 'leftovers',
    cause: 'rest-for-a-stranger',
    edits: [[WAITS, '  ended.delete(fd);\n']],
  },
  {
    id: 'leaks-refused-sockets',
    bug: 'does not close the socket of a failed attempt',
    caughtBy: 'leftovers',
    cause: 'refused-socket-kept',
    edits: [
      [
        DROP,
        '  countOut(upstreamSockFd);\n  routesBack.delete(upstreamSockFd);\n  connecting.delete(upstreamSockFd);\n' +
          '  refused.delete(upstreamSockFd);\n  loopDetach(epollFd, upstreamSockFd);\n' +
          '  if (!linkUpstream(connSockFd)) closeClient(connSockFd);\n',
      ],
    ],
  },
  {
    id: 'hands-on-once',
    bug: 'tries two upstreams for a client, and no third',
    caughtBy: 'all-dead',
    cause: 'not-handed-on',
    edits: [[UP_FIRST, '  if (triedSoFar.size > 1) return [];\n  return up.length > 0 ? up : left;\n']],
  },
  {
    id: 'leaves-in-a-hurry',
    bug: 'exits at once on SIGTERM',
    caughtBy: 'drain',
    cause: 'left-too-early',
    edits: [[DRAIN, '    process.exit(0);\n']],
  },
];
