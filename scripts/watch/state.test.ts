/** The state machine of the watcher: every event in every state, without a terminal. */
import { describe, expect, it } from 'vitest';
import { type Action, type Event, initialState, type State, step, type Wish } from './state.ts';

const wish = (name: Wish): Event => ({ type: 'wish', wish: name });
const failed = { id: 'one-each', seed: '7f3a' };

/** Lets events happen one after the other; returns the last state and what was done about each. */
function play(...events: Event[]): { state: State; actions: Action[][] } {
  let state = initialState(['4.1', '4.2'], '4.1');
  const actions = events.map((event) => {
    const next = step(state, event);
    state = next.state;
    return next.actions;
  });
  return { state, actions };
}

/** What the last of these events leads to. */
function lastOf(...events: Event[]): Action[] {
  return play(...events).actions.at(-1) ?? [];
}

const begin: Event = { type: 'begin' };
const saved: Event = { type: 'saved' };
const passes = (run: number): Event => ({ type: 'done', run });
const fails = (run: number): Event => ({ type: 'done', run, failed });

describe('a save', () => {
  it('starts a run', () => {
    expect(lastOf(begin, passes(1), saved)).toEqual([{ type: 'run', run: 2, milestone: '4.1' }]);
  });

  it('during a run starts the next one, without a report of the one before', () => {
    expect(lastOf(begin, saved)).toEqual([{ type: 'run', run: 2, milestone: '4.1' }]);
    expect(lastOf(begin, saved, fails(1))).toEqual([]);
    expect(play(begin, saved, fails(1)).state).toMatchObject({ running: true, run: 2 });
    expect(lastOf(begin, saved, fails(1), passes(2))).toEqual([{ type: 'report' }]);
  });
});

describe('q', () => {
  it.each([
    ['before anything has happened', []],
    ['during a run', [begin]],
    ['after a run', [begin, fails(1)]],
  ])('leaves at once %s', (_when, before) => {
    expect(lastOf(...before, wish('quit'))).toEqual([{ type: 'quit' }]);
  });

  it.each([saved, fails(1), passes(1), wish('again'), wish('hint'), wish('quit')])('is the end: %j', (event) => {
    expect(lastOf(begin, wish('hint'), wish('quit'), event)).toEqual([]);
  });
});

describe('r and n', () => {
  it('start at once, even during a run', () => {
    expect(lastOf(begin, wish('again'))).toEqual([{ type: 'run', run: 2, milestone: '4.1' }]);
    expect(lastOf(begin, passes(1), wish('next'))).toEqual([{ type: 'run', run: 2, milestone: '4.2' }]);
    expect(lastOf(begin, wish('next'))).toEqual([{ type: 'run', run: 2, milestone: '4.2' }]);
  });

  it('wrap around to the first milestone after the last', () => {
    expect(lastOf(begin, wish('next'), wish('next'))).toMatchObject([{ milestone: '4.1' }]);
  });

  it('run all checks of another milestone, even after a failure in this one', () => {
    const { state, actions } = play(begin, fails(1), wish('filter'), wish('next'));
    expect(actions.at(-1)).toEqual([{ type: 'run', run: 3, milestone: '4.2' }]);
    expect(state.failed).toBeUndefined();
  });
});

describe('h and o', () => {
  it('act at once when nothing runs', () => {
    expect(lastOf(begin, fails(1), wish('hint'))).toEqual([{ type: 'hint', milestone: '4.1' }]);
    expect(lastOf(begin, fails(1), wish('open'))).toEqual([{ type: 'open', milestone: '4.1' }]);
  });

  it('wait for the result during a run, in the order in which they came', () => {
    expect(lastOf(begin, wish('hint'))).toEqual([]);
    expect(lastOf(begin, wish('hint'), wish('open'), wish('hint'), fails(1))).toEqual([
      { type: 'report' },
      { type: 'hint', milestone: '4.1' },
      { type: 'open', milestone: '4.1' },
      { type: 'hint', milestone: '4.1' },
    ]);
  });

  it('are not forgotten when the run is started again', () => {
    expect(lastOf(begin, wish('hint'), saved, fails(1), fails(2))).toEqual([
      { type: 'report' },
      { type: 'hint', milestone: '4.1' },
    ]);
  });
});

