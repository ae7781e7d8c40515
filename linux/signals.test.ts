/** Effects of signals on a program that makes system calls: each test in its own process, started like a learner's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';

/** Starts a program; it is killed when the test ends, or after 20 s. */
function start(program: string): { child: ChildProcess; output: () => string } {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const cwd = new URL('..', import.meta.url);
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], timeout: 20_000 });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return { child, output: () => text };
}

/** Repeats an action until the output matches or the program has exited. */
async function until(expected: RegExp, { child, output }: ReturnType<typeof start>, again = async () => {}) {
  while (!expected.test(output()) && child.exitCode === null && child.signalCode === null) {
    await again();
    await sleep(20);
  }
}

const waitOnce = `
  import { writeSync } from 'node:fs';
  import { epoll_create1, epoll_wait, errno } from '#linux';
  const epfd = epoll_create1(0);
  writeSync(1, 'waiting ');
  const result = epoll_wait(epfd, [], 1, 15_000);
  writeSync(1, 'epoll_wait: ' + result + ' ' + errno());
`;

test('stopped and continued, epoll_wait is interrupted: EINTR', async () => {
  const program = start(waitOnce);
  await until(/waiting/, program);
  // The first signal may arrive just before the call; a later one arrives during it.
  await until(/epoll_wait/, program, async () => {
    program.child.kill('SIGSTOP');
    await sleep(50);
    program.child.kill('SIGCONT');
  });
  expect(program.output()).toBe('waiting epoll_wait: -1 EINTR');
});

const sendToClosed = `
  import { AF_INET, SOCK_STREAM, send, errno, socket } from '#linux';
  const result = send(socket(AF_INET, SOCK_STREAM, 0), Buffer.from('x'), 1, 0);
  console.log('send:', result, errno());
`;

test('SIGPIPE does not end a program that sends to a closed connection', async () => {
  const program = start(sendToClosed);
  await until(/send/, program);
  expect(program.output()).toBe('send: -1 EPIPE\n');
  await until(/never/, program);
  expect([program.child.exitCode, program.child.signalCode]).toEqual([0, null]);
});

const countSignals = `
  import { writeSync } from 'node:fs';
  import { EPOLL_CTL_ADD, EPOLLIN, SFD_NONBLOCK, epoll_create1, epoll_ctl, epoll_wait, read_signal, signalfd } from '#linux';
  const fd = signalfd(-1, ['SIGTERM', 'SIGUSR2'], SFD_NONBLOCK);
  const loop = epoll_create1(0);
  epoll_ctl(loop, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
  writeSync(1, 'ready:');
  const events = [];
  for (let seen = 0; seen < 3; ) {
    if (epoll_wait(loop, events, 8, 15_000) < 1 || events[0].data.fd !== fd) continue;
    for (let name = read_signal(fd); name !== ''; name = read_signal(fd)) seen += writeSync(1, ' ' + name) > 0 ? 1 : 0;
  }
`;

for (const ending of ['', 'process.exit(7);']) {
  test(`signals come out of a signalfd, one by one, and the program can end (${ending || 'by itself'})`, async () => {
    const program = start(countSignals + ending);
    await until(/ready/, program);
    // A second signal of another kind before the first is read; signals sent while the program is stopped arrive afterwards.
    program.child.kill('SIGTERM');
    await until(/SIGTERM/, program);
    program.child.kill('SIGSTOP');
    program.child.kill('SIGUSR2');
    program.child.kill('SIGCONT');
    await until(/SIGUSR2/, program);
    program.child.kill('SIGTERM');
    await until(/never/, program);
    expect(program.output()).toBe('ready: SIGTERM SIGUSR2 SIGTERM');
    expect([program.child.exitCode, program.child.signalCode]).toEqual([ending === '' ? 0 : 7, null]);
  });
}

const startsAnother = `
  import { spawn } from 'node:child_process';
  import { writeSync } from 'node:fs';
  import { EPOLL_CTL_ADD, EPOLLIN, SFD_NONBLOCK, epoll_create1, epoll_ctl, epoll_wait, read_signal, signalfd } from '#linux';
  const fd = signalfd(-1, ['SIGTERM'], SFD_NONBLOCK);
  const loop = epoll_create1(0);
  epoll_ctl(loop, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
  spawn('true', { stdio: 'ignore' });
  epoll_wait(loop, [], 8, 15_000);
  writeSync(1, 'first: ' + (read_signal(fd) || 'none') + ' ready');
  while (true) {
    epoll_wait(loop, [], 8, 15_000);
    const name = read_signal(fd);
    if (name === '') continue;
    writeSync(1, ' then: ' + name);
    process.exit(0);
  }
`;

test('the exit of a child is not reported unless SIGCHLD was requested', async () => {
  const program = start(startsAnother);
  await until(/ready/, program);
  program.child.kill('SIGTERM');
  await until(/never/, program);
  expect(program.output()).toBe('first: none ready then: SIGTERM');
  expect(program.child.exitCode).toBe(0);
});
