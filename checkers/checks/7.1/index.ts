/** Milestone 7.1, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { crowd } from './crowd.ts';
import { flood } from './flood.ts';
import { knocks } from './knocks.ts';
import { served } from './served.ts';

export const crowdChecks: Check[] = [served, knocks, crowd, flood];
