import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { drainOnce as ofOneUpstream } from '../7.2/drain.ts';

/** The check of stage 7. Its upstream is the first of three here, and the others refuse. */
export const drain: Check = {
  ...ofOneUpstream,
  title: text.checks.stage8.drainTitle,
  todos: ['8.2.4', '8.1.4'],
  doc: 'handon',
  needs: ['one-refuses', 'dies-at-work'],
};
