/** Milestone 1.1, its checks in the order of the lesson. No client sends a byte. */
import type { Check } from '../../harness/check.ts';
import { letIn } from './let-in.ts';
import { listening } from './listening.ts';
import { restart } from './restart.ts';

export const serverChecks: Check[] = [listening, letIn, restart];
