import { describe, expect, it } from 'vitest';
import { statesOf } from './apply.ts';
import { linked, timelineOf, traceOf } from './fixtures.ts';
import { endBytes, inFlight, laneOf, MAX_LANES, moveOf, rowTrouble, visibleLanes } from './lanes.ts';
import { emptyState, type State } from './state.ts';
import { type Step, stepsOf } from './steps.ts';

interface Ending {
  step: Step | undefined;
  before: State;
  after: State;
}

/** The last step of a linked pair with these calls and events. */
function lastStep(lines: Record<string, unknown>[], ...entries: Parameters<typeof timelineOf>): Ending {
  const steps = stepsOf(traceOf(...linked, ...lines), timelineOf(...entries));
  const states = statesOf(steps);
  const [before = emptyState(), after = emptyState()] = states.slice(-2);
  return { step: steps.at(-1), before, after };
}

describe('the movement of a step', () => {
  const recv = { call: 'recv', fd: 5, args: { length: 100, flags: 0 }, result: 3, head: '616263' };
  const cases: [string, Record<string, unknown>[], Parameters<typeof timelineOf>, object | undefined][] = [
    ['recv', [recv], [], { side: 'clients', half: 'inner', towards: 'proxy', what: 'bytes', bytes: 3 }],
    ['recv at the end', [{ ...recv, result: 0 }], [], { towards: 'proxy', what: 'fin' }],
    ['a failed recv', [{ ...recv, result: -1, errno: 'EAGAIN' }], [], undefined],
    [
      'send',
      [recv, { call: 'send', fd: 6, result: 3, head: '616263' }],
      [],
      { side: 'upstreams', towards: 'end', source: 5 },
    ],
    ['accept', [{ call: 'accept', fd: 3, result: 7 }], [], { side: 'clients', what: 'connect', lane: 2 }],
    [
      'an outside send',
      [],
      [[90, 'client 1', 'sends', 9]],
      { half: 'outer', towards: 'proxy', what: 'bytes', bytes: 9 },
    ],
    ['an outside reset', [], [[90, 'client 1', 'resets']], { half: 'outer', towards: 'proxy', what: 'rst' }],
    ['a FIN that arrived', [], [[90, 'upstream 1', 'fin']], { side: 'upstreams', towards: 'end', what: 'fin' }],
    ['epoll_ctl', [{ call: 'epoll_ctl', fd: 5, args: { operation: 2 } }], [], undefined],
  ];
  it.each(cases)('%s', (_name, lines, entries, expected) => {
    const { step, before, after } = lastStep(lines, ...entries);
    const move = step && moveOf(step, before, after);
    if (expected === undefined) expect(move).toBeUndefined();
    else expect(move).toMatchObject(expected);
  });
});

describe('the rows of the picture', () => {
  const many = Array.from({ length: 20 }, (_, index) => ({ call: 'accept', fd: 3, result: 10 + index }));

  it('are the newest open ones, or those around the row of the step', () => {
    const { after } = lastStep(many);
    expect(visibleLanes(after, undefined).lanes.map(({ id }) => id)).toEqual([17, 18, 19, 20, 21]);
    const near = visibleLanes(after, 7);
    expect(near.lanes.map(({ id }) => id)).toContain(7);
    expect(near.lanes.length).toBe(MAX_LANES);
    expect(near.hidden).toBe(21 - MAX_LANES);
  });

  it('keep a few closed ones, as long as there is room', () => {
    const { step, before, after } = lastStep([
      { call: 'close', fd: 5 },
      { call: 'close', fd: 6 },
    ]);
    expect(visibleLanes(after, undefined).lanes.map(({ id }) => id)).toEqual([1]);
    expect(laneOf(step, before, after)).toBe(1);
  });
});

describe('the bytes in the kernel', () => {
  const lane = (state: State) => state.lanes[1] ?? { id: 0 };

  it('are those that one side has sent and the other has not read', () => {
    const recv = { call: 'recv', fd: 5, ms: 80, args: { length: 100, flags: 0 }, result: 3 };
    const { after } = lastStep([recv], [70, 'client 1', 'connects'], [71, 'client 1', 'sends', 10]);
    expect(inFlight(after, 'clients', lane(after))).toEqual({ toProxy: 7, toEnd: 0 });
  });

  it('are unknown at an end that the checker does not hold', () => {
    const { after } = lastStep([{ call: 'send', fd: 6, result: 3 }]);
    expect(inFlight(after, 'upstreams', lane(after))).toEqual({ toProxy: 0, toEnd: 0 });
  });

  it('never arrive before they were sent, although the checker counts several pieces as one', () => {
    const send = { call: 'send', fd: 5, ms: 80, args: { length: 100 }, result: 100 };
    const { after } = lastStep([send], [81, 'client 1', 'receives', 5000]);
    const end = after.clients[1];
    expect(end && endBytes(after, end)).toEqual({ sent: 0, received: 100 });
  });
});

describe('a row of the route table', () => {
  const row = { call: 'epoll_wait', fd: 4, result: 0, rows: [[5, 6]] };
  const trouble = (...lines: Record<string, unknown>[]): string | undefined => {
    const { after } = lastStep(lines);
    const [first] = after.table ?? [];
    return first && rowTrouble(after, first);
  };

  it('is in order while its sockets are', () => {
    expect(trouble(row)).toBeUndefined();
  });

  it('is stale when a socket is closed, or its number is reused', () => {
    expect(trouble(row, { call: 'close', fd: 5 })).toBe('fd 5 is closed');
    expect(trouble(row, { call: 'close', fd: 5 }, { call: 'accept', fd: 3, result: 5 })).toBe(
      'fd 5 is another socket by now',
    );
  });

  it('that was rewritten for the same numbers is in order', () => {
    const again = { ...row, rows: [[5, 6], [5, 6]] }; // biome-ignore format: a table
    const { after } = lastStep([row, { call: 'close', fd: 5 }, { call: 'accept', fd: 3, result: 5 }, again]);
    expect(after.table?.map((one) => rowTrouble(after, one))).toEqual(['fd 5 is another socket by now', undefined]);
  });

  it('with -1 in it says so', () => {
    expect(trouble({ ...row, rows: [[-1, 6]] })).toBe('-1 is no descriptor');
  });
});
