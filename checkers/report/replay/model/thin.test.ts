import { describe, expect, it } from 'vitest';
import { apply, statesOf } from './apply.ts';
import { linked, timelineOf, traceOf } from './fixtures.ts';
import { pack, unpack } from './pack.ts';
import { emptyState } from './state.ts';
import { type Step, stepsOf } from './steps.ts';
import { thin } from './thin.ts';

const relay = (index: number): Record<string, unknown>[] => [
  { call: 'epoll_wait', line: 1, fd: 4, ms: 100 + index, result: 1, events: [{ fd: 5, events: 1 }] },
  { call: 'recv', line: 2, fd: 5, ms: 100.2 + index, args: { length: 100, flags: 0 }, result: 50 + index, head: 'aa' },
  { call: 'send', line: 3, fd: 6, ms: 100.4 + index, args: { length: 50 + index, flags: 0 }, result: 50, head: 'aa' },
];

/** A pair that relays this many times, with a few bytes left in the proxy each time. */
function story(times: number): Step[] {
  const lines = Array.from({ length: times }, (_, index) => relay(index)).flat();
  return stepsOf(traceOf(...linked, ...lines), timelineOf([0, 'client 1', 'connects'], [500, 'client 1', 'closes']));
}

function finalState(steps: Step[]): unknown {
  return JSON.parse(JSON.stringify(steps.reduce(apply, emptyState())));
}

describe('thinning', () => {
  it('leaves a short recording unchanged', () => {
    expect(thin(story(2), emptyState(), { most: 1000 })).toEqual(story(2));
  });

  it('folds repetitions without a change of any state', () => {
    const steps = thin(story(300), emptyState(), { most: 1000 });
    expect(steps.length).toBeLessThan(40);
    const skip = steps.find((step) => step.kind === 'skip');
    expect(skip).toMatchObject({ why: 'repeats', count: 3 * 297 });
    expect(finalState(steps)).toEqual(finalState(story(300)));
  });

  it('keeps the relevant step at any position', () => {
    const all = story(300);
    for (const focus of [0, 11, 300, 500, all.length - 1]) {
      for (const most of [20, 1000]) {
        const steps = thin(all, emptyState(), { most, focus });
        expect(steps).toContain(all[focus]);
        expect(finalState(steps)).toEqual(finalState(all));
      }
    }
  });

  it('meets the limit, and every remaining state is right', () => {
    const lines = Array.from({ length: 400 }, (_, index) => ({ call: 'socket', ms: 100 + index, result: 10 + index }));
    const all = stepsOf(traceOf(...linked, ...lines), []);
    const steps = thin(all, emptyState(), { most: 100, focus: 200 });
    expect(steps.length).toBeLessThanOrEqual(104);
    const states = statesOf(all);
    statesOf(steps).forEach((state, index) => {
      const step = steps[index - 1];
      if (step !== undefined && step.kind !== 'skip') expect(state).toEqual(states[all.indexOf(step) + 1]);
    });
  });
});

describe('packing', () => {
  it('loses nothing but thousandths of microseconds', () => {
    const steps = thin(story(300), emptyState(), { most: 1000 });
    const packed = JSON.parse(JSON.stringify(pack(steps)));
    const plain = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (_, x) => (typeof x === 'number' ? Math.round(x * 1000) / 1000 : x)));
    expect(plain(unpack(packed))).toEqual(plain(steps));
  });

  it('needs a fraction of the size', () => {
    const steps = story(1000);
    expect(JSON.stringify(pack(steps)).length).toBeLessThan(JSON.stringify(steps).length / 3);
  });
});
