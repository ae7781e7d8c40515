/** Mutants of milestone 4.1: accepting clients and connecting upstream. */
import type { ListedMutant } from './mutant.ts';
import {
  ACCEPT,
  ADD_ROW,
  ATTACH_CLIENT,
  ATTACH_UPSTREAM,
  BATCH_END,
  IMPORT,
  LINK,
  NO_LINK,
  UPSTREAM_ADDRESS,
} from './parts.ts';

const ATTACH_LISTENER = '  loopAttach(epollFd, listenSockFd, EPOLLIN);\n';

export const acceptMutants: ListedMutant[] = [
  {
    id: 'connects-at-start',
    bug: 'opens an extra upstream connection when it starts, and keeps it open',
    caughtBy: 'on-connect',
    cause: 'connects-too-early',
    edits: [[ATTACH_LISTENER, `${ATTACH_LISTENER}  connectUpstream();\n`]],
  },
  {
    id: 'connects-late',
    bug: "connects upstream only when the client's first bytes come, so an upstream that speaks first is never heard",
    caughtBy: 'on-connect',
    cause: 'connect-missing',
    edits: [
      [LINK + NO_LINK, ''],
      [`${ATTACH_UPSTREAM}  upstreamSocks.push(upstreamSockFd);\n${ADD_ROW}`, ''],
      [
        '  const upstreamSockFd = findMatchingUpstream(connSockFd);\n',
        `  let upstreamSockFd = findMatchingUpstream(connSockFd);
  if (upstreamSockFd === -1) {
    upstreamSockFd = connectUpstream();
    loopAttach(epollFd, upstreamSockFd, EPOLLIN);
    upstreamSocks.push(upstreamSockFd);
    routeTable.push([connSockFd, upstreamSockFd]);
  }
`,
      ],
    ],
  },
  {
    id: 'connects-twice',
    bug: 'opens one upstream connection as a test, and uses a second one',
    caughtBy: 'on-connect',
    cause: 'connects-twice',
    edits: [['  if (upstreamSockFd === -1) {\n', '  if (connectUpstream() === -1) {\n']],
  },
  {
    id: 'upstream-always-3000',
    bug: 'always connects to port 3000 and ignores UPSTREAM_PORT',
    caughtBy: 'on-connect',
    cause: 'upstream-wrong-port',
    edits: [['Number(process.env.UPSTREAM_PORT ?? 3000)', '3000']],
  },
  {
    id: 'upstream-port-bytes-swapped',
    bug: 'swaps the bytes of the upstream port by hand',
    caughtBy: 'on-connect',
    cause: 'upstream-wrong-port',
    edits: [[UPSTREAM_ADDRESS, "sockaddr_in('127.0.0.1', ((UPSTREAM_PORT & 0xff) << 8) | (UPSTREAM_PORT >> 8))"]],
  },
  {
    id: 'connects-to-itself',
    bug: 'connects to its own port and becomes its own client',
    caughtBy: 'on-connect',
    cause: 'upstream-wrong-port',
    edits: [[UPSTREAM_ADDRESS, "sockaddr_in('127.0.0.1', PORT)"]],
  },
  {
    id: 'localhost-as-address',
    bug: 'gives sockaddr_in a host name instead of an address',
    caughtBy: 'on-connect',
    cause: 'uncaught-error',
    edits: [[UPSTREAM_ADDRESS, "sockaddr_in('localhost', UPSTREAM_PORT)"]],
  },
  {
    id: 'no-connect',
    bug: 'makes a socket for the upstream and never connects it',
    caughtBy: 'on-connect',
    cause: 'connect-missing',
    edits: [[`if (connect(upstreamSockFd, ${UPSTREAM_ADDRESS}) === -1) {`, 'if (upstreamSockFd === -1) {']],
  },
  {
    id: 'listener-not-attached',
    bug: 'never tells epoll to watch the listening socket',
    caughtBy: 'on-connect',
    cause: 'not-attached',
    edits: [[ATTACH_LISTENER, '']],
  },
  {
    id: 'event-without-its-fd',
    bug: "stores the epoll instance's descriptor in every event, so it cannot tell the sockets apart",
    caughtBy: 'on-connect',
    cause: 'event-data-wrong',
    edits: [['data: { fd } })', 'data: { fd: epollFd } })']],
  },
  {
    id: 'listener-shadowed',
    bug: 'stores the listening socket in a new variable of main, so the loop does not know it',
    caughtBy: 'on-connect',
    cause: 'event-not-handled',
    edits: [['  listenSockFd = createServer();\n', '  const listenSockFd = createServer();\n']],
  },
  {
    id: 'epoll-shadowed',
    bug: 'stores the epoll instance in a new variable of main, so clients are attached to nothing',
    caughtBy: 'on-connect',
    cause: 'call-failed-exit',
    edits: [['  epollFd = createLoop();\n', '  const epollFd = createLoop();\n']],
  },
  {
    id: 'attaches-the-listener-again',
    bug: 'attaches the listening socket again instead of the new client',
    caughtBy: 'on-connect',
    cause: 'call-failed-exit',
    edits: [[ATTACH_CLIENT, ATTACH_CLIENT.replace('connSockFd', 'listenSockFd')]],
  },
  {
    id: 'all-event-slots',
    bug: 'handles MAX_EVENTS events although epoll_wait() filled in fewer',
    caughtBy: 'on-connect',
    cause: 'uncaught-error',
    edits: [
      [
        '    for (const event of events.slice(0, readyN)) {\n      const fd = event.data.fd;\n',
        '    for (let i = 0; i < MAX_EVENTS; i += 1) {\n      const fd = events[i].data.fd;\n',
      ],
    ],
  },
  {
    id: 'one-batch-only',
    bug: 'leaves the loop after one batch of events, so the program exits',
    caughtBy: 'on-connect',
    cause: 'loop-ended',
    edits: [[BATCH_END, `${BATCH_END}    break;\n`]],
  },
  {
    id: 'accepts-twice',
    bug: 'calls accept once as a test and again for use, which waits for a second client',
    caughtBy: 'on-connect',
    cause: 'blocked-in-accept',
    edits: [[ACCEPT, `  if (accept(listenSockFd) === -1) return;\n${ACCEPT}`]],
  },
  {
    id: 'one-client-at-a-time',
    bug: 'rejects every client while one is connected',
    caughtBy: 'one-each',
    cause: 'turned-away',
    edits: [[LINK, LINK.replace('< MAX_SOCKS', '< 1')]],
  },
  {
    id: 'room-for-four',
    bug: 'has room for only four clients',
    caughtBy: 'one-each',
    cause: 'turned-away',
    edits: [['MAX_SOCKS = 128', 'MAX_SOCKS = 4']],
  },
  {
    id: 'shared-upstream',
    bug: 'uses one upstream connection for all clients',
    caughtBy: 'one-each',
    cause: 'shared-upstream',
    edits: [
      [LINK, '  const upstreamSockFd = upstreamSocks[0] ?? connectUpstream();\n'],
      [
        `${ATTACH_UPSTREAM}  upstreamSocks.push(upstreamSockFd);\n`,
        `  if (!isUpstreamSock(upstreamSockFd)) {
    loopAttach(epollFd, upstreamSockFd, EPOLLIN);
    upstreamSocks.push(upstreamSockFd);
  }
`,
      ],
    ],
  },
  {
    id: 'listener-once',
    bug: 'watches the listening socket with EPOLLONESHOT and never arms it again',
    caughtBy: 'one-each',
    cause: 'one-shot-not-rearmed',
    edits: [
      [IMPORT, `${IMPORT}  EPOLLONESHOT,\n`],
      [ATTACH_LISTENER, ATTACH_LISTENER.replace('EPOLLIN', 'EPOLLIN | EPOLLONESHOT')],
    ],
  },
  {
    id: 'listener-closed-after-accept',
    bug: 'closes the listening socket once it has accepted the first client',
    caughtBy: 'one-each',
    cause: 'listener-closed',
    edits: [[ACCEPT, `${ACCEPT}  close(listenSockFd);\n`]],
  },
  {
    id: 'upstream-test-inverted',
    bug: 'closes the client if there is an upstream, and keeps it if there is none',
    caughtBy: 'one-each',
    cause: 'closed-before-end',
    edits: [['  if (upstreamSockFd === -1) {\n', '  if (upstreamSockFd !== -1) {\n']],
  },
  {
    id: 'connect-in-progress-is-failure',
    bug: 'connects without blocking and takes "in progress" for a failure',
    caughtBy: 'one-each',
    cause: 'in-progress-taken-for-failure',
    edits: [
      [IMPORT, `${IMPORT}  SOCK_NONBLOCK,\n`],
      [
        'const upstreamSockFd = socket(AF_INET, SOCK_STREAM, 0)',
        'const upstreamSockFd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)',
      ],
    ],
  },
  {
    id: 'new-client-replaces-the-old-one',
    bug: 'has one slot for a client and closes the previous client when the next one connects',
    caughtBy: 'one-each',
    cause: 'closed-before-end',
    edits: [[LINK, `  for (const [conn, upstream] of [...routeTable]) closePair(conn, upstream);\n${LINK}`]],
  },
];
