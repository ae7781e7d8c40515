/** What strace writes is read as if linux/ had traced it. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseStrace, straceWorks } from './strace.ts';

const asMs = (seconds: number): number => seconds * 1000;

/** Only what a test is about. */
function parse(lines: string[]): ReturnType<typeof parseStrace> {
  return parseStrace(lines.join('\n'), asMs);
}

describe('a line of strace', () => {
  it('of a call that went well, with bytes', () => {
    const [, record] = parse([
      '7 1.0 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5',
      '7 2.5 recvfrom(5, "\\x68\\x69", 4096, 0, NULL, NULL) = 2',
    ]);
    expect(record).toMatchObject({ pid: 7, call: 'recv', fd: 5, result: 2, head: '6869', ms: 2500 });
    expect(record?.args.length).toBe(4096);
  });

  it('of a call that failed', () => {
    const [, record] = parse([
      '7 1.0 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5',
      '7 1.5 connect(5, {sa_family=AF_INET, sin_port=htons(3000), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 ECONNREFUSED (Connection refused)',
    ]);
    expect(record).toMatchObject({ call: 'connect', fd: 5, result: -1, errno: 'ECONNREFUSED' });
    expect(record?.args).toMatchObject({ port: 3000, address: '127.0.0.1' });
  });

  it('of epoll_ctl has the events and the note that comes back', () => {
    const [record] = parse(['7 1.0 epoll_ctl(3, EPOLL_CTL_ADD, 5, {events=EPOLLIN|EPOLLET, data={u32=5, u64=5}}) = 0']);
    expect(record).toMatchObject({ call: 'epoll_ctl', fd: 5, args: { epfd: 3, operation: 1, data: 5 } });
    expect(Number(record?.args.events) >>> 0).toBe(0x8000_0001);
  });

  it.each([
    ['sendto(5, "\\x68"..., 4096, 0, NULL, 0) = 4096', 4096],
    ['recvfrom(5, 0x7ffe1c, 65536, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)', 65536],
    ['recvfrom(5, "", 100, 0, NULL, NULL) = 0', 100],
    ['writev(5, [{iov_base="\\x68", iov_len=1}, {iov_base="\\x69\\x6a", iov_len=2}], 2) = 3', 3],
    ['sendmsg(5, {msg_name=NULL, msg_iov=[{iov_base="\\x68", iov_len=1}], msg_iovlen=1}, 0) = 1', 1],
    ['recvfrom(5,  <unfinished ...>', -1],
  ])('%s is about so many bytes', (line, length) => {
    const records = parse(['7 0.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5', `7 1.0 ${line}`]);
    expect(records.at(-1)?.args.length).toBe(length);
  });

  it.each([
    ['clone(', 'CLONE_THREAD', '"'],
    ['sendto(5', ', 1', '", 7 x) = 1'],
    ['sendto(5', ', 1', '" <unfinished ...>'],
    ['epoll_wait(5', '], 1, ', 'x) = 1'],
    ['epoll_ctl(5', 'events=E', ') = 0'],
  ])('that somebody has forged is read in no time: %s%s…', (begin, piece, end) => {
    const middle = piece.repeat(Math.floor((4 * 1024 * 1024) / piece.length));
    const records = parse(['7 0.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5', `7 1.0 ${begin}${middle}${end}`]);
    expect(records.length).toBeLessThan(3);
  });

  it('of shutdown and of SO_LINGER has what they were asked for', () => {
    const [shut, linger] = parse([
      '7 1.0 shutdown(5, SHUT_WR) = 0',
      '7 1.5 setsockopt(5, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8) = 0',
    ]);
    expect(shut?.args).toEqual({ how: 1 });
    expect(linger?.args).toEqual({ level: 1, option: 13, value: 1, seconds: 0 });
  });

  it('of a wait that is not over says nothing about its limit', () => {
    expect(parse(['7 1.0 epoll_wait(4,  <unfinished ...>'])[0]?.args).toEqual({});
    expect(parse(['7 1.0 epoll_wait(4, [], 64, 250) = 0'])[0]?.args).toEqual({ timeout: 250 });
  });

  it('that is cut in two is one call, with the time at which it began', () => {
    const records = parse([
      '7 1.0 accept4(4, NULL, NULL, SOCK_CLOEXEC <unfinished ...>',
      '8 1.5 epoll_create1(0) = 9',
      '7 2.0 <... accept4 resumed>) = 6',
    ]);
    expect(records.find(({ call }) => call === 'accept')).toMatchObject({ ms: 1000, result: 6 });
  });

  it('that never comes back is the last one', () => {
    const records = parse(['7 1.0 accept(4, NULL, NULL <unfinished ...>', '7 0.5 nonsense', 'more nonsense', '']);
    expect(records.at(-1)).toMatchObject({ call: 'accept', fd: 4 });
    expect(records.at(-1)?.result).toBeUndefined();
  });

  it('of a thread belongs to its process, and what waits longest is not what it hangs in', () => {
    const records = parse([
      '7 1.0 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD, tls=0x7f <unfinished ...>',
      '7 1.1 <... clone resumed>) = 8',
      '8 1.2 epoll_pwait(9,  <unfinished ...>',
      '7 1.3 accept4(4, NULL, NULL, 0 <unfinished ...>',
    ]);
    expect(records.map(({ pid, call }) => `${pid} ${call}`)).toEqual(['7 epoll_wait', '7 accept']);
  });

  it('of several threads that all wait says so, since none of them holds up another', () => {
    const records = parse([
      '7 1.0 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 4',
      '7 1.1 clone(child_stack=NULL, flags=CLONE_VM|CLONE_THREAD) = 8',
      '7 1.2 accept4(3, NULL, NULL, 0 <unfinished ...>',
      '8 1.3 recvfrom(4,  <unfinished ...>',
    ]);
    expect(records.at(-1)).toMatchObject({ call: 'recv', fd: 4, besides: 1 });
  });

  it('of a process that has threads says so, whatever these are doing', () => {
    const records = parse([
      '7 1.1 clone(child_stack=NULL, flags=CLONE_VM|CLONE_THREAD) = 8',
      '7 1.2 accept4(3, NULL, NULL, 0 <unfinished ...>',
    ]);
    expect(records.at(-1)).toMatchObject({ call: 'accept', besides: 1 });
  });

  it('of a process that was made is its own', () => {
    const records = parse([
      '7 1.0 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 8',
      '8 1.2 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 4',
    ]);
    expect(records).toMatchObject([{ pid: 8, call: 'socket' }]);
  });
});

