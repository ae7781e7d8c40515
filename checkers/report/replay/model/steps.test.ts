import { describe, expect, it } from 'vitest';
import { timelineOf, traceOf } from './fixtures.ts';
import { CallSteps, type Step, stepsOf } from './steps.ts';

const wait = { call: 'epoll_wait', fd: 4, args: { maxevents: 64, timeout: -1 } };
const begun = { ...wait, ms: 10, took: undefined, result: undefined };
const over = { ...wait, ms: 10, took: 30, result: 1, events: [{ fd: 3, events: 1 }], rows: [[5, 6]] };

function brief(step: Step): string {
  return step.kind === 'call' ? `${step.ms} ${step.call} ${step.phase}` : `${step.ms} ${step.kind}`;
}

describe('the steps of a recording', () => {
  it('are two for a call that blocks, with outside events between them', () => {
    const steps = stepsOf(traceOf(begun, over), timelineOf([20, 'client 1', 'connects']));
    expect(steps.map(brief)).toEqual(['10 epoll_wait begins', '20 outside', '40 epoll_wait returns']);
  });

  it('are one for a call that returns at once', () => {
    const recv = { call: 'recv', fd: 5, ms: 10, took: 0.2, result: 3 };
    expect(stepsOf(traceOf({ ...recv, took: undefined, result: undefined }, recv), []).map(brief)).toEqual([
      '10.2 recv whole',
    ]);
  });

  it('show a new route table before the wait in which it was noticed', () => {
    const [first, second] = stepsOf(traceOf(begun, over), []);
    expect(first).toMatchObject({ phase: 'begins', rows: [[5, 6]] });
    expect(second).not.toHaveProperty('rows');
  });

  it('end with the call that never returned', () => {
    expect(stepsOf(traceOf(over, { ...begun, ms: 50 }), []).map(brief)).toEqual([
      '10 epoll_wait begins',
      '40 epoll_wait returns',
      '50 epoll_wait begins',
    ]);
  });

  it('are in the order of the trace, not of the clock', () => {
    const lines = [8, 6, 9].map((ms, index) => ({ call: 'socket', ms, took: 0, result: index }));
    const steps = stepsOf(traceOf(...lines), timelineOf([7, 'client 1', 'connects']));
    expect(steps.map(brief)).toEqual(['7 outside', '8 socket whole', '8 socket whole', '9 socket whole']);
    expect(steps.slice(1)).toMatchObject([{ result: 0 }, { result: 1 }, { result: 2 }]);
  });

  it('keep a call that the exit of its program cut off', () => {
    const socket = { call: 'socket', ms: 60, result: 3 };
    expect(stepsOf(traceOf(begun, socket), []).map(brief)).toEqual(['10 epoll_wait begins', '60.1 socket whole']);
  });
});

describe('live steps', () => {
  it('show a wait while it lasts, and its end later', () => {
    const maker = new CallSteps();
    const [start, end] = traceOf(begun, over);
    if (!start || !end) throw new Error('two lines');
    expect(maker.add(start)).toEqual([]);
    expect(maker.pending().map(brief)).toEqual(['10 epoll_wait begins']);
    expect(maker.pending()).toEqual([]);
    expect(maker.add(end).map(brief)).toEqual(['40 epoll_wait returns']);
  });

  it('do not call it a wait when a recv has just begun', () => {
    const maker = new CallSteps();
    const [recv] = traceOf({ call: 'recv', fd: 5, ms: 10, took: undefined, result: undefined });
    if (!recv) throw new Error('one line');
    maker.add(recv);
    expect(maker.pending(5)).toEqual([]);
    expect(maker.pending(15).map(brief)).toEqual(['10 recv begins']);
  });
});
