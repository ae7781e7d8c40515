import { expect, test, vi } from 'vitest';
import { AF_INET, close, errno, listen, socket, strerror } from '#linux';
import { opened, tcpSocket, watching } from './fixtures.ts';
import { bindCall } from './libc.ts';

const SOCK_DGRAM = 2;

test('errno is empty until a call has failed', async () => {
  vi.resetModules();
  const fresh = await import('./libc.ts');
  expect(fresh.errno()).toBe('');
});

test('errno names the last failure, and a call that succeeds leaves it', () => {
  expect(close(-1)).toBe(-1);
  expect(errno()).toBe('EBADF');
  tcpSocket();
  expect(errno()).toBe('EBADF');
});

test('an error with two names has the one of the manual pages', () => {
  expect(listen(opened(socket(AF_INET, SOCK_DGRAM, 0)), 1)).toBe(-1);
  expect(errno()).toBe('EOPNOTSUPP');
});

test('errno belongs to its call even while garbage is collected', () => {
  const notASocket = watching(0);
  let garbage: unknown[] = [];
  for (let i = 0; i < 20_000; i += 1) {
    garbage.push(Buffer.alloc(2000), { i });
    if (garbage.length > 1000) garbage = [];
    listen(notASocket, 1);
    const first = errno();
    close(-1);
    if (first !== 'ENOTSOCK' || errno() !== 'EBADF') expect([i, first, errno()]).toEqual([i, 'ENOTSOCK', 'EBADF']);
  }
});

test('strerror takes the name or the number of an error', () => {
  expect(strerror('ECONNRESET')).toBe('Connection reset by peer');
  expect(strerror(104)).toBe('Connection reset by peer');
  expect(strerror('EWOULDBLOCK')).toBe(strerror('EAGAIN'));
  // Node's own list of errors has no EHOSTDOWN.
  expect(strerror('EHOSTDOWN')).toBe('Host is down');
});

test('strerror reports an unknown error', () => {
  expect(strerror('EWHATEVER')).toBe('Unknown error EWHATEVER');
  expect(strerror('toString')).toBe('Unknown error toString');
});

test('a call that the C library does not have fails when it is bound, not when it is called', () => {
  expect(() => bindCall('int no_such_call(int fd)')).toThrow('no_such_call');
});

test('a call with too few arguments throws instead of reading garbage from the stack', () => {
  expect(() => Reflect.apply(listen, undefined, [1])).toThrow(TypeError);
});
