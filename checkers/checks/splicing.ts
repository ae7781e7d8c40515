/**
 * The setting for pipes of a program of stage 9. Milestone 9.1 comes before pipes and switches them off, so that milestone
 * 9.2 may still be missing. Milestone 9.2 needs them in use, even where the buffer would be faster.
 */
import type { Check } from '../harness/check.ts';

/** The same check with a setting for splice(): never, or whenever there are many bytes. */
export function splicing(when: 'off' | 'always', check: Check): Check {
  return {
    ...check,
    run(harness) {
      harness.tell({ SPLICE: when });
      return check.run(harness);
    },
  };
}
