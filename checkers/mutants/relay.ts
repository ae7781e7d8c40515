/** Mutants of milestone 4.2: what goes wrong with bytes on their way. */
import type { Mutant } from './mutant.ts';

export const relayMutants: Mutant[] = [
  {
    id: 'whole-buffer',
    bug: 'sends the whole buffer instead of the bytes that came',
    milestone: '4.2',
    caughtBy: 'round-trip',
    edits: [
      [
        '  if (readN <= 0 || !sendAll(upstreamSockFd, readN)) closePair',
        '  if (readN <= 0 || !sendAll(upstreamSockFd, buffer.length)) closePair',
      ],
    ],
  },
];
