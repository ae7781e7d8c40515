/** Milestone 9.3, in the order in which a learner meets its checks. */

import type { Check } from '../../lab/check.ts';
import { allDrain } from './all-drain.ts';
import { firstKilled } from './first-killed.ts';
import { oneStopped } from './one-stopped.ts';
import { several } from './several.ts';
import { workerKilled } from './worker-killed.ts';

export const workerChecks: Check[] = [several, oneStopped, workerKilled, allDrain, firstKilled];
