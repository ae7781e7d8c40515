/** Mutants of milestone 4.2: no message arrives and returns. */
import type { ListedMutant } from './mutant.ts';
import {
  ADD_ROW,
  ATTACH_CLIENT,
  ATTACH_UPSTREAM,
  BATCH_END,
  BUFFER,
  FROM_CLIENT,
  FROM_UPSTREAM,
  IMPORT,
  SEND,
} from './parts.ts';

const CLIENT_LEFT = '  if (readN <= 0) return closePair(connSockFd, upstreamSockFd);\n';

export const relayMutants: ListedMutant[] = [
  {
    id: 'whole-buffer',
    bug: 'sends the whole buffer instead of the received bytes',
    caughtBy: 'round-trip',
    cause: 'sent-more-than-received',
    edits: [[FROM_CLIENT, FROM_CLIENT.replace('readN))', 'buffer.length))')]],
  },
  {
    id: 'whole-buffer-back',
    bug: "sends the whole buffer to the client instead of the upstream's bytes",
    caughtBy: 'round-trip',
    cause: 'sent-more-than-received',
    edits: [[FROM_UPSTREAM, FROM_UPSTREAM.replace('readN))', 'buffer.length))')]],
  },
  {
    id: 'sends-a-terminator',
    bug: 'appends a NUL to the bytes, as in C strings, and sends it, too',
    caughtBy: 'round-trip',
    cause: 'sent-more-than-received',
    edits: [[FROM_CLIENT, `  buffer[readN] = 0;\n${FROM_CLIENT.replace('readN))', 'readN + 1))')}`]],
  },
  {
    id: 'drops-the-last-byte',
    bug: 'sends one byte fewer than it received',
    caughtBy: 'round-trip',
    cause: 'sent-less-than-received',
    edits: [[FROM_CLIENT, FROM_CLIENT.replace('readN))', 'readN - 1))')]],
  },
  {
    id: 'skips-the-first-byte',
    bug: 'sends from the second byte of the buffer on',
    caughtBy: 'round-trip',
    cause: 'bytes-changed',
    edits: [[SEND, SEND.replace('subarray(bytesWritten)', 'subarray(bytesWritten + 1)')]],
  },
  {
    id: 'adds-a-newline',
    bug: "appends a newline to the upstream's bytes",
    caughtBy: 'round-trip',
    cause: 'sent-more-than-received',
    edits: [[FROM_UPSTREAM, `${FROM_UPSTREAM}  else send(connSockFd, Buffer.from('\\n'), 1, 0);\n`]],
  },
  {
    id: 'empty-copy',
    bug: 'sends a new buffer of the right length without copying the bytes into it',
    caughtBy: 'round-trip',
    cause: 'bytes-changed',
    edits: [[SEND, SEND.replace('buffer.subarray(bytesWritten)', 'Buffer.alloc(messageLen - bytesWritten)')]],
  },
  {
    id: 'hex',
    bug: 'sends the bytes as hexadecimal digits',
    caughtBy: 'round-trip',
    cause: 'bytes-changed',
    edits: [
      [
        FROM_CLIENT,
        `  if (readN > 0) readN = buffer.write(buffer.toString('hex', 0, Math.min(readN, 32_768)));\n${FROM_CLIENT}`,
      ],
      ['  const readN = recv(connSockFd,', '  let readN = recv(connSockFd,'],
    ],
  },
  {
    id: 'echo',
    bug: "sends the client's bytes back to the client",
    caughtBy: 'round-trip',
    cause: 'sent-back',
    edits: [[FROM_CLIENT, FROM_CLIENT.replace('sendAll(upstreamSockFd', 'sendAll(connSockFd')]],
  },
  {
    id: 'answers-the-upstream',
    bug: "sends the upstream's bytes back to the upstream",
    caughtBy: 'round-trip',
    cause: 'sent-back',
    edits: [[FROM_UPSTREAM, FROM_UPSTREAM.replace('sendAll(connSockFd', 'sendAll(upstreamSockFd')]],
  },
  {
    id: 'one-way',
    bug: "drops the upstream's bytes",
    caughtBy: 'round-trip',
    cause: 'received-not-sent',
    edits: [[FROM_UPSTREAM, FROM_UPSTREAM.replace(' || !sendAll(connSockFd, readN)', '')]],
  },
  {
    id: 'waits-for-a-newline',
    bug: "keeps the client's bytes until they contain a newline",
    caughtBy: 'round-trip',
    cause: 'received-not-sent',
    edits: [
      [BUFFER, `${BUFFER}let line = Buffer.alloc(0);\n`],
      [
        FROM_CLIENT,
        `${CLIENT_LEFT}  line = Buffer.concat([line, buffer.subarray(0, readN)]);
  if (!line.includes('\\n')) return;
  send(upstreamSockFd, line, line.length, 0);
  line = Buffer.alloc(0);
`,
      ],
    ],
  },
  {
    id: 'waits-for-a-blank-line',
    bug: "keeps the client's bytes until the blank line that ends an HTTP request",
    caughtBy: 'round-trip',
    cause: 'received-not-sent',
    edits: [
      [BUFFER, `${BUFFER}let request = '';\n`],
      [
        FROM_CLIENT,
        `${CLIENT_LEFT}  request += buffer.toString('latin1', 0, readN);
  if (!request.endsWith('\\r\\n\\r\\n')) return;
  send(upstreamSockFd, Buffer.from(request, 'latin1'), request.length, 0);
  request = '';
`,
      ],
    ],
  },
  {
    id: 'sends-later-by-timer',
    bug: 'sends in a setTimeout callback, which never runs because the loop never returns',
    caughtBy: 'round-trip',
    cause: 'received-not-sent',
    edits: [[FROM_CLIENT, `${CLIENT_LEFT}  setTimeout(() => sendAll(upstreamSockFd, readN), 0);\n`]],
  },
  {
    id: 'sends-after-an-await',
    bug: 'sends after an await, which never resumes because the loop never returns',
    caughtBy: 'round-trip',
    cause: 'received-not-sent',
    edits: [
      [
        'export function handleUpstream(upstreamSockFd: number): void {',
        'export async function handleUpstream(upstreamSockFd: number): Promise<void> {',
      ],
      [FROM_UPSTREAM, `${CLIENT_LEFT}  await null;\n  sendAll(connSockFd, readN);\n`],
    ],
  },
  {
    id: 'peeks',
    bug: 'receives the bytes with MSG_PEEK, so it sends them again and again',
    caughtBy: 'round-trip',
    cause: 'peeks',
    edits: [
      [IMPORT, `${IMPORT}  MSG_PEEK,\n`],
      ['recv(connSockFd, buffer, buffer.length, MSG_DONTWAIT)', 'recv(connSockFd, buffer, buffer.length, MSG_PEEK)'],
    ],
  },
  {
    id: 'short-read-is-the-end',
    bug: 'takes a read that does not fill the buffer for the end of the stream, and closes',
    caughtBy: 'round-trip',
    cause: 'closed-before-end',
    edits: [[FROM_CLIENT, `${FROM_CLIENT}  else if (readN < buffer.length) closePair(connSockFd, upstreamSockFd);\n`]],
  },
  {
    id: 'accepts-for-ever',
    bug: 'accepts in a loop until accept fails, but accept blocks instead',
    caughtBy: 'round-trip',
    cause: 'blocked-in-accept',
    edits: [[ADD_ROW, `${ADD_ROW}  acceptConnection(listenSockFd);\n`]],
  },
  {
    id: 'reads-the-client-to-its-end',
    bug: 'reads from the client in a blocking loop until the client closes, and serves no other client meanwhile',
    caughtBy: 'round-trip',
    cause: 'blocked-in-recv',
    edits: [
      [FROM_CLIENT, `${FROM_CLIENT}  else handleClient(connSockFd);\n`],
      ['recv(connSockFd, buffer, buffer.length, MSG_DONTWAIT)', 'recv(connSockFd, buffer, buffer.length, 0)'],
    ],
  },
  {
    id: 'client-not-attached',
    bug: 'never tells epoll to watch the clients',
    caughtBy: 'round-trip',
    cause: 'not-attached',
    edits: [[ATTACH_CLIENT, '']],
  },
  {
    id: 'upstream-not-attached',
    bug: 'never tells epoll to watch the upstream sockets, so it misses answers',
    caughtBy: 'round-trip',
    cause: 'not-attached',
    edits: [[ATTACH_UPSTREAM, '']],
  },
  {
    id: 'one-event-is-enough',
    bug: 'leaves the loop after the first batch without a new client, so the program exits',
    caughtBy: 'round-trip',
    cause: 'loop-ended',
    edits: [[BATCH_END, `${BATCH_END}    if (events[0]?.data.fd !== listenSockFd) break;\n`]],
  },
];