describe('what is sent, beside what came', () => {
  const hex = (text: string): string =>
    `"${[...text].map((letter) => `\\x${letter.charCodeAt(0).toString(16)}`).join('')}"`;

  /** Of a send() after a recv() that brought so many bytes, of which strace shows the first 32. */
  function sent(came: string, length: number, given: string, givenLength = given.length): object {
    const records = parse([
      '7 1.0 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5',
      `7 1.5 recvfrom(5, ${hex(came.slice(0, 32))}, 65536, 0, NULL, NULL) = ${length}`,
      `7 2.0 sendto(5, ${hex(given.slice(0, 32))}, ${givenLength}, 0, NULL, 0) = ${givenLength}`,
    ]);
    const { offset, beyond } = records.at(-1) ?? {};
    return { offset, beyond };
  }

  it.each([
    ['the same', 'hello', 'hello', { offset: 0 }],
    ['less', 'hello', 'hell', { offset: 0 }],
    ['less at the front', 'hello', 'ello', { offset: 1 }],
    ['more', 'hello', 'hello!', { offset: 0, beyond: true }],
    ['something else', 'hello', 'HELLO', { offset: -1 }],
  ])('%s', (_what, came, given, expected) => {
    expect(sent(came, came.length, given)).toEqual({ beyond: undefined, ...expected });
  });

  it('a piece of what strace does not show may be the same, or something else', () => {
    expect(sent('a'.repeat(32), 1000, 'b'.repeat(32), 100)).toEqual({ offset: undefined, beyond: undefined });
    expect(sent('a'.repeat(32), 1000, 'b'.repeat(32), 1000)).toEqual({ offset: -1, beyond: undefined });
  });
});

it.skipIf(!straceWorks())('a real strace is read', () => {
  const script = `const s = require('net').connect(1, '127.0.0.1'); s.on('error', () => process.exit());`;
  const calls = 'trace=socket,connect,close,?clone,?clone3';
  const { stderr } = spawnSync(
    'strace',
    ['-f', '-qq', '-ttt', '-xx', '-e', calls, '-e', 'signal=none', process.execPath, '-e', script],
    {
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  // Without -o strace writes '[pid 7]' before each line of another thread.
  const lines = stderr.replaceAll(/^(?:\[pid +(\d+)\] )?/gm, (_match, pid: string | undefined) => `${pid ?? 1} `);
  const connect = parseStrace(lines, asMs).find(({ call }) => call === 'connect');
  expect(connect?.args).toMatchObject({ port: 1, address: '127.0.0.1' });
});
