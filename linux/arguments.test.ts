/** Every wrong argument gives a message that names the call and the argument. */
import { describe, expect, it } from 'vitest';
import * as linux from './index.ts';

type AnyCall = (...args: unknown[]) => unknown;
const call = (name: string, ...args: unknown[]): unknown =>
  (linux as unknown as Record<string, AnyCall>)[name]?.(...args);
const memory = Buffer.alloc(16);

describe.runIf(process.platform === 'linux')('a wrong argument', () => {
  it.each([
    ['epoll_create1', [], 'epoll_create1: flags is missing (undefined), expected a number'],
    ['epoll_create1', ['0'], "epoll_create1: flags is the string '0', expected a number"],
    ['socket', [2, 1], 'socket: protocol is missing (undefined), expected a number'],
    ['listen', [3, NaN], 'listen: backlog is NaN, expected a whole number of 32 bits'],
    ['close', [], 'close: fd is missing (undefined), expected a number'],
    ['close', [1.5], 'close: fd is 1.5, expected a whole number of 32 bits'],
    ['shutdown', [3, '1'], "shutdown: how is the string '1', expected a number"],
    ['bind', [3], 'bind: address is missing (undefined), expected a Buffer'],
    ['connect', [3, null], 'connect: address is null, expected a Buffer'],
    ['connect', [undefined, memory], 'connect: sockfd is missing (undefined), expected a number'],
    ['accept', [], 'accept: sockfd is missing (undefined), expected a number'],
    ['accept', [3, []], 'accept: address is an array, expected a Buffer'],
    ['accept4', [3, null, null], 'accept4: flags is missing (undefined), expected a number'],
    ['getsockname', [3], 'getsockname: address is missing (undefined), expected a Buffer'],
    ['getpeername', [3, 'x'], "getpeername: address is the string 'x', expected a Buffer"],
    ['setsockopt', [3, 1, 2], 'setsockopt: value is missing (undefined), expected a number (1 is on'],
    ['setsockopt', [3, 1, 2, NaN], 'setsockopt: value is NaN, expected a whole number'],
    ['getsockopt', [3, 1, 4], 'getsockopt: value is missing (undefined), expected a Buffer'],
    ['recv', [3], 'recv: buffer is missing (undefined), expected a Buffer'],
    ['recv', [3, memory, 16], 'recv: flags is missing (undefined), expected a number'],
    ['recv', [3, memory, -1, 0], 'recv: length -1 does not fit the buffer'],
    ['recv', [3, memory, NaN, 0], 'recv: length NaN does not fit the buffer'],
    ['send', [3, 'abc', 3, 0], "send: buffer is the string 'abc', expected a Buffer. Buffer.from(text) makes one"],
    ['send', ['3', memory, 3, 0], "send: sockfd is the string '3', expected a number"],
    ['send', [3, memory], 'send: length is missing (undefined), expected a number'],
    ['read', [0, memory], 'read: length is missing (undefined), expected a number'],
    ['write', [1, 'abc', 3], "write: buffer is the string 'abc', expected a Buffer"],
    ['fcntl', [3], 'fcntl: operation is missing (undefined), expected a number'],
    ['fcntl', [3, 4, 'x'], "fcntl: argument is the string 'x', expected a number"],
    ['epoll_ctl', [3, 1, 4], 'epoll_ctl: event is missing (undefined), expected an object such as'],
    ['epoll_ctl', [3, 1, 4, 1], 'epoll_ctl: event is 1, expected an object such as'],
    ['epoll_ctl', [3, 1, 4, { data: { fd: 4 } }], 'epoll_ctl: event.events is missing (undefined), expected a number'],
    ['epoll_ctl', [3, 1, 4, { events: 1 }], 'epoll_ctl: event.data is missing (undefined), expected an object'],
    [
      'epoll_ctl',
      [3, 1, 4, { events: 1, data: {} }],
      'epoll_ctl: event.data.fd is missing (undefined), expected a number',
    ],
    ['epoll_ctl', [3, 1, undefined, null], 'epoll_ctl: fd is missing (undefined), expected a number'],
    ['epoll_wait', [3], 'epoll_wait: events is missing (undefined), expected an array'],
    ['epoll_wait', [3, []], 'epoll_wait: maxevents is missing (undefined), expected a number'],
    ['epoll_wait', [3, [], 8], 'epoll_wait: timeout is missing (undefined), expected a number'],
    ['sockaddr_in', [], 'sockaddr_in: address is missing (undefined), expected a string such as'],
    ['sockaddr_in', ['127.0.0.1', '80'], "sockaddr_in: port is the string '80', expected a number"],
    ['parse_sockaddr_in', [], 'parse_sockaddr_in: bytes is missing (undefined), expected a Buffer'],
    ['pipe2', [], 'pipe2: pipefd is missing (undefined), expected an array'],
    ['splice', [3, null, 4, null, -1, 0], 'splice: size is -1, expected a whole number, 0 or more'],
    ['signalfd', [-1], 'signalfd: signals is missing (undefined), expected an array such as'],
    ['read_signal', [], 'read_signal: fd is missing (undefined), expected a number'],
  ])('of %s(%j)', (name, args, words) => {
    expect(() => call(name, ...args)).toThrow(words);
  });

  it('is detected in every call, for its first argument', () => {
    const free = ['errno', 'strerror'];
    for (const [name, value] of Object.entries(linux)) {
      if (typeof value !== 'function' || free.includes(name)) continue;
      expect(() => call(name), name).toThrow(new RegExp(`^${name}: \\w+ is missing`));
    }
  });

  it('does not include errors that the kernel reports: -1 as a descriptor', () => {
    expect(call('close', -1)).toBe(-1);
    expect(linux.errno()).toBe('EBADF');
  });
});
