import { describe, expect, it } from 'vitest';
import { apply, statesOf } from './apply.ts';
import { linked, timelineOf, traceOf } from './fixtures.ts';
import { emptyState, type State } from './state.ts';
import { stepsOf } from './steps.ts';

type Lines = Record<string, unknown>[];

/** The state after a linked pair and these calls. */
function stateAfter(...lines: Lines): State {
  return lastOf(stepsOf(traceOf(...linked, ...lines), []));
}

function lastOf(steps: Parameters<typeof statesOf>[0]): State {
  return statesOf(steps).at(-1) ?? emptyState();
}

const request = { call: 'recv', fd: 5, args: { length: 100, flags: 0 }, result: 3, head: '616263' };

describe('system calls', () => {
  it('make a listener, a client and an upstream of bare descriptors', () => {
    const { sockets, lanes, life } = stateAfter();
    expect(life).toBe('listening');
    expect(sockets[3]).toMatchObject({ kind: 'listener', port: 8080, watched: 1 });
    expect(sockets[4]).toMatchObject({ kind: 'epoll' });
    expect(sockets[5]).toMatchObject({ kind: 'client', number: 1, lane: 1 });
    expect(sockets[6]).toMatchObject({ kind: 'upstream', number: 1, lane: 1, port: 3000 });
    expect(lanes[1]).toEqual({ id: 1, client: 1, clientFd: 5, upstream: 1, upstreamFd: 6 });
  });

  it('count the bytes that were received and not sent on', () => {
    expect(stateAfter(request).sockets[5]).toMatchObject({ pending: 3, received: 3 });
    const send = { call: 'send', fd: 6, args: { length: 3, flags: 0 }, result: 2, head: '6162' };
    expect(stateAfter(request, send).sockets[5]).toMatchObject({ pending: 1 });
    expect(stateAfter(request, send).sockets[6]).toMatchObject({ pending: 0, sent: 2 });
    expect(stateAfter(request, send).upstreams[1]).toMatchObject({ given: 2 });
  });

  it('count what goes through a pipe as received, and then as sent', () => {
    const pipe = { call: 'pipe2', fd: -1, args: { out: 9, into: 10, flags: 0 }, result: 0 };
    const fill = { call: 'splice', fd: 5, args: { to: 10, length: 1e9, flags: 3 }, result: 3000 };
    const empty = { call: 'splice', fd: 9, args: { to: 6, length: 3000, flags: 3 }, result: 2000 };
    expect(stateAfter(pipe, fill).sockets[5]).toMatchObject({ pending: 3000, received: 3000 });
    expect(stateAfter(pipe, fill, empty).sockets[5]).toMatchObject({ pending: 1000 });
    expect(stateAfter(pipe, fill, empty).sockets[6]).toMatchObject({ sent: 2000 });
    expect(stateAfter(pipe, fill, empty).upstreams[1]).toMatchObject({ given: 2000 });
    expect(stateAfter(pipe, { ...fill, result: 0 }).sockets[5]?.ended).toBe('fin');
    expect(stateAfter(pipe, fill, { ...empty, result: -1, errno: 'EAGAIN' }).sockets[6]?.ended).toBeUndefined();
  });

  it('do not count peeked bytes', () => {
    expect(stateAfter({ ...request, args: { length: 100, flags: 2 } }).sockets[5]?.pending).toBe(0);
  });

  it('show how a connection ended', () => {
    expect(stateAfter({ ...request, result: 0 }).sockets[5]?.ended).toBe('fin');
    expect(stateAfter({ ...request, result: -1, errno: 'ECONNRESET' }).sockets[5]?.ended).toBe('rst');
    expect(stateAfter({ ...request, result: -1, errno: 'EAGAIN' }).sockets[5]?.ended).toBeUndefined();
  });

  it('close a descriptor, and distinguish it from the next one with its number', () => {
    const closed = stateAfter({ call: 'close', fd: 5 });
    expect(closed.sockets[5]).toBeUndefined();
    expect(closed.lanes[1]).toMatchObject({ clientClosed: true, upstreamFd: 6 });
    const again = stateAfter({ call: 'close', fd: 5 }, { call: 'accept', fd: 3, result: 5 });
    expect(again.sockets[5]).toMatchObject({ number: 2, lane: 2 });
    expect(again.sockets[5]?.generation).not.toBe(stateAfter().sockets[5]?.generation);
  });

  it('leave a failed connect on the right side, without a number', () => {
    const lines = [
      { call: 'accept', fd: 3, result: 7 },
      { call: 'socket', result: 8 },
      { call: 'connect', fd: 8, args: { address: '127.0.0.1', port: 3000 }, result: -1, errno: 'ECONNREFUSED' },
    ];
    const state = stateAfter(...lines);
    expect(state.sockets[8]).toMatchObject({ kind: 'upstream', failed: 'ECONNREFUSED', lane: 2 });
    expect(state.sockets[8]).not.toHaveProperty('number');
    expect(state.connected).toBe(1);
  });

  it('move a client to another upstream after a failed attempt', () => {
    const attempt = (fd: number, port: number) => [
      { call: 'socket', result: fd },
      { call: 'connect', fd, args: { address: '127.0.0.1', port }, result: -1, errno: 'EINPROGRESS' },
    ];
    const calls = [
      { call: 'accept', fd: 3, result: 7 },
      ...attempt(8, 3001),
      { call: 'close', fd: 8 },
      ...attempt(8, 3002),
    ];
    const seen = timelineOf([100, 'upstream 2 at C', 'accepts'], [101, 'upstream 2 at C', 'sends', 9]);
    const { lanes, upstreams } = lastOf(stepsOf(traceOf(...linked, ...calls), seen));
    expect(lanes[2]).toMatchObject({ client: 2, clientFd: 7, upstream: 2, upstreamFd: 8 });
    expect(upstreams[2]).toMatchObject({ lane: 2, sent: 9 });
    expect(Object.keys(lanes)).toEqual(['1', '2']);
  });

  it('do not take a connection to another port for an upstream connection', () => {
    const steps = stepsOf(traceOf(...linked), []);
    expect(statesOf(steps, emptyState(4000)).at(-1)?.upstreams).toEqual({});
  });

  it('that are unknown, or on descriptors that are not open, change nothing', () => {
    const state = stateAfter();
    const strange = [
      { call: 'constructor', fd: 5 },
      { call: 'recv', fd: 99, result: 1e15 },
      { call: 'send', fd: -1, result: 5 },
      { call: 'close', fd: 1e9 },
      { call: 'accept', fd: 3, result: -7 },
    ];
    expect({ ...stateAfter(...strange), loop: 0 }).toEqual({ ...state, loop: 0 });
  });
});

