/** The steps of one check, or of a running proxy so far, and the state after each. */
import { apply, statesOf } from '../model/apply.ts';
import { emptyState, type State } from '../model/state.ts';
import type { Step } from '../model/steps.ts';

export class Story {
  readonly #steps: Step[];
  /** before the first step and after each */
  readonly #states: State[];

  constructor(steps: Step[], first: State = emptyState()) {
    this.#steps = [...steps];
    this.#states = statesOf(steps, first);
  }

  get length(): number {
    return this.#steps.length;
  }

  step(index: number): Step | undefined {
    return this.#steps[index];
  }

  /** The state before the step with that index. */
  before(index: number): State {
    return this.#states[Math.max(0, index)] ?? emptyState();
  }

  after(index: number): State {
    return this.#states[index + 1] ?? this.before(index);
  }

  /** Adds new steps, and drops the oldest ones. Returns how many steps were dropped. */
  append(steps: Step[], most: number): number {
    for (const step of steps) {
      this.#states.push(apply(this.before(this.#steps.length), step));
      this.#steps.push(step);
    }
    const old = Math.max(0, this.#steps.length - most);
    this.#steps.splice(0, old);
    this.#states.splice(0, old);
    return old;
  }
}
