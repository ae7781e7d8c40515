/** Milestone 3.2, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { everyByte } from './every-byte.ts';
import { idle } from './idle.ts';
import { leaves } from './leaves.ts';
import { line } from './line.ts';
import { ownLines } from './own-lines.ts';
import { patient } from './patient.ts';
import { pieces } from './pieces.ts';
import { sequence } from './sequence.ts';

export const manyClientsChecks: Check[] = [line, pieces, everyByte, patient, ownLines, leaves, sequence, idle];
