/** Killing a program: the guarantees for the next check or the next start. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { takePortBlock } from '../kernel/ports.ts';
import { isGone } from '../kernel/process-tree.ts';
import { root } from '../root.ts';
import { Program } from './program.ts';
import { Reaper } from './reaper.ts';
import { Timeline } from './timeline.ts';
import { Waiting } from './waiting.ts';

const reaper = new Reaper();
const block = await takePortBlock();
afterAll(() => {
  reaper.release();
  block.release();
});

function start(command: string): Program {
  const ports = { proxy: block.take(), upstream: block.take() };
  const spec = { argv: ['sh', '-c', command], cwd: root, label: 'a test' };
  return new Program(spec, ports, reaper, new Timeline(), new Waiting());
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

it.skipIf(!existsSync('/proc/self/environ'))(
  'a killed checker takes those along who carry no mark any more',
  async () => {
    const script = `
    import { spawn } from 'node:child_process';
    import { Reaper } from ${JSON.stringify(join(root, 'checkers', 'harness', 'reaper.ts'))};
    const reaper = new Reaper();
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env: { PATH: process.env.PATH } });
    reaper.watch(child.pid);
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
    const checker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: root });
    const [line] = (await once(checker.stdout, 'data')) as [Buffer];
    const pid = Number(String(line));
    expect(isGone(pid)).toBe(false);
    checker.kill('SIGKILL');
    await expect.poll(() => isGone(pid), { timeout: 20_000 }).toBe(true);
  },
);

it('killing a program that has exited takes no time', async () => {
  const program = start('exit 3');
  await expect.poll(() => program.exit, { timeout: 20_000 }).toBeDefined();
  const before = performance.now();
  await program.kill();
  expect(performance.now() - before).toBeLessThan(1000);
});
