/** Runs a program in the foreground until it exits or is interrupted. */
import { spawn } from 'node:child_process';
import type { Role } from '../checkers/contract/check.ts';
import type { Stage } from '../checkers/course/course.ts';
import { MARK, Reaper } from '../checkers/harness/reaper.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { portOf } from './ports.ts';
import { commandFor, readProgram, type Whose } from './program.ts';

/** What to do with a program that runs. */
const advice: Record<Role, (port: number, upstreamPort: number | string) => string> = {
  server: (port) => `It listens on port ${port}. Talk to it from another terminal: npm run try 2 solution`,
  client: (port) => `It connects to port ${port}, where "npm run try 1 solution" may listen. Type lines, then Ctrl-D`,
  proxy: (port, upstream) => `Browse http://localhost:${port} while "npm run upstream" serves port ${upstream}`,
};

/**
 * Runs the program of a stage, to play with.
 *
 * @param out where the advice goes
 * @returns its exit code
 */
export async function play(stage: Stage, whose: Whose, out: NodeJS.WriteStream): Promise<number> {
  const { path } = readProgram(stage, whose);
  const command = await commandFor(path);
  const several = stage.upstreams === undefined ? undefined : process.env.UPSTREAM_PORTS;
  const [port, upstreamPort] = [portOf('PORT'), several ?? portOf('UPSTREAM_PORT')];
  const head = `Running ${fromRoot(path)}. ${advice[stage.role](port, upstreamPort)}. Ctrl-C stops it.`;
  out.write(`${wrap(head, width(out.columns)).join('\n')}\n`);
  const code = await runInForeground(command, {});
  if (code !== 0) process.stderr.write(`The ${stage.role} ended with exit code ${code}.\n`);
  return code;
}

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
