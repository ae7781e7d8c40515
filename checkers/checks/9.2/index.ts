/** Milestone 9.2, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { splicing } from '../splicing.ts';
import { pacesDown } from './before.ts';
import { bulk } from './bulk.ts';
import { descriptorsStay } from './descriptors-stay.ts';
import { finishBehindBulk } from './finish-behind-bulk.ts';
import { noPipesLeft } from './no-pipes-left.ts';
import { resetInBulk } from './reset-in-bulk.ts';

export const pipeChecks: Check[] = [bulk, pacesDown, finishBehindBulk, resetInBulk, descriptorsStay, noPipesLeft].map(
  (check) => splicing('always', check),
);
