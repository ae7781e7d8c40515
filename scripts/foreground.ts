/** Runs a program in the foreground until it exits or is interrupted. */
import { spawn } from 'node:child_process';
import { MARK, Reaper } from '../checkers/harness/reaper.ts';

/**
 * Starts a program on this terminal and waits for its end. It dies with us, however we die.
 *
 * @param argv program and arguments
 * @param env variables to add to ours
 * @returns its exit code; 0 after Ctrl-C
 */
export async function runInForeground(argv: string[], env: Record<string, string>): Promise<number> {
  const reaper = new Reaper();
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env, [MARK]: reaper.mark } });
  // The terminal sends Ctrl-C to the whole process group; other signals are passed on.
  let interrupted = false;
  process.on('SIGINT', () => {
    interrupted = true;
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`${command} could not be started: ${error.message}\n`);
      resolve(2);
    });
    child.on('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 0 : 1)));
  });
  reaper.release();
  return interrupted ? 0 : code;
}
