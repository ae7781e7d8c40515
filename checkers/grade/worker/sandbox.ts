/** The environment of a submission's program: one folder to read, one for its traces, and limits. */
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findStage, type Stage } from '../../course/course.ts';
import type { ProgramSpec } from '../../harness/program.ts';
import type { Candidate } from '../../run/candidate.ts';
import type { Sandbox } from '../../run/run.ts';
import type { WorkerOrder } from '../contract/order.ts';
import type { Shown } from '../isolation/bubblewrap.ts';
import { launcher, launchers } from '../isolation/launcher.ts';
import { MAX_PRINTED } from '../isolation/limits.ts';
import { buildSealed } from './build.ts';
import { runBuild } from './build-command.ts';

/** An empty program has exited by then even on a busy machine. */
const START_MS = 30_000;

/** Sandbox that can be tested. */
export interface ProvenSandbox extends Sandbox {
  /** whether an empty program starts there */
  starts(): Promise<boolean>;
}

/** Makes the sandbox of one submission; its program is built once, for all milestones. */
export function makeSandbox(order: WorkerOrder): ProvenSandbox {
  const stage = findStage(order.stage);
  if (stage === undefined) throw new Error(`there is no stage ${order.stage}`);
  const shown = makeFolders(order.folder);
  let ready: Promise<ProgramSpec> | undefined;
  return {
    traces: shown.writable,
    prepare(candidate) {
      ready ??= prepare(stage, candidate, order, shown);
      return ready;
    },
    async starts() {
      const [command = '', ...args] = [...launcher(order, shown), process.execPath, '--eval', ''];
      const options = { cwd: shown.readable, env: { PATH: process.env.PATH }, timeout: START_MS };
      return await promisify(execFile)(command, args, { ...options, killSignal: 'SIGKILL' }).then(
        () => true,
        () => false,
      );
    },
  };
}

/** The program may run as another user: it reads the one, and writes to the other. A worker that failed may have made them. */
export function makeFolders(folder: string): Shown {
  const [readable, writable] = [join(folder, 'program'), join(folder, 'traces')];
  for (const place of [readable, writable]) mkdirSync(place, { recursive: true });
  chmodSync(writable, 0o777);
  return { readable, writable };
}

async function prepare(stage: Stage, candidate: Candidate, order: WorkerOrder, shown: Shown): Promise<ProgramSpec> {
  // There the process namespace ends with its first process.
  const endsWithFirst = order.isolation === 'unshare';
  const stranger = { mostBytes: MAX_PRINTED, launchers: launchers(), endsWithFirst };
  const launch = launcher(order, shown);
  const cwd = shown.readable;
  if (candidate.kind === 'command') {
    cpSync(candidate.cwd, cwd, { recursive: true });
    // The build writes there, as any user.
    spawnSync('chmod', ['-R', 'a+rwX', cwd]);
    await runBuild(order, cwd);
    const argv = [...launch, 'sh', '-c', candidate.command];
    return { argv, cwd, label: candidate.command, stranger };
  }
  const bundle = await buildSealed(stage, candidate.path, cwd);
  const argv = [...launch, process.execPath, '--enable-source-maps', bundle];
  return { argv, cwd, label: `stages/${stage.folder}/${stage.file}`, afterLesson: true, stranger };
}
