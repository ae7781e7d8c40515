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

  it('of a process that was made is its own', () => {
    const records = parse([
      '7 1.0 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 8',
      '8 1.2 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 4',
    ]);
    expect(records).toMatchObject([{ pid: 8, call: 'socket' }]);
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
