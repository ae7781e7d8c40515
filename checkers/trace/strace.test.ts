/** strace's output is parsed into the trace of linux/. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseStrace, straceWorks } from './strace.ts';

const asMs = (seconds: number): number => seconds * 1000;

/** The relevant fields for a test. */
function parse(lines: string[]): ReturnType<typeof parseStrace> {
  return parseStrace(lines.join('\n'), asMs);
}

describe('a line of strace', () => {
  it('of a successful call, with bytes', () => {
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

  it('of epoll_ctl has the events and the data field', () => {
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
  ])('that was forged is parsed fast: %s%s…', (begin, piece, end) => {
    const middle = piece.repeat(Math.floor((4 * 1024 * 1024) / piece.length));
    const records = parse(['7 0.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5', `7 1.0 ${begin}${middle}${end}`]);
    expect(records.length).toBeLessThan(3);
  });

  it('of shutdown and of SO_LINGER has their arguments', () => {
    const [shut, linger] = parse([
      '7 1.0 shutdown(5, SHUT_WR) = 0',
      '7 1.5 setsockopt(5, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8) = 0',
    ]);
    expect(shut?.args).toEqual({ how: 1 });
    expect(linger?.args).toEqual({ level: 1, option: 13, value: 1, seconds: 0 });
  });

  it('of an unfinished wait has no timeout', () => {
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

  it('that never returns is the last one', () => {
    const records = parse(['7 1.0 accept(4, NULL, NULL <unfinished ...>', '7 0.5 nonsense', 'more nonsense', '']);
    expect(records.at(-1)).toMatchObject({ call: 'accept', fd: 4 });
    expect(records.at(-1)?.result).toBeUndefined();
  });

  it.each([
    ['recvfrom(5, ', 'recv', 5],
    ['read(5, ', 'recv', 5],
    ['recvmsg(5, ', 'recv', 5],
    ['readv(5, ', 'recv', 5],
    ['sendto(5, "\\x68"..., 65536, 0, NULL, 0', 'send', 5],
    ['write(5, "\\x68"..., 65536', 'send', 5],
    ['sendmsg(5, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="\\x61", iov_len=1}], msg_iovlen=1}, 0', 'send', 5],
    ['accept(3, ', 'accept', 3],
    ['accept4(3, ', 'accept', 3],
    ['connect(5, {sa_family=AF_INET, sin_port=htons(3000), sin_addr=inet_addr("\\x31")}, 16', 'connect', 5],
    ['poll([{fd=3, events=POLLIN}], 1, -1', 'poll', -1],
    ['ppoll([{fd=3, events=POLLIN}], 1, NULL, NULL, 8', 'poll', -1],
    ['select(4, [3], [], [], NULL', 'select', -1],
    ['pselect6(4, [3], NULL, NULL, NULL, NULL', 'select', -1],
    ['epoll_wait(4, ', 'epoll_wait', 4],
    ['epoll_pwait(4, ', 'epoll_wait', 4],
    ['epoll_pwait2(4, ', 'epoll_wait', 4],
    ['splice(5, NULL, 7, NULL, 65536, SPLICE_F_MOVE', 'splice', 5],
  ])('that a single thread sits in is half a line: %s', (line, call, fd) => {
    const records = parseStrace(`7 0.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5\n7 1.0 ${line}`, asMs);
    expect(records.at(-1)).toMatchObject({ call, fd, ms: 1000 });
    expect(records.at(-1)?.result).toBeUndefined();
    expect(records.at(-1)?.besides).toBeUndefined();
  });

  it.each([
    ['7 1.0 recvfrom(5,  <unfinished ...>) = ?', 1],
    ['7 1.0 recvfrom(5,  <unfinished ...>\n8 1.1 close(9) = 0\n7 1.2 <... recvfrom resumed> <unfinished ...>) = ?', 1],
    ['7 1.0 recvfrom(5, 0x7ffe, 10, 0, NULL, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)', 0],
    ['7 1.0 poll([{fd=3, events=POLLIN}], 1, -1) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)', 0],
  ])('of a call that a signal cut off has no result: %s', (line, left) => {
    const records = parseStrace(`7 0.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5\n${line}\n`, asMs);
    expect(records.filter(({ call }) => call !== 'socket')).toHaveLength(left);
    expect(records.every(({ result }) => !Number.isNaN(result))).toBe(true);
    if (left === 1) expect(records.at(-1)).toMatchObject({ call: 'recv', fd: 5, ms: 1000 });
  });

  it('of poll and select has the watched and reported descriptors, and the timeout in ms', () => {
    const records = parse([
      '7 1.0 poll([{fd=5, events=POLLIN}, {fd=4, events=POLLIN|POLLOUT|POLLRDHUP}], 2, 10) = 2 ([{fd=5, revents=POLLIN|POLLHUP}, {fd=4, revents=POLLOUT}])',
      '7 1.1 pselect6(6, [3 5], [5], NULL, {tv_sec=5, tv_nsec=250000000}, NULL) = 2 (in [5], out [5], left {tv_sec=4, tv_nsec=9})',
      '7 1.2 select(4, [3], NULL, NULL, {tv_sec=0, tv_usec=100000}) = 0 (Timeout)',
      '7 1.3 ppoll([{fd=3, events=POLLIN}], 1, NULL, NULL, 8) = -1 EINTR (Interrupted system call)',
    ]);
    expect(records).toMatchObject([
      {
        call: 'poll',
        args: { timeout: 10 },
        watched: [
          { fd: 5, events: 1 },
          { fd: 4, events: 0x2005 },
        ],
        events: [
          { fd: 5, events: 0x11 },
          { fd: 4, events: 4 },
        ],
      },
      { call: 'select', args: { timeout: 5250 }, events: [{ fd: 5, events: 5 }], result: 2 },
      { call: 'select', args: { timeout: 100 }, events: [], result: 0 },
      { call: 'poll', args: { timeout: -1 }, events: [], errno: 'EINTR' },
    ]);
  });

  it('of a splice has the target of the bytes, and their number', () => {
    const records = parse([
      '7 1.0 pipe2([6, 7], O_CLOEXEC) = 0',
      '7 1.1 splice(5, NULL, 7, NULL, 65536, SPLICE_F_MOVE|SPLICE_F_NONBLOCK) = 4',
      '7 1.2 splice(6, NULL, 4, NULL, 4, 0) = -1 EAGAIN (Resource temporarily unavailable)',
      '7 1.3 tee(6, 9, 100, 0) = 100',
    ]);
    expect(records).toMatchObject([
      { call: 'pipe2', result: 0, args: { out: 6, into: 7 } },
      { call: 'splice', fd: 5, result: 4, args: { to: 7, length: 65536 } },
      { call: 'splice', fd: 6, errno: 'EAGAIN', args: { to: 4, length: 4 } },
      { call: 'tee', fd: 6, args: { to: 9, length: 100 } },
    ]);
  });

  it.each([
    ['sendfile(5, 9, [0] => [10], 4096) = 10', { call: 'send', args: { length: 4096 }, result: 10 }],
    ['sendfile(5, 9, NULL, 4096) = 10', { call: 'send', args: { length: 4096 }, result: 10 }],
    [
      'sendmmsg(5, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="\\x68\\x69", iov_len=2}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=2}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="\\x68", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=1}], 2, 0) = 2',
      { call: 'send', args: { length: 3 }, result: 3 },
    ],
    [
      'recvfrom(5, "\\x68", 1, MSG_PEEK|MSG_DONTWAIT, NULL, NULL) = 1',
      { call: 'recv', args: { length: 1, flags: 0x42 }, result: 1 },
    ],
    [
      'recvmsg(5, {msg_name=0x7fff9d31da20, msg_namelen=16 => 0, msg_iov=[{iov_base="\\x68\\x69", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, MSG_PEEK) = 2',
      { call: 'recv', args: { length: 10, flags: 2 }, result: 2 },
    ],
    ['ioctl(5, FIONBIO, [1]) = 0', { call: 'fcntl', args: { operation: 4, argument: 0o4000 } }],
    ['fcntl(5, F_SETFL, O_RDWR|O_NONBLOCK) = 0', { call: 'fcntl', args: { operation: 4, argument: 0o4000 } }],
  ])('of another language: %s', (line, expected) => {
    const records = parse(['7 0.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5', `7 1.0 ${line}`]);
    expect(records[1]).toMatchObject({ fd: 5, ...expected });
  });

  it('of a write to a pipe is no send on a socket', () => {
    const records = parse([
      '7 0.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5',
      '7 0.6 close(5) = 0',
      '7 0.7 pipe2([5, 6], 0) = 0',
      '7 0.8 epoll_ctl(3, EPOLL_CTL_ADD, 5, {events=EPOLLIN, data={u32=5, u64=5}}) = 0',
      '7 0.85 splice(4, NULL, 6, NULL, 9, 0) = 9',
      '7 0.9 write(6, "\\x21", 1) = 1',
      '7 1.0 read(5, "\\x21", 1) = 1',
    ]);
    expect(records.slice(-2).map(({ call }) => call)).toEqual(['write', 'read']);
  });

  it.each([
    ['dup(5) = 6'],
    ['dup2(5, 6) = 6'],
    ['dup3(5, 6, O_CLOEXEC) = 6'],
    ['fcntl(5, F_DUPFD, 0) = 6'],
    ['fcntl(5, F_DUPFD_CLOEXEC, 3) = 6'],
  ])('of a second number (%s) is about the same socket, which is closed with its last one', (line) => {
    const records = parse([
      '7 0.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5',
      `7 0.6 ${line}`,
      '7 0.7 sendto(6, "\\x68", 1, 0, NULL, 0) = 1',
      '7 0.8 close(5) = 0',
      '7 0.9 poll([{fd=6, events=POLLIN}], 1, -1) = 1 ([{fd=6, revents=POLLIN}])',
      '7 1.0 recvfrom(6, "", 1, 0, NULL, NULL) = 0',
      '7 1.1 close(6) = 0',
    ]);
    expect(records.map(({ call, fd }) => `${call} ${fd}`)).toEqual([
      'socket -1',
      'send 5',
      'poll -1',
      'recv 5',
      'close 5',
    ]);
    expect(records[2]).toMatchObject({ watched: [{ fd: 5 }], events: [{ fd: 5 }] });
  });

  it('of a reused number is about the new socket', () => {
    const records = parse([
      '7 0.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 5',
      '7 0.6 dup(5) = 6',
      '7 0.7 close(5) = 0',
      '7 0.8 accept(3, NULL, NULL) = 5',
      '7 0.9 close(6) = 0',
      '7 1.0 recvfrom(5, "\\x68", 1, 0, NULL, NULL) = 1',
      '7 1.1 close(5) = 0',
    ]);
    expect(records.map(({ call, fd }) => `${call} ${fd}`)).toEqual(['socket -1', 'accept 3', 'recv 5', 'close 5']);
  });

  it('of exec forgets the pipes of the old program', () => {
    const records = parse([
      '7 0.7 pipe2([5, 6], O_CLOEXEC) = 0',
      '7 0.8 epoll_ctl(3, EPOLL_CTL_ADD, 5, {events=EPOLLIN, data={u32=5, u64=5}}) = 0',
      '7 0.9 execve("\\x2f", [], 0x7ffc /* 9 vars */) = 0',
      '7 1.0 read(5, "\\x21", 1) = 1',
    ]);
    expect(records.map(({ call }) => call)).toEqual(['pipe2', 'epoll_ctl']);
  });

  it('of a slow call has its duration', () => {
    const [wait, poll] = parse([
      '7 1.0 epoll_wait(4, [], 64, 250) = 0 <0.250123>',
      '7 1.1 poll([{fd=3, events=POLLIN}], 1, -1) = 1 ([{fd=3, revents=POLLIN}]) <0.010000>',
    ]);
    expect(wait?.took).toBeCloseTo(250.123);
    expect(poll).toMatchObject({ took: 10, events: [{ fd: 3, events: 1 }] });
  });

  it('of close_range closes the open descriptors there, unless CLOSE_RANGE_CLOEXEC is set', () => {
    const open = [5, 6, 9].map((fd) => `7 0.${fd} socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = ${fd}`);
    const closed = (line: string): number[] =>
      parse([...open, `7 1.0 ${line}`]).flatMap(({ call, fd }) => (call === 'close' ? [fd] : []));
    expect(closed('close_range(6, 4294967295, 0) = 0')).toEqual([6, 9]);
    expect(closed('close_range(6, 4294967295, CLOSE_RANGE_CLOEXEC) = 0')).toEqual([]);
  });

  it('of a child process leaves the descriptors of its parent alone', () => {
    const records = parse([
      '7 1.0 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 4',
      '7 1.1 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>',
      '8 1.2 close(4) = 0',
      '7 1.3 <... clone resumed>, child_tidptr=0x7f) = 8',
      '7 1.4 sendto(4, "\\x68", 1, 0, NULL, 0) = 1',
    ]);
    expect(records.map(({ pid, call }) => `${pid} ${call}`)).toEqual(['7 socket', '8 close', '7 fork', '7 send']);
  });

  it('of a poll that strace has cut short has no watched descriptors', () => {
    const [record] = parse([
      '7 1.0 poll([{fd=5, events=POLLIN}, {fd=4, events=POLLIN}, ...], 64, -1) = 1 ([{fd=4, revents=POLLIN}])',
    ]);
    expect(record?.watched).toBeUndefined();
    expect(record?.events).toEqual([{ fd: 4, events: 1 }]);
  });

  it('of a thread belongs to its process, and the longest wait is not the call that hangs', () => {
    const records = parse([
      '7 1.0 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD, tls=0x7f <unfinished ...>',
      '7 1.1 <... clone resumed>) = 8',
      '8 1.2 epoll_pwait(9,  <unfinished ...>',
      '7 1.3 accept4(4, NULL, NULL, 0 <unfinished ...>',
    ]);
    expect(records.map(({ pid, call }) => `${pid} ${call}`)).toEqual(['7 epoll_wait', '7 accept']);
  });

  it('of several waiting threads says so, since none of them blocks another', () => {
    const records = parse([
      '7 1.0 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 4',
      '7 1.1 clone(child_stack=NULL, flags=CLONE_VM|CLONE_THREAD) = 8',
      '7 1.2 accept4(3, NULL, NULL, 0 <unfinished ...>',
      '8 1.3 recvfrom(4,  <unfinished ...>',
    ]);
    expect(records.at(-1)).toMatchObject({ call: 'recv', fd: 4, besides: 1 });
  });

  it('of a process that has threads says so, whether these run or not', () => {
    const records = parse([
      '7 1.1 clone(child_stack=NULL, flags=CLONE_VM|CLONE_THREAD) = 8',
      '7 1.2 accept4(3, NULL, NULL, 0 <unfinished ...>',
    ]);
    expect(records.at(-1)).toMatchObject({ call: 'accept', besides: 1 });
  });

  it('of a child process is its own', () => {
    const records = parse([
      '7 1.0 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 8',
      '8 1.2 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 4',
    ]);
    expect(records).toMatchObject([{ pid: 8, call: 'socket' }]);
  });
});

describe('sent bytes, compared with received ones', () => {
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

  it('bytes that strace does not show may be equal or different', () => {
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
