/**
 * What a program of stage 9 is told about pipes. Milestone 9.1 is about what stands before them, and switches them off, so that
 * milestone 9.2 may still be missing. That one wants to see them at work, also where the buffer would be faster.
 */
import type { Check } from '../lab/check.ts';

/** The same check, of a program that is told when to splice: never, or wherever there is much. */
export function splicing(when: 'off' | 'always', check: Check): Check {
  return {
    ...check,
    run(lab) {
      lab.tell({ SPLICE: when });
      return check.run(lab);
    },
  };
}
