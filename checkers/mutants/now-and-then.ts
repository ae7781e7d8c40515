/** Mutants of stage 4 that nearly always relay correctly: their mistake needs a certain length, number or time to show. */
import type { ListedMutant } from './mutant.ts';
import { ADD_ROW, BUFFER, CLOSE_BOTH, FROM_CLIENT, FROM_UPSTREAM, IMPORT, LINK, UPSTREAM_ADDRESS } from './parts.ts';

const WAIT = 'epoll_wait(epollFd, events, MAX_EVENTS, -1)';
const RECEIVE_FROM_CLIENT = '  const readN = recv(connSockFd, buffer, buffer.length, MSG_DONTWAIT);\n';

/** closePair: sets SO_LINGER with a time of 0 on a socket before it is closed. */
function resetting(socket: string): ListedMutant['edits'] {
  return [
    [IMPORT, `${IMPORT}  SO_LINGER,\n`],
    [BUFFER, `${BUFFER}const onForZeroSeconds = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);\n`],
    [CLOSE_BOTH, `  setsockopt(${socket}, SOL_SOCKET, SO_LINGER, onForZeroSeconds);\n${CLOSE_BOTH}`],
  ];
}

export const nowAndThenMutants: ListedMutant[] = [
  {
    id: 'upstream-at-another-address',
    bug: 'connects to the upstream at 127.0.0.2, where nothing listens',
    milestone: '4.1',
    caughtBy: 'on-connect',
    cause: 'upstream-wrong-address',
    edits: [[UPSTREAM_ADDRESS, "sockaddr_in('127.0.0.2', UPSTREAM_PORT)"]],
  },
  {
    id: 'shares-with-who-came-just-before',
    bug: 'gives two clients the same upstream connection if the second connects before the first has sent anything',
    milestone: '4.1',
    caughtBy: 'one-each',
    cause: 'shared-upstream',
    edits: [
      [BUFFER, `${BUFFER}let newest = -1;\n`],
      [RECEIVE_FROM_CLIENT, `${RECEIVE_FROM_CLIENT}  newest = -1;\n`],
      [
        LINK,
        `  const shared = isUpstreamSock(newest);
  const upstreamSockFd = shared ? newest : connectUpstream();
  newest = upstreamSockFd;
  if (shared) {
    routeTable.push([connSockFd, upstreamSockFd]);
    return;
  }
`,
      ],
    ],
  },
  {
    id: 'greets',
    bug: 'greets every client with a line of its own',
    caughtBy: 'round-trip',
    cause: 'sent-unasked',
    edits: [[ADD_ROW, `${ADD_ROW}  sendAll(connSockFd, buffer.write('welcome\\n'));\n`]],
  },
  {
    id: 'drops-the-last-byte-of-a-full-buffer',
    bug: 'keeps room for a NUL, so the last byte is lost whenever a read fills the whole buffer',
    caughtBy: 'slow-upstream',
    cause: 'sent-less-than-received',
    edits: [
      [
        FROM_CLIENT,
        FROM_CLIENT.replace(
          'sendAll(upstreamSockFd, readN)',
          'sendAll(upstreamSockFd, Math.min(readN, buffer.length - 1))',
        ),
      ],
    ],
  },
  {
    id: 'remembers-answers',
    bug: 'caches the first answer to each request and repeats it for the same request',
    caughtBy: 'pieces',
    cause: 'answers-itself',
    edits: [
      [BUFFER, `${BUFFER}const answers = new Map<string, Buffer>();\nlet request = '';\n`],
      [
        RECEIVE_FROM_CLIENT,
        `${RECEIVE_FROM_CLIENT}  request = buffer.toString('latin1', 0, Math.max(0, readN));
  const answer = answers.get(request);
  if (answer !== undefined) {
    sendAll(connSockFd, answer.copy(buffer));
    return;
  }
`,
      ],
      [
        FROM_UPSTREAM,
        `  if (readN > 0 && request.startsWith('GET')) answers.set(request, Buffer.from(buffer.subarray(0, readN)));
${FROM_UPSTREAM}`,
      ],
    ],
  },
  {
    id: 'no-more-than-a-mebibyte',
    bug: 'passes on the first MiB of an answer and drops the rest',
    caughtBy: 'slow-client',
    cause: 'received-not-sent',
    edits: [
      [BUFFER, `${BUFFER}const passed = new Map<number, number>();\n`],
      [
        FROM_UPSTREAM,
        `  if (readN <= 0) {
    passed.delete(upstreamSockFd);
    closePair(connSockFd, upstreamSockFd);
    return;
  }
  passed.set(upstreamSockFd, (passed.get(upstreamSockFd) ?? 0) + readN);
  if ((passed.get(upstreamSockFd) ?? 0) > 1024 * 1024) return;
  if (!sendAll(connSockFd, readN)) closePair(connSockFd, upstreamSockFd);
`,
      ],
    ],
  },
  {
    id: 'events-beyond-the-count',
    bug: 'handles all entries of the event array, including stale ones from an earlier round',
    caughtBy: 'fifty-clients',
    cause: 'blocked-in-accept',
    edits: [['for (const event of events.slice(0, readyN)) {', 'for (const event of events) {']],
  },
  {
    id: 'resets-its-upstream',
    bug: 'closes upstream sockets with SO_LINGER and a time of 0, which discards bytes in transit',
    caughtBy: 'client-leaves',
    cause: 'reset-on-close',
    edits: resetting('upstreamSockFd'),
  },
  {
    id: 'resets-its-clients',
    bug: 'closes clients with SO_LINGER and a time of 0, which discards the end of an answer',
    caughtBy: 'upstream-leaves',
    cause: 'reset-on-close',
    edits: resetting('connSockFd'),
  },
  {
    id: 'leaks-now-and-then',
    bug: 'does not close every fiftieth upstream socket, and only stops watching it',
    caughtBy: 'sequence',
    cause: 'ended-side-not-closed',
    edits: [
      [BUFFER, `${BUFFER}let ended = 0;\n`],
      [IMPORT, `${IMPORT}  EPOLL_CTL_DEL,\n`],
      [
        CLOSE_BOTH,
        `  close(connSockFd);
  ended += 1;
  if (ended % 50 !== 0) close(upstreamSockFd);
  else epoll_ctl(epollFd, EPOLL_CTL_DEL, upstreamSockFd, null);
}
`,
      ],
    ],
  },
  {
    id: 'exits-after-250-clients',
    bug: 'calls process.exit() once it has served 250 clients',
    caughtBy: 'sequence',
    cause: 'loop-ended',
    edits: [
      [BUFFER, `${BUFFER}let served = 0;\n`],
      [ADD_ROW, `${ADD_ROW}  served += 1;\n  if (served === 250) process.exit(0);\n`],
    ],
  },
  {
    id: 'busy-after-a-failed-send',
    bug: 'never sleeps again after a send has failed',
    caughtBy: 'client-resets',
    cause: 'never-waits',
    edits: [
      [BUFFER, `${BUFFER}let failed = false;\n`],
      ['      // Adding this -1 to', '      failed = true;\n      // Adding this -1 to'],
      [WAIT, WAIT.replace('-1', 'failed ? 0 : -1')],
    ],
  },
];
