/** Mutants of stage 3: many clients, one loop, and a line for each. */
import { ANSWER, CLIENT_GONE, FORGET_AND_CLOSE, NEXT_LINE, TRIMMED } from './lines-parts.ts';
import type { ListedMutant } from './mutant.ts';

const KEEP_LINE = '    unfinishedLines.set(connSockFd, Buffer.from(buffer.subarray(0, bufferedN)));\n';
const BEGUN = 'unfinishedLines.get(connSockFd)';
const NEW_LINE = '  unfinishedLines.set(connSockFd, Buffer.alloc(0));\n';
const RECEIVE =
  '  const readN = recv(connSockFd, buffer.subarray(bufferedN), buffer.length - bufferedN, MSG_DONTWAIT);\n';
const ATTACH = '  loopAttach(epollFd, connSockFd, EPOLLIN);\n';

export const loopMutants: ListedMutant[] = [
  {
    id: 'loop-success-is-failure',
    bug: 'takes the 0 of epoll_ctl for a failure',
    caughtBy: 'listening',
    cause: 'success-taken-for-failure',
    edits: [['{ events, data: { fd } }) === -1)', '{ events, data: { fd } }) <= 0)']],
  },
  {
    id: 'loop-without-its-door',
    bug: 'does not attach the listening socket',
    caughtBy: 'let-in',
    cause: 'not-attached',
    edits: [['  loopAttach(epollFd, listenSockFd, EPOLLIN);\n', '']],
  },
  {
    id: 'loop-never-sleeps',
    bug: 'calls epoll_wait with a timeout of 0',
    caughtBy: 'asleep',
    cause: 'never-waits',
    edits: [['MAX_EVENTS, -1);', 'MAX_EVENTS, 0);']],
  },
];

