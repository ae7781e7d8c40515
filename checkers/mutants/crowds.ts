/** Mutants of stage 4: right for one direction or one client at a time, wrong for several. */
import type { ListedMutant } from './mutant.ts';
import {
  ADD_ROW,
  BATCH_END,
  BUFFER,
  FIND_CLIENT,
  FIND_UPSTREAM,
  FROM_CLIENT,
  FROM_UPSTREAM,
  IMPORT,
  SMALL_BUFFER,
} from './parts.ts';

/** Sends all of `bytes`, as sendAll does with the buffer. */
function sendWhole(to: string): string {
  return `for (let sent = 0, n = 0; n !== -1 && sent < bytes.length; sent += n) n = send(${to}, bytes.subarray(sent), bytes.length - sent, 0);`;
}

const ATTACH_LISTENER = '  loopAttach(epollFd, listenSockFd, EPOLLIN);\n';
const IS_CLIENT = 'return connSocks.includes(fd);';

export const crowdMutants: ListedMutant[] = [
  {
    id: 'batch-of-views',
    bug: 'receives all bytes of a batch of events into one buffer, and sends afterwards',
    caughtBy: 'both-directions',
    cause: 'buffer-reused',
    edits: [
      [BUFFER, `${SMALL_BUFFER}const batch: [sockFd: number, bytes: Buffer][] = [];\n`],
      [
        FROM_CLIENT,
        FROM_CLIENT.replace(
          '!sendAll(upstreamSockFd, readN)',
          '!batch.push([upstreamSockFd, buffer.subarray(0, readN)])',
        ),
      ],
      [
        FROM_UPSTREAM,
        FROM_UPSTREAM.replace('!sendAll(connSockFd, readN)', '!batch.push([connSockFd, buffer.subarray(0, readN)])'),
      ],
      [BATCH_END, `${BATCH_END}    for (const [sockFd, bytes] of batch.splice(0)) ${sendWhole('sockFd')}\n`],
    ],
  },
  {
    id: 'batch-to-one',
    bug: 'sends all bytes of a batch of events to the partner of the last one',
    caughtBy: 'both-directions',
    cause: 'received-not-sent',
    edits: [
      [BUFFER, `${SMALL_BUFFER}const batch: Buffer[] = [];\nlet target = -1;\n`],
      [
        FROM_CLIENT,
        `  target = upstreamSockFd;
${FROM_CLIENT.replace('!sendAll(upstreamSockFd, readN)', '!batch.push(Buffer.from(buffer.subarray(0, readN)))')}`,
      ],
      [
        FROM_UPSTREAM,
        `  target = connSockFd;
${FROM_UPSTREAM.replace('!sendAll(connSockFd, readN)', '!batch.push(Buffer.from(buffer.subarray(0, readN)))')}`,
      ],
      [BATCH_END, `${BATCH_END}    for (const bytes of batch.splice(0)) ${sendWhole('target')}\n`],
    ],
  },
  {
    id: 'global-upstream',
    bug: 'keeps the upstream socket in one variable, so all clients use the upstream connection of the newest client',
    caughtBy: 'fifty-clients',
    cause: 'sent-to-wrong-socket',
    edits: [
      [BUFFER, `${BUFFER}let upstreamNow = -1;\n`],
      [ADD_ROW, `${ADD_ROW}  upstreamNow = upstreamSockFd;\n`],
      [FROM_CLIENT, FROM_CLIENT.replace('sendAll(upstreamSockFd', 'sendAll(upstreamNow')],
    ],
  },
  {
    id: 'global-client',
    bug: 'keeps the client in one variable, so every answer goes to the newest client',
    caughtBy: 'fifty-clients',
    cause: 'sent-to-wrong-socket',
    edits: [
      [BUFFER, `${BUFFER}let clientNow = -1;\n`],
      [ADD_ROW, `${ADD_ROW}  clientNow = connSockFd;\n`],
      [FROM_UPSTREAM, FROM_UPSTREAM.replace('sendAll(connSockFd', 'sendAll(clientNow')],
    ],
  },
  {
    id: 'client-who-spoke-last',
    bug: 'sends every answer to the client that last connected or sent',
    caughtBy: 'fifty-clients',
    cause: 'sent-to-wrong-socket',
    edits: [
      [BUFFER, `${BUFFER}let clientNow = -1;\n`],
      [ADD_ROW, `${ADD_ROW}  clientNow = connSockFd;\n`],
      [FROM_CLIENT, `  clientNow = connSockFd;\n${FROM_CLIENT}`],
      [FROM_UPSTREAM, FROM_UPSTREAM.replace('sendAll(connSockFd', 'sendAll(clientNow')],
    ],
  },
  {
    id: 'always-the-first-row',
    bug: 'returns the upstream of the first row for every client',
    caughtBy: 'fifty-clients',
    cause: 'sent-to-wrong-socket',
    edits: [[FIND_UPSTREAM, '  for (const [, upstream] of routeTable) return upstream;\n']],
  },
  {
    id: 'always-the-last-row',
    bug: 'goes through all rows and returns the upstream of the last one',
    caughtBy: 'fifty-clients',
    cause: 'sent-to-wrong-socket',
    edits: [
      [
        FIND_UPSTREAM,
        '  let match = -1;\n  for (const [, upstream] of routeTable) match = upstream;\n  return match;\n',
      ],
    ],
  },
  {
    id: 'answers-the-first-row',
    bug: 'returns the client of the first row for every upstream socket',
    caughtBy: 'fifty-clients',
    cause: 'sent-to-wrong-socket',
    edits: [[FIND_CLIENT, '  for (const [conn] of routeTable) return conn;\n']],
  },
  {
    id: 'assignment-in-a-condition',
    bug: 'writes = instead of ===, so the first row matches every client',
    caughtBy: 'fifty-clients',
    cause: 'sent-to-wrong-socket',
    edits: [
      [
        FIND_CLIENT,
        `  for (let [conn, upstream] of routeTable) {
    if ((upstream = upstreamSockFd)) return conn;
  }
`,
      ],
    ],
  },
  {
    id: 'one-row',
    bug: 'writes every pair into the first row of the table',
    caughtBy: 'fifty-clients',
    cause: 'no-row-found',
    edits: [[ADD_ROW, '  routeTable[0] = [connSockFd, upstreamSockFd];\n']],
  },
  {
    id: 'knows-the-newest-client',
    bug: 'recognizes only the newest connection socket',
    caughtBy: 'fifty-clients',
    cause: 'event-not-handled',
    edits: [[IS_CLIENT, 'return connSocks.at(-1) === fd;']],
  },
  {
    id: 'sorted-as-text',
    bug: 'uses binary search in a list of sockets that sort() has ordered as text, where 100 comes before 20',
    caughtBy: 'fifty-clients',
    cause: 'event-not-handled',
    edits: [
      [ADD_ROW, `${ADD_ROW}  connSocks.sort();\n`],
      [
        IS_CLIENT,
        `let [low, high] = [0, connSocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((connSocks[middle] ?? 0) < fd) low = middle + 1;
    else high = middle;
  }
  return connSocks[low] === fd;`,
      ],
    ],
  },
  {
    id: 'ten-rows',
    bug: 'has room for ten pairs',
    caughtBy: 'fifty-clients',
    cause: 'turned-away',
    edits: [['MAX_SOCKS = 128', 'MAX_SOCKS = 10']],
  },
  {
    id: 'listener-edge-triggered',
    bug: 'watches the listening socket edge-triggered but accepts one client per event',
    milestone: '4.1',
    caughtBy: 'one-each',
    cause: 'edge-triggered-not-drained',
    edits: [
      [IMPORT, `${IMPORT}  EPOLLET,\n`],
      [ATTACH_LISTENER, ATTACH_LISTENER.replace('EPOLLIN', 'EPOLLIN | EPOLLET')],
    ],
  },
];
