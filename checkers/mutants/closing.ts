/** Mutants of milestone 4.2: what goes wrong when somebody leaves. */
import type { Mutant } from './mutant.ts';

export const closingMutants: Mutant[] = [
  {
    id: 'close-client-only',
    bug: 'when a pair ends only the client is closed',
    milestone: '4.2',
    caughtBy: 'client-leaves',
    edits: [['  close(connSockFd);\n  close(upstreamSockFd);\n}', '  close(connSockFd);\n}']],
  },
];