describe('the loop', () => {
  const report = { call: 'epoll_wait', fd: 4, result: 2, events: [5, 6].map((fd) => ({ fd, events: 1 })) };

  it('starts, then waits, then handles its events', () => {
    expect(lastOf(stepsOf(traceOf(...linked.slice(0, 4)), [])).loop.phase).toBe('setup');
    const waiting = { call: 'epoll_wait', fd: 4, took: undefined, result: undefined };
    expect(stateAfter(waiting).loop).toMatchObject({ phase: 'waiting', batch: [] });
    expect(stateAfter(report).loop.batch.map(({ turn }) => turn)).toEqual(['due', 'due']);
    expect(stateAfter(report, request).loop).toMatchObject({ phase: 'working', fd: 5, fn: 'main' });
    expect(stateAfter(report, request).loop.batch.map(({ turn }) => turn)).toEqual(['now', 'due']);
    const other = { ...request, fd: 6 };
    expect(stateAfter(report, request, other).loop.batch.map(({ turn }) => turn)).toEqual(['done', 'now']);
  });

  it('is stuck in a call that does not return', () => {
    expect(stateAfter({ ...request, took: undefined, result: undefined }).loop).toMatchObject({
      phase: 'blocked',
      fd: 5,
    });
  });
});

describe('the bytes of a send come from', () => {
  const second = [
    { call: 'accept', fd: 3, result: 7 },
    { call: 'socket', result: 8 },
    { call: 'connect', fd: 8, args: { address: '127.0.0.1', port: 3000 } },
  ];
  const other = { ...request, fd: 7, head: '787878' };
  const table = [[5, 6], [7, 8]]; // biome-ignore format: a table

  it('the descriptor that was read last, if they begin alike', () => {
    const send = { call: 'send', fd: 8, result: 3, head: '616263', rows: table };
    expect(stateAfter(...second, other, request, send).sockets[5]?.pending).toBe(0);
  });

  it('else from the partner in the route table', () => {
    const send = { call: 'send', fd: 8, result: 3, head: '787878', rows: table };
    expect(stateAfter(...second, other, request, send).sockets[7]?.pending).toBe(0);
  });

  it('else from the one that was read last', () => {
    const send = { call: 'send', fd: 8, result: 3, head: '00' };
    expect(stateAfter(...second, other, request, send).sockets[5]?.pending).toBe(0);
  });
});

