/** The simulated '#linux' has the face of the real one: names, refusals, errors in words. */
import { expect, test } from 'vitest';
import * as real from '#linux';
import { Kernel } from './kernel.ts';
import { type Linux, linuxOf } from './linux.ts';

function fresh(): Linux {
  const kernel = new Kernel();
  return linuxOf(kernel, kernel.newProcess('program'));
}

test('the same names, of the same kinds', () => {
  const simulated: Record<string, unknown> = fresh();
  expect(Object.keys(simulated).sort()).toEqual(Object.keys(real).sort());
  for (const [name, value] of Object.entries(real)) {
    expect(typeof simulated[name], name).toBe(typeof value);
    if (typeof value !== 'function') expect(simulated[name]).toBe(value);
  }
});

test('the same words for every error', () => {
  const { strerror } = fresh();
  for (let number = 0; number < 140; number += 1) expect(strerror(number)).toBe(real.strerror(number));
  for (const name of ['EAGAIN', 'EWOULDBLOCK', 'ECONNRESET', 'EHOSTDOWN', 'toString', 'EWHATEVER']) {
    expect(strerror(name)).toBe(real.strerror(name));
  }
});

const bytes = Buffer.alloc(16);
const wrong: [call: keyof Linux, ...args: unknown[]][] = [
  ['socket', 2, 1],
  ['socket', '2', 1, 0],
  ['socket', 2.5, 1, 0],
  ['bind', 3],
  ['bind', 3, 'localhost'],
  ['bind', 3, bytes, 17],
  ['bind', undefined, bytes],
  ['listen', 3],
  ['listen', 3, Number.NaN],
  ['accept'],
  ['accept', 3, 'x'],
  ['accept', 3, bytes, { value: 17 }],
  ['accept4', 3, null, null],
  ['accept4', 3, bytes, null, 'x'],
  ['connect', 3, null],
  ['getsockname', 3],
  ['getpeername', 3, Buffer.alloc(4), { value: 5 }],
  ['setsockopt', 3, 1, 2],
  ['setsockopt', 3, 1, 2, true],
  ['setsockopt', 3, 1, 2, 0.5],
  ['getsockopt', 3, 1, 2, 4],
  ['recv', 3, 'buffer', 1, 0],
  ['recv', 3, bytes, 17, 0],
  ['recv', 3, bytes, 16],
  ['send', 3, 'text', 4, 0],
  ['send', 3, bytes, -1, 0],
  ['send', 3, bytes, '16', 0],
  ['send', null, bytes, 16, 0],
  ['read', 0, bytes],
  ['read', 0, [], 1],
  ['write', 1, bytes, 17],
  ['write', 'x', bytes, 16],
  ['shutdown', 3],
  ['close'],
  ['close', '3'],
  ['fcntl', 3],
  ['fcntl', 3, 4, 'x'],
  ['pipe2', 0, 0],
  ['pipe2', []],
  ['splice', 3, null, 4, null, -1, 0],
  ['splice', 3, null, 4, null, 10],
  ['epoll_create1'],
  ['epoll_ctl', 3, 1, 4],
  ['epoll_ctl', 3, 1, 4, 5],
  ['epoll_ctl', 3, 1, 4, { events: 1 }],
  ['epoll_ctl', 3, 1, 4, { events: 1, data: {} }],
  ['epoll_ctl', 3, 1, 4, { events: 'x', data: { fd: 4 } }],
  ['epoll_wait', 3, null, 1, 0],
  ['epoll_wait', 3, [], 'x', 0],
  ['epoll_wait', 3, [], 1],
  ['signalfd', -1, 'SIGTERM', 0],
  ['signalfd', 'x', ['SIGTERM'], 0],
  ['read_signal', 'x'],
  ['sockaddr_in', 'localhost', 80],
  ['sockaddr_in', '127.0.0.01', 80],
  ['sockaddr_in', '256.0.0.1', 80],
  ['parse_sockaddr_in', Buffer.alloc(3)],
];

/** What a function throws. */
function thrownBy(linux: Record<string, unknown>, name: string, args: unknown[]): string {
  try {
    (linux[name] as (...args: unknown[]) => unknown)(...args);
    return 'nothing';
  } catch (error) {
    return String(error);
  }
}

test.each(wrong)('%s(…) refuses the same arguments with the same words', (call, ...args) => {
  const refusal = thrownBy({ ...real }, call, args);
  expect(refusal).not.toBe('nothing');
  expect(thrownBy(fresh(), call, args)).toBe(refusal);
});
