/** Makes steps of system calls and outside events: the moments that a reader walks through, in order of time. */
import { type Call, dropUndefined, type Outside } from './events.ts';
import type { Patch } from './patch.ts';

/** A system call begins to block, returns from blocking, or returns at once. */
export interface CallStep extends Call {
  kind: 'call';
  phase: 'begins' | 'returns' | 'whole';
}

export interface OutsideStep extends Outside {
  kind: 'outside';
}

/** Omitted steps, and their changes. */
export interface SkipStep {
  kind: 'skip';
  ms: number;
  count: number;
  /** a repeated group of steps, or too many steps */
  why: 'repeats' | 'room';
  /** names of the calls among them, most frequent first */
  calls: string[];
  patch: Patch;
}

/** The end: the checker's verdict. */
export interface VerdictStep {
  kind: 'verdict';
  ms: number;
  passed: boolean;
  text: string;
}

export type Step = CallStep | OutsideStep | SkipStep | VerdictStep;

/** A shorter wait, in ms, gets no step of its own. */
const REAL_WAIT: Record<string, number> = { epoll_wait: 0.5 };
const OTHER_REAL_WAIT = 3;

/** Makes steps of a trace, complete or live. A call that may block is in it twice: at its beginning and at its end. */
export class CallSteps {
  /** the call under way, and whether it has had its step */
  #begun: { call: Call; told: boolean } | undefined;

  /** The next line of the trace. */
  add(call: Call): CallStep[] {
    if (call.result === undefined) {
      const left = this.pending();
      this.#begun = { call, told: false };
      return left;
    }
    const begun = this.#begun;
    this.#begun = undefined;
    const same = begun?.call.ms === call.ms && begun.call.call === call.call;
    const left = begun !== undefined && !same && !begun.told ? [beginning(begun.call)] : [];
    if (same && begun.told) return [...left, ending(call)];
    return [...left, ...wholeOrHalves(call)];
  }

  /**
   * The beginning of a call that is still under way, if it has not had its step: for the end of a trace.
   *
   * @param before only if it began before this, or is meant to wait
   */
  pending(before = Number.POSITIVE_INFINITY): CallStep[] {
    if (this.#begun === undefined || this.#begun.told) return [];
    const { ms, call } = this.#begun.call;
    if (ms > before && call !== 'epoll_wait') return [];
    this.#begun.told = true;
    return [beginning(this.#begun.call)];
  }
}

function wholeOrHalves(call: Call): CallStep[] {
  const { took = 0, repeats } = call;
  const waited = repeats === undefined && took >= (REAL_WAIT[call.call] ?? OTHER_REAL_WAIT);
  // The changed table belongs to the first of the two.
  return waited
    ? [beginning(call), dropUndefined({ ...ending(call), rows: undefined })]
    : [{ ...call, kind: 'call', phase: 'whole', ms: call.ms + took }];
}

/** The table in a line is from before its call, since the program does not run during the call. */
function beginning(call: Call): CallStep {
  const { took, result, errno, head, events, ...rest } = call;
  return { ...rest, kind: 'call', phase: 'begins' };
}

function ending(call: Call): CallStep {
  return { ...call, kind: 'call', phase: 'returns', ms: call.ms + (call.took ?? 0) };
}

/** All steps of a recording. */
export function stepsOf(trace: Call[], timeline: Outside[]): Step[] {
  const maker = new CallSteps();
  const calls = inOrder([...trace.flatMap((call) => maker.add(call)), ...maker.pending()]);
  const outside = timeline.map((event): Step => ({ ...event, kind: 'outside' }));
  // Sorting is stable: steps with the same time stay in order.
  return [...outside, ...calls].sort((a, b) => a.ms - b.ms);
}

/** A program makes its calls one after the other: if the clocks disagree, the order of the trace is right. */
function inOrder(steps: CallStep[]): CallStep[] {
  let latest = Number.NEGATIVE_INFINITY;
  return steps.map((step) => {
    latest = Math.max(latest, step.ms);
    return step.ms === latest ? step : { ...step, ms: latest };
  });
}