describe('outside events', () => {
  const steps = (...entries: Parameters<typeof timelineOf>): State => lastOf(stepsOf([], timelineOf(...entries)));

  it('are enough without a trace', () => {
    const state = steps([1, 'client 1', 'connects'], [2, 'upstream 1', 'accepts'], [3, 'client 1', 'sends', 5]);
    expect(state.lanes[1]).toEqual({ id: 1, client: 1, upstream: 1 });
    expect(state.clients[1]).toMatchObject({ sent: 5, seen: true });
    expect(state.traced).toBe(false);
  });

  it('and the trace mean the same client, whichever comes first', () => {
    for (const ms of [0, 7.05, 20]) {
      const state = lastOf(stepsOf(traceOf(...linked), timelineOf([ms, 'client 1', 'connects'])));
      expect(Object.values(state.lanes)).toEqual([{ id: 1, client: 1, clientFd: 5, upstream: 1, upstreamFd: 6 }]);
    }
  });

  it('and the trace mean the same upstream connection, whichever comes first', () => {
    for (const ms of [8.5, 9.05, 20]) {
      const state = lastOf(stepsOf(traceOf(...linked), timelineOf([ms, 'upstream 1', 'accepts'])));
      expect(Object.values(state.lanes)).toEqual([{ id: 1, client: 1, clientFd: 5, upstream: 1, upstreamFd: 6 }]);
    }
  });

  it('close everything when the program exits, and match the next client after a restart', () => {
    const story = timelineOf([0.1, 'client 1', 'connects'], [30, 'program', 'exits'], [31, 'program', 'starts']);
    const ended = lastOf(stepsOf(traceOf(...linked), story));
    expect(ended.sockets).toEqual({});
    expect(ended.lanes[1]).toEqual({ id: 1, client: 1, upstream: 1, clientClosed: true, upstreamClosed: true });
    const accept = traceOf({ call: 'accept', fd: 3, ms: 40, result: 5 });
    expect(stepsOf(accept, []).reduce(apply, ended).sockets[5]?.number).toBe(2);
  });

  it('of an unknown peer change nothing', () => {
    expect(steps([1, 'nobody', 'sends', 5], [2, 'client x', 'sends', 5])).toEqual(emptyState());
  });
});

it('forgets connections that ended long ago, but not the others', () => {
  const lines = Array.from({ length: 300 }, (_, index) => [
    { call: 'accept', fd: 3, ms: 100 + index, result: 7 },
    { call: 'close', fd: 7, ms: 100.5 + index },
  ]).flat();
  const { lanes, clients } = stateAfter(...lines);
  expect(Object.keys(lanes).length).toBeLessThan(200);
  expect(lanes[1]).toMatchObject({ clientFd: 5 });
  expect(clients[1]).toBeDefined();
});
