/** Hints for a stub that the program has come to, by the number of its TODO. */
import type { Hint } from '../../contract/hint.ts';
import { hints as stage1 } from './stage-1.ts';
import { hints as stage2 } from './stage-2.ts';
import { hints as stage3 } from './stage-3.ts';
import { hints as stage4 } from './stage-4.ts';
import { hints as stage5 } from './stage-5.ts';
import { hints as stage6 } from './stage-6.ts';
import { hints as stage7 } from './stage-7.ts';
import { hints as stage8 } from './stage-8.ts';
import { hints as stage9 } from './stage-9.ts';

export const todoHints: Record<string, Hint> = {
  ...stage1,
  ...stage2,
  ...stage3,
  ...stage4,
  ...stage5,
  ...stage6,
  ...stage7,
  ...stage8,
  ...stage9,
};
