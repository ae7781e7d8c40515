/** Mutants of milestone 4.2: the two sides of a pair mismatched, even with a single pair. */
import type { ListedMutant } from './mutant.ts';
import { ADD_ROW, FIND_CLIENT, FIND_UPSTREAM } from './parts.ts';

export const matchMutants: ListedMutant[] = [
  {
    id: 'row-not-stored',
    bug: 'never puts the pair into the route table',
    caughtBy: 'round-trip',
    cause: 'no-row-found',
    edits: [[ADD_ROW, '']],
  },
  {
    id: 'row-swapped',
    bug: 'swaps the two halves of a row',
    caughtBy: 'round-trip',
    cause: 'no-row-found',
    edits: [[ADD_ROW, '  routeTable.push([upstreamSockFd, connSockFd]);\n']],
  },
  {
    id: 'lists-swapped',
    bug: 'puts the client into the list of upstream sockets and the upstream socket into the list of clients',
    caughtBy: 'round-trip',
    cause: 'no-row-found',
    edits: [
      ['  connSocks.push(connSockFd);\n', '  upstreamSocks.push(connSockFd);\n'],
      ['  upstreamSocks.push(upstreamSockFd);\n', '  connSocks.push(upstreamSockFd);\n'],
    ],
  },
  {
    id: 'every-socket-is-a-client',
    bug: 'takes every socket for a connection socket',
    caughtBy: 'round-trip',
    cause: 'no-row-found',
    edits: [['return connSocks.includes(fd);', 'return connSocks.length > 0;']],
  },
  {
    id: 'in-operator',
    bug: "tests `fd in connSocks`, which searches the list's indexes, not its entries",
    caughtBy: 'round-trip',
    cause: 'event-not-handled',
    edits: [['return connSocks.includes(fd);', 'return fd in connSocks;']],
  },
  {
    id: 'index-as-truth',
    bug: 'takes index 0 for "not found"',
    caughtBy: 'round-trip',
    cause: 'event-not-handled',
    edits: [['return upstreamSocks.includes(fd);', 'return upstreamSocks.indexOf(fd) > 0;']],
  },
  {
    id: 'its-own-partner',
    bug: 'returns the client itself as its matching upstream',
    caughtBy: 'round-trip',
    cause: 'sent-back',
    edits: [[FIND_UPSTREAM, FIND_UPSTREAM.replace('return upstream', 'return conn')]],
  },
  {
    id: 'next-row',
    bug: 'reads the row after the right one',
    caughtBy: 'round-trip',
    cause: 'no-row-found',
    edits: [
      [
        FIND_CLIENT,
        `  for (let i = 0; i < routeTable.length; i += 1) {
    if (routeTable[i][1] === upstreamSockFd) return routeTable[i + 1]?.[0] ?? -1;
  }
`,
      ],
    ],
  },
  {
    id: 'descriptor-as-text',
    bug: 'keeps the routes in an object, whose keys are strings, and passes such a string to send',
    caughtBy: 'round-trip',
    cause: 'uncaught-error',
    edits: [
      [
        FIND_CLIENT,
        `  const routes: Record<string, number> = Object.fromEntries(routeTable);
  for (const conn in routes) {
    if (routes[conn] === upstreamSockFd) return conn as unknown as number;
  }
`,
      ],
    ],
  },
];
