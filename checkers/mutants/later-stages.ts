/** Mutants of stages 5 to 9 that are nearly right: they act twice, too late, or on the wrong end. */
import type { Mutant } from './mutant.ts';

export const nearlyRightMutants: Mutant[] = [
  {
    id: 'never-forgets-the-rest',
    bug: 'does not drop waiting bytes after it has sent them, and so sends them again and again',
    milestone: '5.2',
    caughtBy: 'paces-down',
    cause: 'rest-sent-again',
    edits: [['  waiting.delete(fd);\n  watchPair(fd, peerFd);\n', '  watchPair(fd, peerFd);\n']],
  },
  {
    id: 'newer-bytes-overtake',
    bug: 'goes on reading while bytes wait, and overwrites them with newer ones',
    milestone: '5.2',
    caughtBy: 'paces-down',
    cause: 'partial-send-ignored',
    edits: [['  const input = waiting.has(peerFd) ? 0 : EPOLLIN;\n', '  const input = EPOLLIN;\n']],
  },
  {
    id: 'no-descriptors-no-door',
    bug: 'closes its listening socket when there are no descriptors left',
    milestone: '7.2',
    caughtBy: 'descriptors',
    cause: 'listener-closed',
    edits: [['  pauseListening();\n}', '  closeListener();\n}']],
  },
  {
    id: 'counts-out-twice',
    bug: 'decrements the count when an upstream refuses a connection, and again when it closes the socket',
    milestone: '8.2',
    caughtBy: 'status-down',
    cause: 'status-miscounted',
    edits: [
      [
        '  if (upstream !== undefined) markDown(upstream);\n',
        '  if (upstream !== undefined) markDown(upstream);\n  if (upstream !== undefined) upstream.open -= 1;\n',
      ],
    ],
  },
  {
    id: 'pipe-for-two',
    bug: 'returns a pipe to the pool twice, so that two connections get the same one',
    milestone: '9.2',
    caughtBy: 'bulk',
    cause: 'pipe-not-empty',
    edits: [['    sparePipes.push(pipe);\n    return;\n', '    sparePipes.push(pipe, pipe);\n    return;\n']],
  },
  {
    id: 'shares-port-too-late',
    bug: 'sets SO_REUSEPORT after bind, too late for it',
    milestone: '9.3',
    caughtBy: 'one-stopped',
    cause: 'port-not-shared',
    edits: [
      ['  if (WORKERS > 1 && port === PORT) sharePort(sockFd);\n', ''],
      [
        '  if (listen(sockFd, SOMAXCONN) === -1) die(',
        '  if (WORKERS > 1 && port === PORT) sharePort(sockFd);\n  if (listen(sockFd, SOMAXCONN) === -1) die(',
      ],
    ],
  },
];
