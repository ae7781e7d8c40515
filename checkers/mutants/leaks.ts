/** Mutants of milestone 4.2: leaks of every connection, until there is no room. */
import type { ListedMutant } from './mutant.ts';
import { BUFFER, CLOSE_BOTH, FORGET_ROW, FROM_CLIENT, FROM_UPSTREAM, IMPORT, LINK } from './parts.ts';

const FORGET_BOTH =
  '  remove(connSocks, connSocks.indexOf(connSockFd));\n  remove(upstreamSocks, upstreamSocks.indexOf(upstreamSockFd));\n';
const ROOM = 'routeTable.length < MAX_SOCKS';

export const leakMutants: ListedMutant[] = [
  {
    id: 'filter-without-effect',
    bug: 'calls filter to remove a row and drops its result, so the table fills up',
    caughtBy: 'sequence',
    cause: 'row-not-removed',
    edits: [[FORGET_ROW, '  routeTable.filter(([conn]) => conn !== connSockFd);\n']],
  },
  {
    id: 'row-by-reference',
    bug: 'searches for a row with indexOf, which never finds a new array with equal contents',
    caughtBy: 'sequence',
    cause: 'row-not-removed',
    edits: [[FORGET_ROW, '  remove(routeTable, routeTable.indexOf([connSockFd, upstreamSockFd]));\n']],
  },
  {
    id: 'row-marked-as-free',
    bug: 'marks a row as free and never reuses it',
    caughtBy: 'sequence',
    cause: 'row-not-removed',
    edits: [[FORGET_ROW, '  routeTable[routeTable.findIndex(([conn]) => conn === connSockFd)] = [-1, -1];\n']],
  },
  {
    id: 'counts-for-life',
    bug: 'counts clients that connect and not those that close, so it rejects the 129th client',
    caughtBy: 'sequence',
    cause: 'turned-away',
    edits: [
      [BUFFER, `${BUFFER}let clients = 0;\n`],
      [LINK, `  clients += 1;\n${LINK.replace(ROOM, 'clients <= MAX_SOCKS')}`],
    ],
  },
  {
    id: 'counts-clients-that-leave-first',
    bug: 'does not decrement its count of clients when the upstream ended first',
    caughtBy: 'sequence',
    cause: 'turned-away',
    edits: [
      [BUFFER, `${BUFFER}let clients = 0;\n`],
      [LINK, `  clients += 1;\n${LINK.replace(ROOM, 'clients <= MAX_SOCKS')}`],
      [FROM_CLIENT, `  if (readN <= 0) clients -= 1;\n${FROM_CLIENT}`],
    ],
  },
  {
    id: 'clients-never-taken-out',
    bug: 'never removes a client from connSocks, and uses its length as the count',
    caughtBy: 'sequence',
    cause: 'turned-away',
    edits: [
      ['  remove(connSocks, connSocks.indexOf(connSockFd));\n', ''],
      [LINK, LINK.replace(ROOM, 'connSocks.length < MAX_SOCKS')],
    ],
  },
  {
    id: 'shutdown-without-close',
    bug: 'calls shutdown on both sockets and never closes them',
    caughtBy: 'sequence',
    cause: 'shutdown-without-close',
    edits: [
      [IMPORT, `${IMPORT}  EPOLL_CTL_DEL,\n  SHUT_RDWR,\n  shutdown,\n`],
      [
        CLOSE_BOTH,
        `  for (const fd of [connSockFd, upstreamSockFd]) {
    epoll_ctl(epollFd, EPOLL_CTL_DEL, fd, null);
    shutdown(fd, SHUT_RDWR);
  }
}
`,
      ],
    ],
  },
  {
    id: 'closes-only-the-other-side',
    bug: 'stops watching the socket of the side that ended, and closes only the other one',
    caughtBy: 'sequence',
    cause: 'ended-side-not-closed',
    edits: [
      [IMPORT, `${IMPORT}  EPOLL_CTL_DEL,\n`],
      [FROM_CLIENT, FROM_CLIENT.replace('upstreamSockFd);', 'upstreamSockFd, connSockFd);')],
      [FROM_UPSTREAM, FROM_UPSTREAM.replace('upstreamSockFd);', 'upstreamSockFd, upstreamSockFd);')],
      [
        'closePair(connSockFd: number, upstreamSockFd: number)',
        'closePair(connSockFd: number, upstreamSockFd: number, left: number)',
      ],
      [
        CLOSE_BOTH,
        `  epoll_ctl(epollFd, EPOLL_CTL_DEL, left, null);
  close(left === connSockFd ? upstreamSockFd : connSockFd);
}
`,
      ],
    ],
  },
  {
    id: 'client-that-left-stays-open',
    bug: "closes the upstream when the client has closed, and only stops watching the client's socket",
    caughtBy: 'sequence',
    cause: 'ended-side-not-closed',
    edits: [
      [IMPORT, `${IMPORT}  EPOLL_CTL_DEL,\n`],
      [
        FROM_CLIENT,
        `  if (readN <= 0) {
${FORGET_BOTH}${FORGET_ROW}    epoll_ctl(epollFd, EPOLL_CTL_DEL, connSockFd, null);
    close(upstreamSockFd);
  } else if (!sendAll(upstreamSockFd, readN)) closePair(connSockFd, upstreamSockFd);
`,
      ],
    ],
  },
  {
    id: 'upstream-that-left-stays-open',
    bug: 'closes the client when its upstream has ended, and only stops watching the upstream socket',
    caughtBy: 'sequence',
    cause: 'ended-side-not-closed',
    edits: [
      [IMPORT, `${IMPORT}  EPOLL_CTL_DEL,\n`],
      [
        FROM_UPSTREAM,
        `  if (readN <= 0) {
${FORGET_BOTH}${FORGET_ROW}    epoll_ctl(epollFd, EPOLL_CTL_DEL, upstreamSockFd, null);
    close(connSockFd);
  } else if (!sendAll(connSockFd, readN)) closePair(connSockFd, upstreamSockFd);
`,
      ],
    ],
  },
];
