import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TcpSocket } from '../simulated/tcp-socket.ts';
import { differenceOf, runFidelity } from './run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('both kernels answer 300 sequences of calls alike', () => {
  const progress = { sequences: 0, calls: 0, unrepeated: 0 };
  const found = runFidelity(1, 50, progress, () => progress.sequences < 300);
  expect(found).toBeUndefined();
  expect(progress.calls).toBeGreaterThan(5000);
});

test('a kernel that answers wrongly is found, and the sequence is shrunk', () => {
  const { poll } = TcpSocket.prototype;
  // A simulated socket that forgets EPOLLHUP.
  TcpSocket.prototype.poll = function (this: TcpSocket) {
    return poll.call(this) & ~0x10;
  };
  try {
    const progress = { sequences: 0, calls: 0, unrepeated: 0 };
    const found = runFidelity(1, 50, progress, () => progress.sequences < 1000);
    expect(found?.difference).toMatch(/^epoll_wait/);
    expect(found?.steps.length).toBeLessThan(6);
    expect(differenceOf(found?.steps ?? [])?.difference).toBe(found?.difference);
  } finally {
    TcpSocket.prototype.poll = poll;
  }
});

test('npm run fidelity counts what it compared', () => {
  const args = ['scripts/start.mjs', 'fidelity', '2', 'seed', '3'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^Linux \S+, seed 3: [\d,]+ sequences of up to 40 calls \([\d,]+ calls\) alike\.\n/);
  expect(status).toBe(0);
});

test.each([
  [['0'], "A comparison takes 1 to 86400 seconds; '0' is not in between."],
  [['5', 'seed', 'x'], "'x' is not a seed: expected a whole number of at most nine digits, such as 5."],
])('npm run fidelity %j is refused', (words, sentence) => {
  const args = ['scripts/start.mjs', 'fidelity', ...words];
  const { stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect(stderr.replaceAll(/\s+/g, ' ').trim()).toBe(sentence);
  expect(status).toBe(2);
});
