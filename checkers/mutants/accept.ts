/** Mutants of milestone 4.1: listening, accepting, connecting upstream. */
import type { Mutant } from './mutant.ts';

export const acceptMutants: Mutant[] = [
  {
    id: 'no-reuseaddr',
    bug: 'SO_REUSEADDR is not set, so the port stays taken for a minute after a restart',
    milestone: '4.1',
    caughtBy: 'restart',
    edits: [["  if (setsockopt(sockFd, SOL_SOCKET, SO_REUSEADDR, 1) === -1) die('setsockopt');\n", '']],
  },
];
