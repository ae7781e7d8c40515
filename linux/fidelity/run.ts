/** Runs random sequences of calls on both kernels, and shrinks one that they answer differently. */
import fc from 'fast-check';
import { ACTIONS } from './actions.ts';
import { Difference } from './both.ts';
import { Sequence, type Step } from './sequence.ts';

export interface Progress {
  /** sequences that both kernels answered alike */
  sequences: number;
  calls: number;
  /** differences that did not show again: another program on this machine was in the way */
  unrepeated: number;
}

/** A difference, in its shortest form. */
export interface Found {
  difference: string;
  /** all calls up to it */
  calls: string[];
  steps: Step[];
}

const LONGEST = 40;
/** A difference counts when it shows this many times in a row. */
const TIMES = 3;

const sequences = fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), {
  minLength: 1,
  maxLength: LONGEST,
  size: 'max',
});

/**
 * Runs sequences.
 *
 * @param seed of the first batch; each batch has another one
 * @param goOn is asked before each batch
 * @returns the first difference; undefined: there is none
 */
export function runFidelity(seed: number, batch: number, progress: Progress, goOn: () => boolean): Found | undefined {
  for (let number = seed; goOn(); number += 1) {
    let failing: Step[] | undefined;
    const property = fc.property(sequences, (steps) => {
      const found = tryTwice(steps, progress);
      if (found === undefined) return;
      failing = steps;
      throw new Error(found.difference);
    });
    const { failed } = fc.check(property, { seed: number, numRuns: batch, endOnFailure: false, unbiased: true });
    if (failed && failing !== undefined)
      return differenceOf(failing) ?? { difference: 'gone', calls: [], steps: failing };
  }
  return undefined;
}

/** Runs one sequence; a difference has to show again. */
function tryTwice(steps: Step[], progress: Progress): Found | undefined {
  let found: Found | undefined;
  for (let time = 0; time < TIMES; time += 1) {
    found = differenceOf(steps, progress);
    if (found === undefined) {
      if (time > 0) progress.unrepeated += 1;
      progress.sequences += 1;
      return undefined;
    }
  }
  return found;
}

/** Runs one sequence once. */
export function differenceOf(steps: Step[], progress?: Progress): Found | undefined {
  const sequence = new Sequence();
  try {
    sequence.run(steps, ACTIONS);
    return undefined;
  } catch (error) {
    if (!(error instanceof Difference)) throw error;
    return { difference: error.message, calls: sequence.both.log, steps };
  } finally {
    if (progress !== undefined) progress.calls += sequence.calls;
  }
}
