import { describe, expect, it } from 'vitest';
import { apply } from '../report/replay/model/apply.ts';
import { linked, traceOf } from '../report/replay/model/fixtures.ts';
import type { Step } from '../report/replay/model/steps.ts';
import { Feed } from './feed.ts';

describe('the feed of a running proxy', () => {
  it('sends each step to the viewers as it happens', () => {
    const feed = new Feed(3000);
    const seen: Step[] = [];
    const stop = feed.watch((steps) => seen.push(...steps));
    feed.addCalls(traceOf(...linked), 20);
    expect(seen.length).toBe(linked.length);
    stop();
    feed.addOutside({ ms: 30, who: 'program', what: 'exits' });
    expect(seen.length).toBe(linked.length);
  });

  it('reports a wait while it lasts, once', () => {
    const feed = new Feed(3000);
    const wait = { call: 'epoll_wait', fd: 4, ms: 15, took: undefined, result: undefined };
    feed.addCalls(traceOf(wait), 20);
    feed.addCalls([], 70);
    expect(feed.start.steps).toMatchObject([{ call: 'epoll_wait', phase: 'begins' }]);
  });

  it('is bounded for latecomers, and right for them', () => {
    const feed = new Feed(3000);
    const all = new Feed(3000);
    let whole = all.start.first;
    all.watch((steps) => {
      whole = steps.reduce(apply, whole);
    });
    for (const one of [feed, all]) {
      one.addCalls(traceOf(...linked), 20);
      for (let time = 0; time < 8000; time += 1) {
        const ms = 100 + time;
        one.addCalls(traceOf({ call: 'recv', fd: 5, ms, result: 10, args: { length: 10 + (time % 7), flags: 0 } }), ms);
      }
    }
    const { first, steps } = feed.start;
    expect(steps.length).toBeLessThanOrEqual(2000);
    expect(steps.reduce(apply, first)).toEqual(whole);
    expect(whole.sockets[5]?.received).toBe(80_000);
  });

  it('thins out a flood', () => {
    const feed = new Feed(3000);
    const flood = Array.from({ length: 20_000 }, (_, index) => ({
      call: 'socket',
      ms: 100 + index / 1000,
      result: index % 50,
    }));
    let seen = 0;
    feed.watch((steps) => {
      seen += steps.length;
    });
    feed.addCalls(traceOf(...flood), 200);
    expect(seen).toBeLessThan(400);
  });
});
