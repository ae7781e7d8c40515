/** Mutants of milestone 4.2: programs that do not expect a call to return early. */
import type { Mutant } from './mutant.ts';

export const interruptedMutants: Mutant[] = [
  {
    id: 'one-send-is-enough',
    bug: 'sends once and assumes that all bytes went, as is true of nearly every blocking send',
    milestone: '4.2',
    caughtBy: 'slow-upstream',
    cause: 'partial-send-ignored',
    edits: [['    bytesWritten += n;\n', '    bytesWritten += n;\n    break;\n']],
  },
  {
    id: 'interruption-is-fatal',
    bug: 'takes an interrupted epoll_wait (EINTR) for a failure and exits',
    milestone: '4.2',
    caughtBy: 'idle',
    cause: 'call-failed-exit',
    edits: [["      if (errno() === 'EINTR') continue;\n      die('epoll_wait');", "      die('epoll_wait');"]],
  },
];
