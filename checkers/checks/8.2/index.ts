/** Milestone 8.2, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { allDead } from './all-dead.ts';
import { comesBack } from './comes-back.ts';
import { diesAtWork } from './dies-at-work.ts';
import { drain } from './drain.ts';
import { leftovers } from './leftovers.ts';
import { oneHangs } from './one-hangs.ts';
import { oneRefuses } from './one-refuses.ts';
import { remembered } from './remembered.ts';
import { statusDown } from './status-down.ts';

export const passingOverChecks: Check[] = [
  oneRefuses,
  oneHangs,
  remembered,
  comesBack,
  diesAtWork,
  allDead,
  statusDown,
  leftovers,
  drain,
];
