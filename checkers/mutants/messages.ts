/** Mutants of milestone 4.2: bytes taken for text, a stream taken for messages. */
import type { ListedMutant } from './mutant.ts';
import {
  ACCEPT,
  ATTACH_CLIENT,
  ATTACH_UPSTREAM,
  BUFFER,
  CLOSE_BOTH,
  FROM_CLIENT,
  FROM_UPSTREAM,
  IMPORT,
  SEND,
  SMALL_BUFFER,
} from './parts.ts';

const CLIENT_LEFT = '  if (readN <= 0) return closePair(connSockFd, upstreamSockFd);\n';

/** sendAll, sending what an expression makes of the bytes. */
function sendingAs(expression: string): [string, string] {
  return [
    SEND,
    `    const bytes = ${expression};
    if (send(sockFd, bytes, bytes.length, 0) === -1) return false;
    bytesWritten = messageLen;
`,
  ];
}

/** handleClient, passing on what an expression makes of the bytes. */
function passingOn(expression: string): [string, string] {
  return [
    FROM_CLIENT,
    `${CLIENT_LEFT}  const bytes = ${expression};
  send(upstreamSockFd, bytes, bytes.length, 0);
`,
  ];
}

export const messageMutants: ListedMutant[] = [
  {
    id: 'utf8',
    bug: 'converts the bytes to a string and back, which only UTF-8 survives',
    caughtBy: 'pages',
    cause: 'text-conversion',
    edits: [sendingAs("Buffer.from(buffer.toString('utf8', 0, messageLen))")],
  },
  {
    id: 'seven-bits',
    bug: "converts the bytes to an 'ascii' string, which drops the eighth bit",
    caughtBy: 'pages',
    cause: 'bytes-changed',
    edits: [sendingAs("Buffer.from(buffer.toString('ascii', 0, messageLen))")],
  },
  {
    id: 'stops-at-nul',
    bug: 'takes a NUL for the end of the message, as in C strings',
    caughtBy: 'pages',
    cause: 'sent-less-than-received',
    edits: [sendingAs("Buffer.from(buffer.toString('latin1', 0, messageLen).split('\\0')[0], 'latin1')")],
  },
  {
    id: 'trims',
    bug: 'trims white space off the ends of every message',
    caughtBy: 'pages',
    cause: 'sent-less-than-received',
    edits: [sendingAs("Buffer.from(buffer.toString('latin1', 0, messageLen).trim(), 'latin1')")],
  },
  {
    id: 'crlf',
    bug: 'converts every newline into CR LF',
    caughtBy: 'pages',
    cause: 'bytes-changed',
    edits: [sendingAs("Buffer.from(buffer.toString('latin1', 0, messageLen).replace(/\\r?\\n/g, '\\r\\n'), 'latin1')")],
  },
  {
    id: 'first-chunk-is-the-answer',
    bug: 'closes the pair as soon as the first chunk of an answer is sent',
    caughtBy: 'pages',
    cause: 'closed-before-end',
    edits: [[FROM_UPSTREAM, FROM_UPSTREAM.replace('|| !sendAll(connSockFd, readN)', '|| sendAll(connSockFd, readN)')]],
  },
  {
    id: 'upstream-heard-once',
    bug: 'watches the upstream with EPOLLONESHOT and never arms it again',
    caughtBy: 'pages',
    cause: 'one-shot-not-rearmed',
    edits: [
      [IMPORT, `${IMPORT}  EPOLLONESHOT,\n`],
      [ATTACH_UPSTREAM, ATTACH_UPSTREAM.replace('EPOLLIN', 'EPOLLIN | EPOLLONESHOT')],
    ],
  },
  {
    id: 'upstream-edge-triggered',
    bug: 'watches the upstream edge-triggered but reads only one small buffer per event',
    caughtBy: 'pages',
    cause: 'edge-triggered-not-drained',
    edits: [
      [IMPORT, `${IMPORT}  EPOLLET,\n`],
      [BUFFER, 'const buffer = Buffer.alloc(8 * 1024);\n'],
      [ATTACH_UPSTREAM, ATTACH_UPSTREAM.replace('EPOLLIN', 'EPOLLIN | EPOLLET')],
    ],
  },
  {
    id: 'closes-on-upstream-rdhup',
    bug: "closes as soon as EPOLLRDHUP reports the upstream's end, before it has read the remaining bytes",
    caughtBy: 'pages',
    cause: 'closed-before-end',
    edits: [
      [IMPORT, `${IMPORT}  EPOLLRDHUP,\n`],
      [BUFFER, SMALL_BUFFER],
      [ATTACH_UPSTREAM, ATTACH_UPSTREAM.replace('EPOLLIN', 'EPOLLIN | EPOLLRDHUP')],
      [
        '      else if (isUpstreamSock(fd)) handleUpstream(fd);\n',
        `      else if (isUpstreamSock(fd) && event.events & EPOLLRDHUP) closePair(findMatchingConn(fd), fd);
      else if (isUpstreamSock(fd)) handleUpstream(fd);
`,
      ],
    ],
  },
  {
    id: 'exits-with-the-last-client',
    bug: 'exits when the last client has closed',
    caughtBy: 'pages',
    cause: 'loop-ended',
    edits: [[CLOSE_BOTH, CLOSE_BOTH.replace('}\n', '  if (routeTable.length === 0) process.exit(0);\n}\n')]],
  },
  {
    id: 'leaving-is-an-error',
    bug: 'throws an uncaught error when a peer closes',
    caughtBy: 'pages',
    cause: 'uncaught-error',
    edits: [
      [FROM_CLIENT, `  if (readN <= 0) throw new Error('the client has gone');\n${FROM_CLIENT}`],
      [FROM_UPSTREAM, `  if (readN <= 0) throw new Error('the upstream has gone');\n${FROM_UPSTREAM}`],
    ],
  },
  {
    id: 'delete-leaves-a-hole',
    bug: 'removes rows with `delete`, which leaves a hole on which the next look-up throws',
    caughtBy: 'pages',
    cause: 'uncaught-error',
    edits: [['list.splice(index, 1);', 'delete list[index];']],
  },
  {
    id: 'closes-again-later',
    bug: 'closes finished sockets again when the next client connects, which has got their descriptors',
    caughtBy: 'pages',
    cause: 'closed-twice',
    edits: [
      [BUFFER, `${BUFFER}const finished: number[] = [];\n`],
      [ACCEPT, `${ACCEPT}  for (const fd of finished.splice(0)) close(fd);\n`],
      [CLOSE_BOTH, `  finished.push(connSockFd, upstreamSockFd);\n${CLOSE_BOTH}`],
    ],
  },
  {
    id: 'utf8-up',
    bug: "converts the client's bytes to a string and back, which only UTF-8 survives",
    caughtBy: 'all-bytes',
    cause: 'text-conversion',
    edits: [passingOn("Buffer.from(buffer.toString('utf8', 0, readN))")],
  },
  {
    id: 'text-length',
    bug: "counts the client's characters instead of bytes, so the end of non-ASCII text is missing",
    caughtBy: 'all-bytes',
    cause: 'sent-less-than-received',
    edits: [[FROM_CLIENT, FROM_CLIENT.replace('readN))', "buffer.toString('utf8', 0, readN).length))")]],
  },
  {
    id: 'stops-at-nul-up',
    bug: "takes a NUL for the end of the client's message, as strlen() does",
    caughtBy: 'all-bytes',
    cause: 'sent-less-than-received',
    edits: [passingOn("Buffer.from(buffer.toString('latin1', 0, readN).split('\\0')[0], 'latin1')")],
  },
  {
    id: 'strips-carriage-returns',
    bug: "removes carriage returns from the client's bytes",
    caughtBy: 'all-bytes',
    cause: 'bytes-changed',
    edits: [passingOn("Buffer.from(buffer.toString('latin1', 0, readN).replaceAll('\\r', ''), 'latin1')")],
  },
  {
    id: 'skips-blank-messages',
    bug: 'does not pass on messages that are only white space',
    caughtBy: 'all-bytes',
    cause: 'received-not-sent',
    edits: [
      [FROM_CLIENT, `  if (readN > 0 && buffer.toString('latin1', 0, readN).trim() === '') return;\n${FROM_CLIENT}`],
    ],
  },
  {
    id: 'one-request-a-client',
    bug: 'watches the client with EPOLLONESHOT and never arms it again, so only its first bytes pass',
    caughtBy: 'all-bytes',
    cause: 'one-shot-not-rearmed',
    edits: [
      [IMPORT, `${IMPORT}  EPOLLONESHOT,\n`],
      [ATTACH_CLIENT, ATTACH_CLIENT.replace('EPOLLIN', 'EPOLLIN | EPOLLONESHOT')],
    ],
  },
  {
    id: 'reads-the-answer-to-its-end',
    bug: 'reads from the upstream in a blocking loop until the upstream closes, and serves no other client meanwhile',
    caughtBy: 'all-bytes',
    cause: 'blocked-in-recv',
    edits: [
      [FROM_UPSTREAM, `${FROM_UPSTREAM}  else handleUpstream(upstreamSockFd);\n`],
      ['recv(upstreamSockFd, buffer, buffer.length, MSG_DONTWAIT)', 'recv(upstreamSockFd, buffer, buffer.length, 0)'],
    ],
  },
  {
    id: 'forwarded-for',
    bug: 'adds an X-Forwarded-For header to bytes that look like an HTTP request',
    caughtBy: 'pieces',
    cause: 'bytes-changed',
    edits: [
      passingOn(
        "Buffer.from(buffer.toString('latin1', 0, readN).replace(/^GET .*\\r\\n/, '$&X-Forwarded-For: 127.0.0.1\\r\\n'), 'latin1')",
      ),
    ],
  },
  {
    id: 'one-request-a-chunk',
    bug: 'passes on the first request of a chunk and drops the rest',
    caughtBy: 'pieces',
    cause: 'sent-less-than-received',
    edits: [
      passingOn(
        "Buffer.from(buffer.toString('latin1', 0, readN).replace(/^(GET [^]*?\\r\\n\\r\\n)[^]*$/, '$1'), 'latin1')",
      ),
    ],
  },
  {
    id: 'whole-requests-only',
    bug: 'passes bytes that begin with GET on only once they end with a blank line',
    caughtBy: 'pieces',
    cause: 'received-not-sent',
    edits: [
      [BUFFER, `${BUFFER}const begun = new Map<number, string>();\n`],
      [
        FROM_CLIENT,
        `${CLIENT_LEFT}  const text = (begun.get(connSockFd) ?? '') + buffer.toString('latin1', 0, readN);
  begun.set(connSockFd, text);
  if (text.startsWith('GET ') && !text.endsWith('\\r\\n\\r\\n')) return;
  begun.delete(connSockFd);
  send(upstreamSockFd, Buffer.from(text, 'latin1'), text.length, 0);
`,
      ],
    ],
  },
  {
    id: 'an-answer-to-each-chunk',
    bug: 'waits for an answer after each chunk of the client, as if it were a whole request',
    caughtBy: 'pieces',
    cause: 'blocked-in-recv',
    edits: [
      [
        FROM_CLIENT,
        `${FROM_CLIENT}  else {
    const answerN = recv(upstreamSockFd, buffer, buffer.length, 0);
    if (answerN <= 0 || !sendAll(connSockFd, answerN)) closePair(connSockFd, upstreamSockFd);
  }
`,
      ],
    ],
  },
];
