/** Mutants of stage 1: one client after the other, line by line. */
import { ANSWER, CLIENT_LEFT, KEEP_REST, NEXT_LINE, REVERSE, TRIMMED } from './lines-parts.ts';
import type { ListedMutant } from './mutant.ts';

export const acceptServerMutants: ListedMutant[] = [
  {
    id: 'server-port-swapped',
    bug: 'puts the two bytes of its port number in the wrong order',
    caughtBy: 'listening',
    cause: 'wrong-port',
    edits: [["sockaddr_in('0.0.0.0', PORT)", "sockaddr_in('0.0.0.0', ((PORT & 0xff) << 8) | (PORT >> 8))"]],
  },
  {
    id: 'server-never-accepts',
    bug: 'listens, and waits for something other than a client',
    caughtBy: 'let-in',
    cause: 'accept-missing',
    edits: [
      [
        '  const connSockFd = accept(listenSockFd);\n',
        '  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);\n  const connSockFd = accept(listenSockFd);\n',
      ],
    ],
  },
  {
    id: 'server-serves-one',
    bug: 'exits when its first client has closed',
    caughtBy: 'let-in',
    cause: 'loop-ended',
    edits: [
      [
        '  while (true) {\n    const connSockFd = accept',
        '  for (let time = 0; time < 1; time += 1) {\n    const connSockFd = accept',
      ],
    ],
  },
  {
    id: 'server-never-closes',
    bug: "goes on to the next client without closing the previous client's socket",
    caughtBy: 'let-in',
    cause: 'end-ignored',
    edits: [['  close(connSockFd);\n', '']],
  },
  {
    id: 'server-no-reuseaddr',
    bug: 'does not set SO_REUSEADDR',
    caughtBy: 'restart',
    cause: 'reuseaddr-missing',
    edits: [["  if (setsockopt(sockFd, SOL_SOCKET, SO_REUSEADDR, 1) === -1) die('setsockopt');\n", '']],
  },
];

export const lineServerMutants: ListedMutant[] = [
  {
    id: 'newline-first',
    bug: 'reverses the newline with the line',
    caughtBy: 'line',
    cause: 'newline-reversed',
    edits: [[REVERSE, '  line.reverse();\n']],
  },
  {
    id: 'echo-server',
    bug: 'reverses a copy of the line and sends the line itself',
    caughtBy: 'line',
    cause: 'not-reversed',
    edits: [[REVERSE, '  Buffer.from(line).subarray(0, line.length - 1).reverse();\n']],
  },
  {
    id: 'answers-without-newline',
    bug: 'leaves the newline out of its answer',
    caughtBy: 'line',
    cause: 'newline-lost',
    edits: [[ANSWER, ANSWER.replace('sendAll(connSockFd, line)', 'sendAll(connSockFd, line.subarray(0, -1))')]],
  },
  {
    id: 'sends-its-whole-buffer',
    bug: 'sends the whole buffer instead of only the line',
    caughtBy: 'line',
    cause: 'sent-more-than-received',
    edits: [[ANSWER, ANSWER.replace('sendAll(connSockFd, line)', 'sendAll(connSockFd, buffer.subarray(0, 4096))')]],
  },
  {
    id: 'one-recv-a-client',
    bug: 'receives once from each client, and then waits for the next client',
    caughtBy: 'line',
    cause: 'client-abandoned',
    edits: [['    if (!answerLines(connSockFd)) break;\n', '    answerLines(connSockFd);\n    return;\n']],
  },
  {
    id: 'first-line-of-a-piece',
    bug: 'answers the first received line and drops the rest',
    caughtBy: 'several-lines',
    cause: 'first-line-only',
    edits: [
      [NEXT_LINE, '    lineEnd = -1;\n'],
      [KEEP_REST, '  bufferedN = 0;\n'],
    ],
  },
  {
    id: 'piece-as-one-line',
    bug: 'looks for the last newline instead of the first, and reverses several lines as one',
    caughtBy: 'several-lines',
    cause: 'reversed-together',
    edits: [["  let lineEnd = received.indexOf('\\n');\n", "  let lineEnd = received.lastIndexOf('\\n');\n"]],
  },
  {
    id: 'answers-each-piece',
    bug: 'takes the bytes of each recv() for a line',
    caughtBy: 'pieces',
    cause: 'answers-pieces',
    edits: [
      [
        KEEP_REST,
        `  const rest = received.subarray(lineStart);
  bufferedN = 0;
  return sendAll(connSockFd, rest.reverse());
`,
      ],
      ['  // The beginning of a line may be left. It moves to the front, so that its rest can be put behind it.\n', ''],
    ],
  },
  {
    id: 'forgets-the-beginning',
    bug: 'starts with an empty buffer at each recv',
    caughtBy: 'pieces',
    cause: 'beginning-lost',
    edits: [[KEEP_REST, '  bufferedN = 0;\n']],
  },
  {
    id: 'gives-up-on-long-lines',
    bug: 'has room for 4 KiB and closes the connection when a line is longer',
    caughtBy: 'long-line',
    cause: 'closed-before-end',
    edits: [['export const MAX_LINE = 64 * 1024;', 'export const MAX_LINE = 4 * 1024;']],
  },
  {
    id: 'trims-lines',
    bug: 'trims the blanks at both ends of a line',
    caughtBy: 'every-byte',
    cause: 'line-trimmed',
    edits: [[ANSWER, ANSWER.replace('line)) return', `${TRIMMED})) return`)]],
  },
  {
    id: 'drops-carriage-returns',
    bug: 'takes a carriage return before the newline for part of the line ending, and drops it',
    caughtBy: 'every-byte',
    cause: 'line-trimmed',
    edits: [[ANSWER, ANSWER.replace('line)) return', 'line.filter((byte) => byte !== 0x0d))) return')]],
  },
  {
    id: 'answers-in-small-letters',
    bug: 'converts capitals to small letters',
    caughtBy: 'every-byte',
    cause: 'bytes-changed',
    edits: [
      [
        ANSWER,
        ANSWER.replace('line)) return', "Buffer.from(line.toString('latin1').toLowerCase(), 'latin1'))) return"),
      ],
    ],
  },
  {
    id: 'turns-letters-around',
    bug: 'converts the line to a string and reverses its letters, not its bytes',
    caughtBy: 'every-byte',
    cause: 'text-conversion',
    edits: [
      [
        ANSWER,
        ANSWER.replace(
          'line)) return',
          "Buffer.from(`${[...line.subarray(0, -1).toString()].reverse().join('')}\\n`))) return",
        ).replace('    reverseLine(line);\n', ''),
      ],
    ],
  },
  {
    id: 'keeps-leftovers',
    bug: 'does not empty the buffer for the next client',
    caughtBy: 'next-client',
    cause: 'leftovers-of-another',
    edits: [['  bufferedN = 0;\n', '']],
  },
  {
    id: 'sends-once',
    bug: 'calls send() once for each line and ignores what it returns',
    caughtBy: 'slow-reader',
    cause: 'partial-send-ignored',
    edits: [['    bytesWritten += n;\n', '    bytesWritten = message.length;\n']],
  },
  {
    id: 'reset-ends-the-server',
    bug: 'exits when recv() fails',
    caughtBy: 'client-resets',
    cause: 'call-failed-exit',
    edits: [[CLIENT_LEFT, `    if (readN === -1) die('recv');\n${CLIENT_LEFT}`]],
  },
];
