/**
 * The grader tests itself on this machine: how well it isolates submissions, that correct programs get all points,
 * that bad submissions do no harm and get the expected grade, and that buggy programs fail the right check.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { course, type Stage, stageOf } from '../../course/course.ts';
import { findMilestone } from '../../course/find.ts';
import { solutionOf } from '../../course/skeleton.ts';
import { mutants } from '../../mutants/index.ts';
import { type Mutant, mutantSource } from '../../mutants/mutant.ts';
import { ownFolder, removeOrphans } from '../contract/own-folders.ts';
import type { Isolation, SubmissionGrade } from '../contract/result.ts';
import { gradeOne } from '../grade-one.ts';
import { type Proven, proveIsolation, remedies } from '../isolation/prove.ts';
import { hostile } from './index.ts';
import { isSafe, judgeHostile } from './judge.ts';

/** Every n-th buggy program is tried: their own test tries them all. */
const ONE_OF = 20;
const PATIENCE = 0.25;

/** One step: its title, and the problems it found. */
interface Trial {
  what: string;
  run(): Promise<string[]>;
}

/** Settings of a self-test. */
export interface SelfTestSettings {
  /** below this level the machine is refused */
  required?: Isolation;
  signal?: AbortSignal;
}

/**
 * Runs all steps and reports line by line.
 *
 * @param report takes one line
 * @returns the exit code: 0 when this machine grades right
 * @throws IsolationError when a level is required that does not hold
 */
export async function selfTest(report: (line: string) => void, settings: SelfTestSettings = {}): Promise<number> {
  const { required, signal } = settings;
  removeOrphans();
  const proven = await proveIsolation(required, signal);
  for (const line of isolationLines(proven)) report(line);
  const trials = [...solutions(proven.level, signal), ...bad(proven.level, signal), ...wrong(proven.level, signal)];
  const left = hostile.filter((one) => !isSafe(one, proven.level));
  const failed = await runAll(trials, report, signal);
  if (signal?.aborted) return 130;
  if (left.length > 0)
    report(`Not tried, since at this level they would do harm: ${left.map(({ id }) => id).join(', ')}.`);
  report(verdict(trials.length, failed, proven.level));
  return failed === 0 ? 0 : 1;
}

function isolationLines({ level, proofs }: Proven): string[] {
  const tried = proofs.map(
    (proof) => `  ${proof.level.padEnd(14)} ${proof.problem ?? 'holds: a program that tried did not get out'}`,
  );
  return ['Isolation on this machine:', ...tried, ...(level === 'bubblewrap' ? [] : remedies()), ''];
}

function verdict(tried: number, failed: number, level: Isolation): string {
  if (failed > 0) return `${failed} of ${tried} went wrong: do not trust marks from this machine.`;
  const weak =
    level === 'process-group' ? ' Grade only trusted submissions: at this level, one could harm the grader.' : '';
  return `All ${tried} went as they should. Proven isolation: ${level}.${weak}`;
}

/** As many at a time as there are processors; a line for each when it is done. */
async function runAll(trials: Trial[], report: (line: string) => void, signal?: AbortSignal): Promise<number> {
  const waiting = [...trials];
  let [done, failed] = [0, 0];
  const lane = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial !== undefined && !signal?.aborted; trial = waiting.shift()) {
      const problems = await trial.run().catch((error: Error) => [error.message]);
      if (signal?.aborted) return;
      done += 1;
      if (problems.length > 0) failed += 1;
      const place = `${String(done).padStart(String(trials.length).length)} of ${trials.length}`;
      report(
        `${place}  ${problems.length === 0 ? 'ok   ' : 'WRONG'}  ${trial.what}${problems.map((problem) => `\n    ${problem}`).join('')}`,
      );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return failed;
}

function solutions(level: Isolation, signal?: AbortSignal): Trial[] {
  return course.map((stage) => ({
    what: `the solution of stage ${stage.number} gets all points`,
    async run() {
      const grade = await gradeSource(stage, solutionOf(stage), level, 1, signal);
      return grade.status === 'graded' && grade.points === grade.outOf
        ? []
        : [`${grade.points} of ${grade.outOf} (${grade.problem ?? grade.status})`];
    },
  }));
}

function bad(level: Isolation, signal?: AbortSignal): Trial[] {
  return hostile
    .filter((one) => isSafe(one, level))
    .map((one) => ({
      what: `${one.id}: ${one.does}`,
      run: async () => (await judgeHostile(one, level, signal)).problems,
    }));
}

function wrong(level: Isolation, signal?: AbortSignal): Trial[] {
  const sample = mutants.filter((_, index) => index % ONE_OF === 0);
  return sample.map((mutant) => ({
    what: `${mutant.id}: ${mutant.bug}`,
    run: () => judgeWrong(mutant, level, signal),
  }));
}

async function judgeWrong(mutant: Mutant, level: Isolation, signal?: AbortSignal): Promise<string[]> {
  const milestone = findMilestone(mutant.milestone);
  if (milestone === undefined) return [`there is no milestone ${mutant.milestone}`];
  const { status, milestones, problem } = await gradeSource(
    stageOf(milestone),
    mutantSource(mutant),
    level,
    PATIENCE,
    signal,
  );
  const check = milestones.find(({ id }) => id === mutant.milestone)?.checks.find(({ id }) => id === mutant.caughtBy);
  if (status !== 'graded' || check === undefined) return [`it is ${status} (${problem})`];
  return check.points === 0 ? [] : [`the check ${mutant.caughtBy} gave it points`];
}

async function gradeSource(
  stage: Stage,
  source: string,
  isolation: Isolation,
  patience: number,
  signal?: AbortSignal,
): Promise<SubmissionGrade> {
  const folder = mkdtempSync(ownFolder('trial'));
  try {
    const path = join(folder, 'own');
    mkdirSync(path);
    writeFileSync(join(path, stage.file), source);
    const order = { stage: stage.number, classSeed: 'self-test', rubric: null, deadline: null, isolation, patience };
    return await gradeOne(
      { student: { id: 'own', name: 'own' }, path, kind: 'folder', submittedAt: null },
      order,
      signal,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
