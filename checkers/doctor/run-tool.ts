/** Runs a tool of this machine, with a deadline. */
import { type ChildProcess, spawn } from 'node:child_process';
import { OutputTail } from '../harness/output-tail.ts';
import { kill, MARK, type Reaper } from '../harness/reaper.ts';

/** What a program printed, and how it ended. */
export interface ToolOutput {
  /** its exit code; undefined if it could not be started, was ended by a signal, or gave no answer in time */
  code?: number;
  stdout: string;
  stderr: string;
  /** true: it had not exited by the deadline, and was killed */
  late: boolean;
}

/**
 * Runs a program to its end or to the deadline, whichever comes first.
 *
 * @param argv program and arguments
 * @param ms the deadline
 * @param reaper ends it if this process dies
 * @param cwd its working directory; undefined: this process's
 */
export function runTool(argv: string[], ms: number, reaper: Reaper, cwd = process.cwd()): Promise<ToolOutput> {
  const [program = '', ...args] = argv;
  const env = { ...process.env, [MARK]: reaper.mark };
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const [stdout, stderr] = [new OutputTail(), new OutputTail()];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
  if (child.pid !== undefined) reaper.watch(child.pid);
  return new Promise((resolve) => {
    const settle = (late: boolean, code?: number): void => {
      clearTimeout(timer);
      resolve({ ...(code !== undefined && { code }), stdout: stdout.text, stderr: stderr.text, late });
    };
    const timer = setTimeout(() => {
      end(child);
      settle(true);
    }, ms);
    child.on('error', () => settle(false));
    child.on('close', (code) => settle(false, code ?? undefined));
  });
}

/** Kills it with all its children; a child that keeps our pipes open does not delay the answer. */
function end(child: ChildProcess): void {
  if (child.pid !== undefined) kill(-child.pid);
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}
