/** Milestone 3.1, in the order in which a learner meets its checks. Nobody sends a byte or leaves before the verdict. */

import type { Check } from '../../lab/check.ts';
import { asleep } from './asleep.ts';
import { letIn } from './let-in.ts';
import { listening } from './listening.ts';

export const loopChecks: Check[] = [listening, letIn, asleep];
