/** Milestone 3.1, its checks in the order of the lesson. No client sends a byte or closes before the verdict. */
import type { Check } from '../../harness/check.ts';
import { asleep } from './asleep.ts';
import { letIn } from './let-in.ts';
import { listening } from './listening.ts';

export const loopChecks: Check[] = [listening, letIn, asleep];
