/** Mutants of milestone 4.2: partial sends. */
import type { ListedMutant } from './mutant.ts';
import { ATTACH_CLIENT, ATTACH_UPSTREAM, BATCH_END, BUFFER, CLOSE_BOTH, FROM_UPSTREAM, IMPORT, SEND } from './parts.ts';

/** A non-blocking send(). */
const SEND_NOW =
  '    const n = send(sockFd, buffer.subarray(bytesWritten), messageLen - bytesWritten, MSG_DONTWAIT);\n';

export const sendingMutants: ListedMutant[] = [
  {
    id: 'never-offers-the-last-byte',
    bug: 'sends one byte fewer than is left, so it loops with sends of 0 bytes once only the last byte is left',
    caughtBy: 'round-trip',
    cause: 'sends-nothing',
    edits: [['messageLen - bytesWritten, 0)', 'messageLen - bytesWritten - 1, 0)']],
  },
  {
    id: 'sent-count-ignored',
    bug: 'sends without blocking, ignores the return value and takes everything for sent',
    caughtBy: 'slow-upstream',
    cause: 'partial-send-ignored',
    edits: [[SEND, '    send(sockFd, buffer, messageLen, MSG_DONTWAIT);\n    bytesWritten = messageLen;\n']],
  },
  {
    id: 'full-is-gone',
    bug: 'sends without blocking and takes EAGAIN for a broken connection',
    caughtBy: 'slow-upstream',
    cause: 'eagain-closes',
    edits: [[SEND, `${SEND_NOW}    if (n === -1) return false;\n    bytesWritten += n;\n`]],
  },
  {
    id: 'drops-when-full',
    bug: 'sends without blocking and drops the rest on EAGAIN',
    caughtBy: 'slow-upstream',
    cause: 'eagain-drops',
    edits: [[SEND, `${SEND_NOW}    if (n === -1) return errno() === 'EAGAIN';\n    bytesWritten += n;\n`]],
  },
  {
    id: 'full-counts-minus-one',
    bug: "sends without blocking and adds EAGAIN's -1 to the bytes written",
    caughtBy: 'slow-upstream',
    cause: 'minus-one-added',
    edits: [[SEND, `${SEND_NOW}    bytesWritten += n;\n`]],
  },
  {
    id: 'starts-over',
    bug: 'starts again at the first byte after a partial send',
    caughtBy: 'slow-upstream',
    cause: 'resent-from-start',
    edits: [[SEND, SEND.replace('.subarray(bytesWritten)', '')]],
  },
  {
    id: 'one-byte-too-far',
    bug: 'skips a byte after a partial send',
    caughtBy: 'slow-upstream',
    cause: 'skips-after-partial',
    edits: [[SEND, SEND.replace('+= n;', '+= n + 1;')]],
  },
  {
    id: 'a-part-is-a-failure',
    bug: 'takes a partial send for a failure, and closes the pair',
    caughtBy: 'slow-upstream',
    cause: 'partial-closes',
    edits: [[SEND, SEND.replace('if (n === -1) {', 'if (n < messageLen - bytesWritten) {')]],
  },
  {
    id: 'keeps-a-window-not-a-copy',
    bug: 'keeps unsent bytes as a view of the buffer that receives the next ones',
    caughtBy: 'slow-upstream',
    cause: 'buffer-reused',
    edits: [
      [BUFFER, `${BUFFER}const queue: [sockFd: number, rest: Buffer][] = [];\n`],
      [
        SEND,
        `    const n = queue.length === 0 ? send(sockFd, buffer, messageLen, MSG_DONTWAIT) : 0;
    if (n === -1 && errno() !== 'EAGAIN') return false;
    queue.push([sockFd, buffer.subarray(Math.max(n, 0), messageLen)]);
    bytesWritten = messageLen;
`,
      ],
      ['MAX_EVENTS, -1)', 'MAX_EVENTS, queue.length > 0 ? 1 : -1)'],
      [
        BATCH_END,
        `${BATCH_END}    while (queue.length > 0) {
      const [sockFd, rest] = queue[0];
      const n = send(sockFd, rest, rest.length, MSG_DONTWAIT);
      if (n === -1 && errno() === 'EAGAIN') break;
      if (n !== -1 && n < rest.length) queue[0] = [sockFd, rest.subarray(n)];
      else queue.shift();
    }
`,
      ],
    ],
  },
  {
    id: 'never-comes-back-to-the-rest',
    bug: 'keeps unsent bytes and never sends them',
    caughtBy: 'slow-upstream',
    cause: 'partial-send-ignored',
    edits: [
      [BUFFER, `${BUFFER}const rests = new Map<number, Buffer>();\n`],
      [
        SEND,
        `    const rest = Buffer.concat([rests.get(sockFd) ?? Buffer.alloc(0), buffer.subarray(0, messageLen)]);
    if (!rests.has(sockFd)) bytesWritten = send(sockFd, rest, rest.length, MSG_DONTWAIT);
    if (bytesWritten < rest.length) rests.set(sockFd, rest.subarray(Math.max(bytesWritten, 0)));
    return true;
`,
      ],
      [CLOSE_BOTH, `  rests.delete(connSockFd);\n  rests.delete(upstreamSockFd);\n${CLOSE_BOTH}`],
    ],
  },
  {
    id: 'client-edge-triggered',
    bug: 'watches the client edge-triggered but reads only one buffer per event',
    caughtBy: 'slow-upstream',
    cause: 'edge-triggered-not-drained',
    edits: [
      // Small, so that even a proxy that keeps pace with its client leaves bytes unread.
      [BUFFER, 'const buffer = Buffer.alloc(8 * 1024);\n'],
      [IMPORT, `${IMPORT}  EPOLLET,\n`],
      [ATTACH_CLIENT, ATTACH_CLIENT.replace('EPOLLIN', 'EPOLLIN | EPOLLET')],
    ],
  },
  {
    id: 'answers-in-one-send',
    bug: 'sends each chunk of the answer with one non-blocking send, and ignores what it returns',
    caughtBy: 'slow-client',
    cause: 'partial-send-ignored',
    edits: [
      [
        FROM_UPSTREAM,
        `  if (readN <= 0) closePair(connSockFd, upstreamSockFd);
  else send(connSockFd, buffer, readN, MSG_DONTWAIT);
`,
      ],
    ],
  },
  {
    id: 'drops-slow-clients',
    bug: 'closes a client after a partial send',
    caughtBy: 'slow-client',
    cause: 'partial-closes',
    edits: [
      [
        FROM_UPSTREAM,
        `  if (readN <= 0 || send(connSockFd, buffer, readN, MSG_DONTWAIT) < readN) closePair(connSockFd, upstreamSockFd);
`,
      ],
    ],
  },
  {
    id: 'impatient',
    bug: 'tries ten times to send the rest of an answer, then drops it',
    caughtBy: 'slow-client',
    cause: 'eagain-drops',
    edits: [
      [
        FROM_UPSTREAM,
        `  let sentN = 0;
  for (let tries = 0; tries < 10 && sentN < readN; tries += 1) {
    sentN += Math.max(0, send(connSockFd, buffer.subarray(sentN), readN - sentN, MSG_DONTWAIT));
  }
  if (readN <= 0) closePair(connSockFd, upstreamSockFd);
`,
      ],
    ],
  },
  {
    id: 'always-writable',
    bug: 'watches all its sockets for EPOLLOUT as well, and they are almost always writable',
    caughtBy: 'idle',
    cause: 'always-writable',
    edits: [
      [IMPORT, `${IMPORT}  EPOLLOUT,\n`],
      [ATTACH_CLIENT, ATTACH_CLIENT.replace('EPOLLIN', 'EPOLLIN | EPOLLOUT')],
      [ATTACH_UPSTREAM, ATTACH_UPSTREAM.replace('EPOLLIN', 'EPOLLIN | EPOLLOUT')],
    ],
  },
  {
    id: 'one-send-is-enough',
    bug: 'sends once and assumes that all bytes went, as is true of nearly every blocking send',
    caughtBy: 'slow-upstream',
    cause: 'partial-send-ignored',
    edits: [['    bytesWritten += n;\n', '    bytesWritten += n;\n    break;\n']],
  },
  {
    id: 'interruption-is-fatal',
    bug: 'takes an interrupted epoll_wait (EINTR) for a failure and exits',
    caughtBy: 'idle',
    cause: 'call-failed-exit',
    edits: [["      if (errno() === 'EINTR') continue;\n      die('epoll_wait');", "      die('epoll_wait');"]],
  },
];
