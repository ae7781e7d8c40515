/** What the checks say: titles, steps, what was expected and observed. */
import { shared } from './shared.ts';
import { stage1 } from './stage-1.ts';
import { stage2 } from './stage-2.ts';
import { stage3 } from './stage-3.ts';
import { stage4 } from './stage-4.ts';
import { stage5 } from './stage-5.ts';
import { stage6 } from './stage-6.ts';
import { stage7 } from './stage-7.ts';
import { stage8 } from './stage-8.ts';
import { stage9 } from './stage-9.ts';

export const checks = { shared, stage1, stage2, stage3, stage4, stage5, stage6, stage7, stage8, stage9 };
