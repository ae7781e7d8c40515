/** Asking a program something: it is started, and has to have answered before a deadline. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type Guardian, kill, MARK } from './guardian.ts';
import { OutputTail } from './output-tail.ts';

/** What a program answered. */
export interface Answer {
  /** its exit code; undefined where it could not be started, was ended by a signal, or gave no answer in time */
  code?: number;
  stdout: string;
  stderr: string;
  /** it had not ended at the deadline, and was ended by us */
  late: boolean;
}

/**
 * Runs a program to its end or to the deadline, whichever comes first.
 *
 * @param argv program and arguments
 * @param ms the deadline
 * @param guardian ends it with us
 * @param cwd where; undefined: here
 */
export function ask(argv: string[], ms: number, guardian: Guardian, cwd = process.cwd()): Promise<Answer> {
  const [program = '', ...args] = argv;
  const env = { ...process.env, [MARK]: guardian.mark };
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const [stdout, stderr] = [new OutputTail(), new OutputTail()];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
  if (child.pid !== undefined) guardian.watch(child.pid);
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

/** With all that it started; a child that keeps our pipes open is not waited for. */
function end(child: ChildProcess): void {
  if (child.pid !== undefined) kill(-child.pid);
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}
