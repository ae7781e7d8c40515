/** Tries what a hostile program would, to measure the isolation. */
import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { course, programPath } from '../../course/course.ts';
import { kill } from '../../harness/reaper.ts';
import type { Escapes, ProbeOrder, WorkerOrder } from '../contract/order.ts';
import { launcher } from '../isolation/launcher.ts';
import { makeFolders } from './sandbox.ts';

const PROBE_MS = 15_000;
/** The limits that a program must have, as /proc/self/limits names them. */
const LIMITS = ['Max address space', 'Max cpu time', 'Max file size', 'Max open files', 'Max processes'];
const VARIABLES = ['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'];

/** Starts a program like a submission's, which tries to escape. */
export async function probe(order: WorkerOrder, { port, secret, grader }: ProbeOrder): Promise<Escapes> {
  const shown = makeFolders(order.folder);
  const file = join(shown.readable, 'probe.cjs');
  const [stage] = course;
  const solution = stage === undefined ? secret : programPath(stage, 'solutions');
  writeFileSync(
    file,
    `(${attempt})(${JSON.stringify({ port, secret, grader, solution, file, worker: process.pid, LIMITS, VARIABLES })})`,
  );
  chmodSync(file, 0o644);
  const [command = '', ...args] = [...launcher(order, shown), process.execPath, file];
  const env = { PATH: process.env.PATH };
  const child = spawn(command, args, { cwd: shown.readable, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const deadline = setTimeout(() => kill(-(child.pid ?? 0)), PROBE_MS);
  const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
  try {
    // A sandbox ends with its last process, which the program has left behind: so not until EOF.
    const said = await Promise.race([firstLine(child.stdout), failed]);
    if (said !== '') return JSON.parse(said) as Escapes;
    const complaints = await text(child.stderr);
    throw new Error(complaints.trim().split('\n')[0] || `a program did not start within ${PROBE_MS / 1000} s`);
  } finally {
    clearTimeout(deadline);
    kill(-(child.pid ?? 0));
  }
}

/** '' when it ends without one. */
async function firstLine(stream: Readable): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  return '';
}

interface Targets extends ProbeOrder {
  solution: string;
  file: string;
  worker: number;
  LIMITS: string[];
  VARIABLES: string[];
}

/** Runs in there, as text, with nothing but what Node brings. */
function attempt({ port, secret, grader, solution, file, worker, LIMITS, VARIABLES }: Targets): void {
  const { openSync, readFileSync, readdirSync, writeFileSync } = process.getBuiltinModule('node:fs');
  const can = (action: () => unknown): boolean => {
    try {
      return action() !== false;
    } catch {
      return false;
    }
  };
  const unlimited = (): string[] => {
    const lines: string[] = readFileSync('/proc/self/limits', 'utf8').split('\n');
    // The first of two columns of values, behind the name.
    return LIMITS.filter((name) =>
      lines.some((line) => line.startsWith(name) && line.slice(26).startsWith('unlimited')),
    );
  };
  const seesWorker = (): boolean =>
    readdirSync('/proc').some(
      // Some other process may end while we look.
      (name: string) =>
        /^\d+$/.test(name) && can(() => readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('submission-worker')),
    );
  const { createHash } = process.getBuiltinModule('node:crypto');
  const environmentOf = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(`/proc/${name}/environ`))
      .digest('hex');
  const seesGrader = (): boolean =>
    readdirSync('/proc').some((name: string) => /^\d+$/.test(name) && can(() => environmentOf(name) === grader));
  const found = {
    results: can(() => openSync(secret, 'r+')),
    grader: grader !== '' && can(seesGrader),
    files: can(() => readFileSync(secret)),
    solution: can(() => readFileSync(solution)),
    worker: can(seesWorker),
    signals: can(seesWorker) && can(() => process.kill(worker, 0)),
    program: can(() => writeFileSync(file, '')),
    environment: Object.keys(process.env).filter((name) => !VARIABLES.includes(name)),
    unlimited: unlimited(),
  };
  // The grader has to end what is left behind, and to make sure of it.
  process
    .getBuiltinModule('node:child_process')
    .spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { detached: true, stdio: 'ignore', env: {} })
    .on('error', () => {})
    .unref();
  const say = (network: boolean): void => {
    process.stdout.write(`${JSON.stringify({ network, ...found })}\n`, () => process.exit(0));
  };
  const socket = process.getBuiltinModule('node:net').connect(port, '127.0.0.1');
  socket.once('connect', () => say(true));
  socket.once('error', () => say(false));
}
