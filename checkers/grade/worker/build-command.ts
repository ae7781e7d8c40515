/** Runs the build command of a submission in another language, in the same isolation as its program. */
import { spawn } from 'node:child_process';
import { OutputTail } from '../../harness/output-tail.ts';
import { kill } from '../../harness/reaper.ts';
import { BuildFailure } from '../../run/build.ts';
import { startedFiles } from '../../run/started-files.ts';
import type { WorkerOrder } from '../contract/order.ts';
import { launcher } from '../isolation/launcher.ts';

const BUILD_MS = 60_000;
const LAST_LINES = 12;

/**
 * Builds, where the manifest asks for it.
 *
 * @throws BuildFailure with the last lines that it printed when it fails or takes too long
 */
export async function runBuild(order: WorkerOrder, cwd: string): Promise<void> {
  const { program, patience = 1 } = order;
  const most = BUILD_MS * patience;
  if (program.kind !== 'command' || program.build === null) return;
  const [command = '', ...args] = [...launcher(order, { readable: cwd, writable: cwd }), 'sh', '-c', program.build];
  const output = new OutputTail();
  const env = { PATH: process.env.PATH, HOME: cwd };
  const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });
  child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => output.push(bytes));
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    kill(-(child.pid ?? 0));
  }, most);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', resolve);
  });
  clearTimeout(deadline);
  // Kill background processes: they are not part of a build.
  kill(-(child.pid ?? 0));
  if (code === 0 && !late) return;
  const ending = late ? `took more than ${most / 1000} s` : `failed with exit code ${code}`;
  const lines = output.text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const last = lines.slice(-LAST_LINES);
  throw new BuildFailure(
    [`the build command '${program.build}' ${ending}`, ...last],
    startedFiles(program.build, cwd, last),
  );
}
