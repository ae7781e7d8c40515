import { describe, expect, it } from 'vitest';
import { statesOf } from './apply.ts';
import { bytesText, callText } from './call-text.ts';
import { linked, timelineOf, traceOf } from './fixtures.ts';
import { inWords } from './narration.ts';
import { emptyState } from './state.ts';
import { stepsOf } from './steps.ts';

/** The last step of a linked pair with these calls and events, in words. */
function told(lines: Record<string, unknown>[], ...entries: Parameters<typeof timelineOf>): string {
  const steps = stepsOf(traceOf(...linked, ...lines), timelineOf(...entries));
  const [before = emptyState(), after = emptyState()] = statesOf(steps).slice(-2);
  const step = steps.at(-1);
  return step === undefined ? '' : inWords(step, before, after);
}

const recv = { call: 'recv', fd: 5, args: { length: 100, flags: 0 }, result: 3, head: '616263' };

describe('in words', () => {
  it.each([
    ["recv() takes 3 bytes from client 1 (fd 5) into the proxy's memory.", [recv]],
    ['recv() returns 0: client 1 (fd 5) will send no more.', [{ ...recv, result: 0 }]],
    [
      'recv() on client 1 (fd 5) fails: the other end reset the connection (ECONNRESET).',
      [{ ...recv, result: -1, errno: 'ECONNRESET' }],
    ],
    [
      'The proxy waits in recv() for bytes of client 1 (fd 5). Until some come, nothing else goes on.',
      [{ ...recv, took: undefined, result: undefined }],
    ],
    [
      'send() takes only 2,304 of 65,536 bytes for upstream 1 (fd 6). The other 63,232 bytes still have to be offered again.',
      [{ call: 'send', fd: 6, args: { length: 65_536, flags: 0 }, result: 2304 }],
    ],
    [
      'epoll_wait() wakes up: the listening socket (fd 3) has a client in its queue, client 1 (fd 5) has something to read and is over in both directions.',
      [
        {
          call: 'epoll_wait',
          fd: 4,
          result: 2,
          events: [
            { fd: 3, events: 1 },
            { fd: 5, events: 0x11 },
          ],
        },
      ],
    ],
    [
      'accept() takes a client from the queue: fd 7 is the connection to client 2.',
      [{ call: 'accept', fd: 3, result: 7 }],
    ],
    [
      'close() gives back client 1 (fd 5). The next socket may get the number 5 again. 3 bytes that came from there were never sent on.',
      [recv, { call: 'close', fd: 5 }],
    ],
    [
      'dup() on client 1 (fd 5) returns 9. It did the same 1,000 times more.',
      [{ call: 'dup', fd: 5, result: 9, repeats: 1000 }],
    ],
    [
      'splice() moves 3,000 bytes from client 1 (fd 5) into a pipe. They stay in the kernel.',
      [{ call: 'splice', fd: 5, args: { to: 10, length: 1e9, flags: 3 }, result: 3000 }],
    ],
    [
      'splice() moves 3,000 bytes out of a pipe to upstream 1 (fd 6).',
      [{ call: 'splice', fd: 9, args: { to: 6, length: 3000, flags: 3 }, result: 3000 }],
    ],
    [
      'splice() finds no room for upstream 1 (fd 6) (EAGAIN): nothing is lost, and the proxy can try again later.',
      [{ call: 'splice', fd: 9, args: { to: 6, length: 3000, flags: 3 }, result: -1, errno: 'EAGAIN' }],
    ],
  ])('%s', (sentence, lines) => {
    expect(told(lines)).toBe(sentence);
  });

  it('outside events are told as such', () => {
    expect(told([], [90, 'client 1', 'fin'])).toBe(
      'Client 1 sees the end of the stream (FIN): the proxy sends no more here.',
    );
    expect(told([{ ...recv, call: 'send', ms: 80 }], [90, 'client 1', 'receives', 5000])).toBe(
      'Client 1 receives 5,000 bytes from the proxy. They come in several pieces, from now on.',
    );
  });
});

describe('as in C', () => {
  it.each([
    ['recv(5, buffer, 100, MSG_DONTWAIT)', { call: 'recv', fd: 5, args: { length: 100, flags: 0x40 } }],
    [
      'socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)',
      { call: 'socket', args: { domain: 2, type: 0o4001, protocol: 0 } },
    ],
    [
      'epoll_ctl(4, EPOLL_CTL_ADD, 5, { EPOLLIN | EPOLLRDHUP, fd: 5 })',
      { call: 'epoll_ctl', fd: 5, args: { epfd: 4, operation: 1, events: 0x2001, data: 5 } },
    ],
    [
      'setsockopt(3, SOL_SOCKET, SO_REUSEADDR, 1)',
      { call: 'setsockopt', fd: 3, args: { level: 1, option: 2, value: 1 } },
    ],
    ['pipe2([9, 10], O_NONBLOCK)', { call: 'pipe2', fd: -1, args: { out: 9, into: 10, flags: 0o4000 } }],
    [
      'splice(5, NULL, 10, NULL, 4096, SPLICE_F_MOVE | SPLICE_F_NONBLOCK)',
      { call: 'splice', fd: 5, args: { to: 10, length: 4096, flags: 3 } },
    ],
    ['fcntl(10, F_SETPIPE_SZ, 1048576)', { call: 'fcntl', fd: 10, args: { operation: 1031, argument: 1048576 } }],
    ['mystery(3, 7)', { call: 'mystery', fd: 3, args: { a: 7 } }],
  ])('%s', (text, line) => {
    const [call] = traceOf(line);
    expect(call && callText(call)).toBe(text);
  });

  it('bytes are shown in hexadecimal and as text', () => {
    expect(bytesText('48690a00ff')).toEqual({ hex: '48 69 0a 00 ff', text: 'Hi···' });
  });
});