export const manyLinesMutants: ListedMutant[] = [
  {
    id: 'loop-without-its-clients',
    bug: 'does not attach the sockets of its clients',
    caughtBy: 'line',
    cause: 'not-attached',
    edits: [[ATTACH, '']],
  },
  {
    id: 'loop-accepts-until-none-comes',
    bug: 'accepts in a loop, and blocks there until the next client connects',
    caughtBy: 'line',
    cause: 'blocked-in-accept',
    edits: [[NEW_LINE, `${NEW_LINE}  acceptConnection(listenSockFd);\n`]],
  },
  {
    id: 'loop-forgets-the-beginning',
    bug: 'does not keep the beginning of a line for the next event',
    caughtBy: 'pieces',
    cause: 'beginning-lost',
    edits: [[KEEP_LINE, '']],
  },
  {
    id: 'loop-reads-to-the-newline',
    bug: 'receives from a client until its line is whole, and lets all other clients wait',
    caughtBy: 'pieces',
    cause: 'blocked-in-recv',
    edits: [
      [RECEIVE, RECEIVE.replace('const readN', 'let readN')],
      [
        '  bufferedN += readN;\n',
        `  while (readN > 0 && buffer[bufferedN + readN - 1] !== 0x0a) {
    bufferedN += readN;
    readN = recv(connSockFd, buffer.subarray(bufferedN), buffer.length - bufferedN, 0);
  }
  bufferedN += readN;
`,
      ],
    ],
  },
  {
    id: 'loop-trims-lines',
    bug: 'trims the blanks at both ends of a line',
    caughtBy: 'every-byte',
    cause: 'line-trimmed',
    edits: [[ANSWER, ANSWER.replace('line)) return', `${TRIMMED})) return`)]],
  },
  {
    id: 'loop-keeps-lines-as-text',
    bug: 'converts a line to a string before it reverses it',
    caughtBy: 'every-byte',
    cause: 'text-conversion',
    edits: [
      [
        ANSWER,
        ANSWER.replace(
          'reverseLine(line);',
          'const text = Buffer.from(line.toString());\n    reverseLine(text);',
        ).replace('Fd, line)', 'Fd, text)'),
      ],
    ],
  },
  {
    id: 'loop-one-line-for-all',
    bug: 'has one shared place for the beginning of a line, for all clients',
    caughtBy: 'patient',
    cause: 'lines-mixed',
    edits: [
      [BEGUN, 'unfinishedLines.get(0)'],
      [KEEP_LINE, KEEP_LINE.replace('connSockFd', '0')],
    ],
  },
  {
    id: 'loop-keeps-a-view',
    bug: 'keeps the beginning of a line as a view of the shared buffer',
    caughtBy: 'patient',
    cause: 'beginning-overwritten',
    edits: [
      [KEEP_LINE, KEEP_LINE.replace('Buffer.from(buffer.subarray(0, bufferedN))', 'buffer.subarray(0, bufferedN)')],
    ],
  },
  {
    id: 'loop-adds-minus-one',
    bug: 'receives until EAGAIN, and adds the last -1 to the bytes in the buffer',
    caughtBy: 'line',
    cause: 'line-lost-at-eagain',
    edits: [
      [RECEIVE, RECEIVE.replace('const readN', 'let readN')],
      [
        '  bufferedN += readN;\n',
        `  bufferedN += readN;
  do {
    readN = recv(connSockFd, buffer.subarray(bufferedN), buffer.length - bufferedN, MSG_DONTWAIT);
    bufferedN += readN;
  } while (readN > 0);
`,
      ],
    ],
  },
  {
    id: 'loop-leaves-at-eagain',
    bug: 'receives until nothing is left, and leaves at the last -1 without an answer',
    caughtBy: 'line',
    cause: 'line-lost-at-eagain',
    edits: [
      [RECEIVE, RECEIVE.replace('const readN', 'let readN')],
      [
        '  bufferedN += readN;\n',
        `  while (readN > 0) {
    bufferedN += readN;
    readN = recv(connSockFd, buffer.subarray(bufferedN), buffer.length - bufferedN, MSG_DONTWAIT);
  }
  if (readN === -1) return;
`,
      ],
    ],
  },
  {
    id: 'loop-finds-the-same-newline',
    bug: 'searches for the next newline from the beginning again',
    caughtBy: 'line',
    cause: 'spins-without-call',
    edits: [[NEXT_LINE, "    lineEnd = received.indexOf('\\n');\n"]],
  },
  {
    id: 'loop-few-lines',
    bug: 'has eight places for the beginnings of lines, and lets clients share them',
    caughtBy: 'own-lines',
    cause: 'lines-mixed',
    edits: [
      [BEGUN, 'unfinishedLines.get(connSockFd % 8)'],
      [KEEP_LINE, KEEP_LINE.replace('connSockFd', 'connSockFd % 8')],
      [NEW_LINE, NEW_LINE.replace('connSockFd', 'connSockFd % 8')],
      [FORGET_AND_CLOSE, FORGET_AND_CLOSE.replace('delete(connSockFd)', 'delete(connSockFd % 8)')],
    ],
  },
  {
    id: 'loop-hands-lines-on',
    bug: 'keeps the line of a closed client, and the next client with the same descriptor gets it',
    caughtBy: 'leaves',
    cause: 'leftovers-of-another',
    edits: [
      [FORGET_AND_CLOSE, '  close(connSockFd);\n'],
      [NEW_LINE, ''],
    ],
  },
  {
    id: 'loop-shuts-down-only',
    bug: 'shuts down the connection of a closed client, and never closes its descriptor',
    caughtBy: 'sequence',
    cause: 'shutdown-without-close',
    edits: [
      ['  SOMAXCONN,\n', '  SOMAXCONN,\n  EPOLL_CTL_DEL,\n  SHUT_RDWR,\n  shutdown,\n'],
      [
        FORGET_AND_CLOSE,
        `  unfinishedLines.delete(connSockFd);
  epoll_ctl(epollFd, EPOLL_CTL_DEL, connSockFd, { events: 0, data: { fd: connSockFd } });
  shutdown(connSockFd, SHUT_RDWR);
`,
      ],
    ],
  },
  {
    id: 'loop-waits-for-a-last-line',
    bug: 'closes only clients that closed in the middle of a line',
    caughtBy: 'idle',
    cause: 'end-ignored',
    edits: [[CLIENT_GONE, `  if (readN === 0 && bufferedN === 0) return;\n${CLIENT_GONE}`]],
  },
];