describe('f', () => {
  it('takes only the failed check, with the bytes that it failed with, and then all again', () => {
    const only = { type: 'run', run: 2, milestone: '4.1', only: failed };
    expect(lastOf(begin, fails(1), wish('filter'))).toEqual([only]);
    expect(lastOf(begin, fails(1), wish('filter'), fails(2), saved)).toEqual([{ ...only, run: 3 }]);
    const all = lastOf(begin, fails(1), wish('filter'), fails(2), wish('filter'));
    expect(all).toEqual([{ type: 'run', run: 3, milestone: '4.1' }]);
  });

  it('says so when no check has failed', () => {
    expect(lastOf(begin, passes(1), wish('filter'))).toMatchObject([{ type: 'say' }]);
  });

  it('waits during the first run, since what fails is not known yet', () => {
    expect(lastOf(begin, wish('filter'))).toEqual([]);
    expect(lastOf(begin, wish('filter'), wish('hint'), fails(1))).toEqual([
      { type: 'report' },
      { type: 'run', run: 2, milestone: '4.1', only: failed },
    ]);
    expect(lastOf(begin, wish('filter'), wish('hint'), fails(1), fails(2))).toEqual([
      { type: 'report' },
      { type: 'hint', milestone: '4.1' },
    ]);
  });

  it('is over when the check passes', () => {
    const events = [begin, fails(1), wish('filter'), passes(2)];
    expect(lastOf(...events)).toMatchObject([{ type: 'report' }, { type: 'say' }]);
    expect(lastOf(...events, saved)).toEqual([{ type: 'run', run: 3, milestone: '4.1' }]);
  });
});

it('news is told at once, or after the run', () => {
  const news: Event = { type: 'news', text: 'done' };
  expect(lastOf(begin, passes(1), news)).toEqual([{ type: 'say', text: 'done' }]);
  expect(lastOf(begin, news)).toEqual([]);
  expect(lastOf(begin, news, passes(1))).toEqual([{ type: 'report' }, { type: 'say', text: 'done' }]);
});

describe('events in random order', () => {
  /** The same in every run of the test. */
  function randomEvents(seed: number): Event[] {
    let number = seed;
    const next = (below: number): number => {
      number = (number * 1103515245 + 12345) % 2147483648;
      return Math.floor((number / 2147483648) * below);
    };
    const wishes: Wish[] = ['again', 'next', 'hint', 'filter', 'open'];
    let run = 1;
    return [begin].concat(
      Array.from({ length: 60 }, () => {
        const kind = next(4);
        if (kind === 0) return wish(wishes[next(wishes.length)] ?? 'again');
        if (kind === 1) return saved;
        run += next(3) === 0 ? 1 : 0;
        return next(2) === 0 ? passes(run) : fails(run);
      }),
    );
  }

  it('each run has a number of its own, and no wish is lost', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const events = randomEvents(seed);
      const { state, actions } = play(...events);
      const runs = actions.flat().flatMap((action) => (action.type === 'run' ? action.run : []));
      expect(runs).toEqual(runs.map((_, index) => index + 1));
      expect(state.run).toBe(runs.length);
      for (const name of ['hint', 'open'] as const) {
        const wanted = events.filter((event) => event.type === 'wish' && event.wish === name).length;
        const granted = actions.flat().filter((action) => action.type === name).length;
        const waiting = state.waiting.filter((event) => event.type === 'wish' && event.wish === name).length;
        expect(granted + waiting).toBe(wanted);
      }
    }
  });
});
