/** Milestone 1.2, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { clientResets } from './client-resets.ts';
import { everyByte } from './every-byte.ts';
import { line } from './line.ts';
import { longLine } from './long-line.ts';
import { nextClient } from './next-client.ts';
import { pieces } from './pieces.ts';
import { severalLines } from './several-lines.ts';
import { slowReader } from './slow-reader.ts';

export const lineChecks: Check[] = [
  line,
  severalLines,
  pieces,
  longLine,
  everyByte,
  nextClient,
  slowReader,
  clientResets,
];
