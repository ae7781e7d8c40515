/** The steps of a running proxy for all viewers: the past ones for latecomers, then each as it happens. */
import { apply } from '../report/replay/model/apply.ts';
import type { Call, Outside } from '../report/replay/model/events.ts';
import type { LiveStart } from '../report/replay/model/page-data.ts';
import { emptyState, type State } from '../report/replay/model/state.ts';
import { CallSteps, type Step } from '../report/replay/model/steps.ts';
import { thin } from '../report/replay/model/thin.ts';

/** Maximum of past steps for a latecomer; the accompanying state covers earlier ones. */
const HISTORY = 1000;
/** More steps than this at a time are thinned out: too fast for a viewer. */
const BURST = 300;
/** A call that has lasted this long, in ms, is a wait. */
const WAIT_MS = 20;

type Watcher = (steps: Step[]) => void;

export class Feed {
  readonly #calls = new CallSteps();
  readonly #steps: Step[] = [];
  /** before the first of the steps that are kept, and after the last */
  #first: State;
  #last: State;
  readonly #watchers = new Set<Watcher>();

  constructor(upstreamPort: number) {
    this.#first = this.#last = emptyState(upstreamPort);
  }

  /** What is new in the trace; `now` is the time of its newest possible line. */
  addCalls(calls: Call[], now: number): void {
    const steps = calls.flatMap((call) => this.#calls.add(call));
    this.#publish([...steps, ...this.#calls.pending(now - WAIT_MS)]);
  }

  addOutside(event: Outside): void {
    this.#publish([{ ...event, kind: 'outside' }]);
  }

  #publish(all: Step[]): void {
    if (all.length === 0) return;
    const steps = all.length > BURST ? thin(all, this.#last, { most: BURST }) : all;
    this.#last = steps.reduce(apply, this.#last);
    this.#steps.push(...steps);
    // In batches, since each trim walks through all steps.
    if (this.#steps.length > 2 * HISTORY) {
      this.#first = this.#steps.splice(0, this.#steps.length - HISTORY).reduce(apply, this.#first);
    }
    for (const watcher of this.#watchers) watcher(steps);
  }

  /** The steps so far. */
  get start(): LiveStart {
    return { first: this.#first, steps: this.#steps };
  }

  /** Calls back with all future steps. Returns a function that unsubscribes. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
