/** A private copy of the workshop for tests of the commands, which keeps a learner's progress unchanged. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { temporaryFolder } from '../checkers/fixtures.ts';
import { copyTo } from './docs/outputs.ts';

/** Copies the workshop to a temporary folder, without ignored files; removed after the last test of the file. */
export function copyWorkshop(): string {
  return copyTo(temporaryFolder());
}

/** The outcome of a command. */
export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end.
 *
 * @param argv program and arguments
 * @param cwd where
 * @param env variables to set, or with undefined to unset
 */
export function run(argv: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const [program = '', ...args] = argv;
  // Variables such as NO_COLOR or CI come from the test alone, not from its environment.
  const { INIT_CWD, FORCE_COLOR, NO_COLOR, CI, ...rest } = process.env;
  const child = spawn(program, args, { cwd, env: { ...rest, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const finished: Finished = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (finished.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (finished.stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...finished, code }));
  });
}

/** A free port. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
