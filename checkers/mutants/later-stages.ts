/** Mutants of stages 5 to 9 that are nearly right: something is done twice, too late, or to the wrong end. */
import type { Mutant } from './mutant.ts';

export const nearlyRightMutants: Mutant[] = [
  {
    id: 'never-forgets-the-rest',
    bug: 'does not forget what waited once it is sent, and so sends it again and again',
    milestone: '5.2',
    caughtBy: 'paces-down',
    cause: 'rest-sent-again',
    edits: [['  waiting.delete(fd);\n  watchPair(fd, peerFd);\n', '  watchPair(fd, peerFd);\n']],
  },
  {
    id: 'newer-bytes-overtake',
    bug: 'goes on reading while bytes wait, and lets newer ones take their place',
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
    edits: [['  pauseListening();\n}', '  closeDoor();\n}']],
  },
  {
    id: 'counts-out-twice',
    bug: 'counts a connection out when an upstream refuses it, and once more when its socket is closed',
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
    bug: 'puts a pipe back twice, so that two connections get the same one',
    milestone: '9.2',
    caughtBy: 'bulk',
    cause: 'pipe-not-empty',
    edits: [['    sparePipes.push(pipe);\n    return;\n', '    sparePipes.push(pipe, pipe);\n    return;\n']],
  },
  {
    id: 'shares-port-too-late',
    bug: 'says that the port is to be shared when it has bound to it already',
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
