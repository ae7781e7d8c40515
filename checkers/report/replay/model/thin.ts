/**
 * Omits steps if there are too many: first repetitions, then steps far from the relevant moment. Each gap becomes one step
 * with the changes of the missing ones, so every state stays right.
 */
import { apply } from './apply.ts';
import { difference } from './patch.ts';
import type { State } from './state.ts';
import type { SkipStep, Step } from './steps.ts';

/** The most steps in a repeated group. */
const LONGEST_GROUP = 16;
/** Of a group that is repeated, the first two and the last stay. */
const KEPT_BEFORE = 2;
const KEPT_AFTER = 1;
/** A gap of fewer steps than this is not worth it. */
const SHORTEST_GAP = 6;
/** If there are too many: shares of the beginning and of the end; the rest is around the relevant moment. */
const BEGINNING = 0.3;
const END = 0.1;

type Fate = 'kept' | SkipStep['why'];

export interface ThinOptions {
  /** the most steps that stay */
  most: number;
  /** index of the most relevant step; undefined: the last */
  focus?: number;
}

/** The remaining steps, with a step for each gap. */
export function thin(steps: Step[], first: State, options: ThinOptions): Step[] {
  const fates = steps.map((): Fate => 'kept');
  markRepeats(steps, fates, options.focus);
  markForRoom(fates, options);
  return closeGaps(steps, fates, first);
}

function markRepeats(steps: Step[], fates: Fate[], focus: number | undefined): void {
  const shapes = steps.map(shapeOf);
  let at = 0;
  while (at < steps.length) {
    const { group, times } = longestRepeat(shapes, at);
    const from = at + KEPT_BEFORE * group;
    const to = at + (times - KEPT_AFTER) * group;
    if (to - from < SHORTEST_GAP) {
      at += 1;
      continue;
    }
    for (let index = from; index < to; index += 1) fates[index] = 'repeats';
    if (focus !== undefined && focus >= from && focus < to) fates[focus] = 'kept';
    at += times * group;
  }
}

/** How often the group of steps that begins here repeats, for the group length that covers most. */
function longestRepeat(shapes: string[], at: number): { group: number; times: number } {
  let best = { group: 1, times: 1 };
  for (let group = 1; group <= LONGEST_GROUP; group += 1) {
    let same = 0;
    while (at + same + group < shapes.length && shapes[at + same] === shapes[at + same + group]) same += 1;
    const times = 1 + Math.floor(same / group);
    if (times > 1 && times * group > best.times * best.group * 1.5) best = { group, times };
  }
  return best;
}

/** Two steps of the same shape tell a reader the same thing. */
function shapeOf(step: Step): string {
  if (step.kind === 'outside') return `${step.who} ${step.what}`;
  if (step.kind !== 'call') return step.kind;
  const { call, phase, fd, result = 0, errno = '', place, events = [], rows } = step;
  const outcome = ['recv', 'send', 'splice'].includes(call) ? Math.sign(result) : result;
  const reported = events.map((event) => `${event.fd}:${event.events}`).join();
  return `${call} ${phase} ${fd} ${outcome} ${errno} ${place?.line} ${reported} ${JSON.stringify(rows ?? 0)}`;
}

function markForRoom(fates: Fate[], { most, focus = fates.length - 1 }: ThinOptions): void {
  const kept = fates.flatMap((fate, index) => (fate === 'kept' ? [index] : []));
  if (kept.length <= most) return;
  const centre = kept.findIndex((index) => index >= focus);
  const beginning = Math.floor(most * BEGINNING);
  const end = Math.floor(most * END);
  const around = most - beginning - end;
  // As much as possible of what comes before the moment, and a little of what follows.
  const to = Math.min(kept.length, Math.max(centre, 0) + Math.floor(around / 5) + 1);
  kept.forEach((index, position) => {
    const near = position >= to - around && position < to;
    if (position >= beginning && position < kept.length - end && !near) fates[index] = 'room';
  });
}

function closeGaps(steps: Step[], fates: Fate[], first: State): Step[] {
  const result: Step[] = [];
  let state = first;
  let gap: { before: State; steps: Step[]; why: SkipStep['why'] } | undefined;
  const close = (): void => {
    if (gap !== undefined) result.push(skip(gap.steps, gap.why, gap.before, state));
    gap = undefined;
  };
  steps.forEach((step, index) => {
    const fate = fates[index] ?? 'kept';
    if (fate === 'kept') {
      close();
      result.push(step);
    } else {
      gap ??= { before: state, steps: [], why: fate };
      gap.steps.push(step);
      if (fate === 'room') gap.why = 'room';
    }
    state = apply(state, step);
  });
  close();
  return result;
}

function skip(steps: Step[], why: SkipStep['why'], before: State, after: State): SkipStep {
  const counts = new Map<string, number>();
  let count = 0;
  for (const step of steps) {
    count += step.kind === 'skip' ? step.count : 1;
    const names = step.kind === 'call' ? [step.call] : step.kind === 'skip' ? step.calls : [];
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const calls = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const ms = steps.at(-1)?.ms ?? 0;
  return { kind: 'skip', ms, count, why, calls: calls.slice(0, 4), patch: difference(before, after) };
}
