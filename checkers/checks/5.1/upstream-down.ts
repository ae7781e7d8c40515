import type { Check } from '../../lab/check.ts';
import { upstreamDown as before } from '../4.1/upstream-down.ts';

/** As in stage 4, except that the refusal now arrives later, as an event. */
export const upstreamDown: Check = {
  ...before,
  todos: ['5.1.4', '5.1.3'],
  doc: 'finishconnect',
  needs: ['round-trip'],
};
