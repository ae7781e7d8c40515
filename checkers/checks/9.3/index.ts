/** Milestone 9.3, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { allDrain } from './all-drain.ts';
import { firstKilled } from './first-killed.ts';
import { oneStopped } from './one-stopped.ts';
import { several } from './several.ts';
import { workerKilled } from './worker-killed.ts';

export const workerChecks: Check[] = [several, oneStopped, workerKilled, allDrain, firstKilled];
