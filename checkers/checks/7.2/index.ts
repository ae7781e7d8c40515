/** Milestone 7.2, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { descriptors } from './descriptors.ts';
import { drain } from './drain.ts';
import { goodbye } from './goodbye.ts';
import { queue } from './queue.ts';

export const leavingChecks: Check[] = [descriptors, goodbye, drain, queue];
