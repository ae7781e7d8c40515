/** Killing a program: what the next check or the next start of it relies on. */
import { existsSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { root } from '../root.ts';
import { Guardian } from './guardian.ts';
import { takePortBlock } from './ports.ts';
import { isGone } from './process-tree.ts';
import { Program } from './program.ts';
import { Timeline } from './timeline.ts';
import { Waiting } from './waiting.ts';

const guardian = new Guardian();
const block = await takePortBlock();
afterAll(() => {
  guardian.release();
  block.release();
});

function start(command: string): Program {
  const ports = { proxy: block.take(), upstream: block.take() };
  const spec = { argv: ['sh', '-c', command], cwd: root, label: 'a test' };
  return new Program(spec, ports, guardian, new Timeline(), new Waiting());
}

const SERVER = 'node -e "require(\'net\').createServer().listen(process.env.PORT)"';

it.skipIf(!existsSync('/proc/self/stat')).each([
  ['a shell', `${SERVER}; true`],
  ['a launcher that gives it a session of its own', `setsid --wait ${SERVER}; true`],
])('a program behind %s listens no more once it is killed', async (_name, command) => {
  const program = start(command);
  await expect.poll(() => program.listens(), { timeout: 20_000 }).toBe(true);
  const pids = program.pids();
  expect(pids.length).toBeGreaterThan(1);
  await program.kill();
  expect(program.listens()).toBe(false);
  expect(pids.filter((pid) => !isGone(pid))).toEqual([]);
});

it('killing a program that has ended takes no time', async () => {
  const program = start('exit 3');
  await expect.poll(() => program.exit, { timeout: 20_000 }).toBeDefined();
  const before = performance.now();
  await program.kill();
  expect(performance.now() - before).toBeLessThan(1000);
});
