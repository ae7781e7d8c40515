/** Mutants of milestone 4.2: connections that break, and a loop that never rests. */
import type { ListedMutant } from './mutant.ts';
import { BUFFER, FROM_CLIENT, FROM_UPSTREAM, IMPORT, SEND, SMALL_BUFFER } from './parts.ts';

/** With a small buffer there are always bytes to send, so a broken connection shows in send. */
const BUSY: [string, string] = [BUFFER, SMALL_BUFFER];

/** sendAll, with its own handling of a failure. */
function onSendFailure(statement: string): [string, string] {
  return [SEND, SEND.replace('return false;', statement)];
}

export const robustnessMutants: ListedMutant[] = [
  {
    id: 'adds-minus-one',
    bug: 'adds the -1 of a failed send to the bytes written, and reads before the start of the buffer',
    caughtBy: 'client-resets',
    cause: 'minus-one-added',
    edits: [BUSY, [SEND, SEND.replace(/ {4}if \(n === -1\) \{[\s\S]*?\n {4}\}\n/, '')]],
  },
  {
    id: 'adds-failed-send-for-ever',
    bug: 'adds the -1 of a failed send to the bytes written, and loops for ever',
    caughtBy: 'client-resets',
    cause: 'minus-one-added',
    edits: [
      BUSY,
      [
        SEND,
        `    const rest = buffer.subarray(bytesWritten, messageLen);
    bytesWritten += send(sockFd, rest, rest.length, 0);
`,
      ],
    ],
  },
  {
    id: 'send-failure-exits',
    bug: 'exits when a send fails',
    caughtBy: 'client-resets',
    cause: 'call-failed-exit',
    edits: [BUSY, onSendFailure("die('send');")],
  },
  {
    id: 'send-failure-throws',
    bug: 'throws an uncaught error when a send fails',
    caughtBy: 'client-resets',
    cause: 'uncaught-error',
    edits: [BUSY, onSendFailure('throw new Error(`send: ${strerror(errno())}`);')],
  },
  {
    id: 'every-error-exits',
    bug: 'exits when a system call on a connection fails',
    caughtBy: 'client-resets',
    cause: 'call-failed-exit',
    edits: [onSendFailure("die('send');"), [FROM_CLIENT, `  if (readN === -1) die('recv');\n${FROM_CLIENT}`]],
  },
  {
    id: 'errors-end-one-side',
    bug: 'closes only the client when its connection breaks, and goes on reading from its upstream',
    caughtBy: 'client-resets',
    cause: 'partner-not-closed',
    edits: [
      [
        FROM_CLIENT,
        `  if (readN === -1) {
    remove(connSocks, connSocks.indexOf(connSockFd));
    close(connSockFd);
    return;
  }
${FROM_CLIENT}`,
      ],
      [
        FROM_UPSTREAM,
        `  if (readN <= 0) closePair(connSockFd, upstreamSockFd);
  else if (!sendAll(connSockFd, readN) && isConnSock(connSockFd)) {
    remove(connSocks, connSocks.indexOf(connSockFd));
    close(connSockFd);
  }
`,
      ],
    ],
  },
  {
    id: 'reset-clients-end-alone',
    bug: 'closes only the client when recv fails on it, and leaves its upstream connection open',
    caughtBy: 'client-resets',
    cause: 'partner-not-closed',
    edits: [
      [
        FROM_CLIENT,
        `  if (readN === -1) {
    remove(connSocks, connSocks.indexOf(connSockFd));
    close(connSockFd);
    return;
  }
${FROM_CLIENT}`,
      ],
    ],
  },
  {
    id: 'reset-upstreams-end-alone',
    bug: 'closes only the upstream connection when recv fails on it, and leaves its client waiting',
    caughtBy: 'client-resets',
    cause: 'partner-not-closed',
    edits: [
      [
        FROM_UPSTREAM,
        `  if (readN === -1) {
    remove(upstreamSocks, upstreamSocks.indexOf(upstreamSockFd));
    close(upstreamSockFd);
    return;
  }
${FROM_UPSTREAM}`,
      ],
    ],
  },
  {
    id: 'recv-failure-exits',
    bug: 'exits when recv fails',
    caughtBy: 'idle',
    cause: 'call-failed-exit',
    edits: [BUSY, [FROM_CLIENT, `  if (readN === -1) die('recv');\n${FROM_CLIENT}`]],
  },
  {
    id: 'never-waits',
    bug: 'calls epoll_wait with a timeout of 0, so it never sleeps',
    caughtBy: 'idle',
    cause: 'never-waits',
    edits: [['MAX_EVENTS, -1)', 'MAX_EVENTS, 0)']],
  },
  {
    id: 'only-plain-events',
    bug: 'compares the events with EPOLLIN instead of testing its bit, so it misses a broken connection',
    caughtBy: 'idle',
    cause: 'reset-ignored',
    orCause: 'event-not-handled',
    edits: [
      [
        '      const fd = event.data.fd;\n',
        '      const fd = event.data.fd;\n      if (event.events !== EPOLLIN) continue;\n',
      ],
    ],
  },
  {
    id: 'broken-connections-skipped',
    bug: 'ignores events with EPOLLERR, which epoll reports again and again',
    caughtBy: 'idle',
    cause: 'reset-ignored',
    orCause: 'event-not-handled',
    edits: [
      [IMPORT, `${IMPORT}  EPOLLERR,\n`],
      [
        '      const fd = event.data.fd;\n',
        '      const fd = event.data.fd;\n      if (event.events & EPOLLERR) continue;\n',
      ],
    ],
  },
];
