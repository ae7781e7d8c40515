/** What signals do to a program that makes system calls: each in a program of its own, started as a learner's is. */
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

/** Does something again and again until the output matches or the program has ended. */
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
  // The first signal may still find it on its way into the call; a later one finds it inside.
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

test('SIGPIPE does not end a program that sends to nobody', async () => {
  const program = start(sendToClosed);
  await until(/send/, program);
  expect(program.output()).toBe('send: -1 EPIPE\n');
  await until(/never/, program);
  expect([program.child.exitCode, program.child.signalCode]).toEqual([0, null]);
});
