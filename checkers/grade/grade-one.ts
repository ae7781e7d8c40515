/** Grades one submission from end to end: opens it, has it judged in isolation, gives points. */
import { mkdtempSync } from 'node:fs';
import { findStage, type Stage } from '../course/course.ts';
import { namespaceArguments } from '../run/namespace.ts';
import { Turns } from '../run/turns.ts';
import { Answers, TWIN_NOTE } from './answers.ts';
import { writeReplays } from './batch/replays.ts';
import { againCommand } from './contract/again.ts';
import { Refused } from './contract/limits.ts';
import type { WorkerAnswer, WorkerOrder } from './contract/order.ts';
import { ownFolder, removeFolder } from './contract/own-folders.ts';
import { GRADE_VERSION, type MilestoneGrade, type SubmissionGrade } from './contract/result.ts';
import { seedFor } from './contract/seed.ts';
import type { GradeOne, GradeOrder, Submission } from './contract/submission.ts';
import { checksVersion, submissionVersion } from './contract/versions.ts';
import { type Opened, open } from './intake/open.ts';
import { programVersion } from './intake/twins.ts';
import { askWorker } from './isolation/start-worker.ts';
import { deadlineOf, lateness } from './rubric/late.ts';
import { gradeMilestone } from './rubric/points.ts';
import { type Rubric, readRubric } from './rubric/rubric.ts';

/** How long the checks of one submission may take together, in ms. */
export const LIMIT_MS = 5 * 60_000;
/** A failed worker is the grader's fault, so it is retried; total number of tries. */
const WORKERS = 3;

/** The part of a submission's grade that is not known beforehand. */
type Verdict = Pick<SubmissionGrade, 'status' | 'file' | 'notes' | 'problem' | 'milestones'>;

type PortsOrder = GradeOrder & Pick<WorkerOrder, 'fixedPorts' | 'ours'>;

/** Where nothing keeps the ports of submissions apart, a program with hard-coded ones is judged with no other beside it. */
const turns = new Turns();

const answers = new Answers();

/**
 * See `GradeOne`. Throws for a rubric that makes no sense, and when `signal` ends it. A program that may have the document's
 * ports written into it is judged a second time, on these; only that counts.
 */
export const gradeOne: GradeOne = async (submission, order, signal) => {
  const judgeOn = (fixedPorts: boolean) => () => gradeOn(fixedPorts, submission, order, signal);
  if (!sharesPorts(order)) return ((await judgeOn(false)()) ?? (await judgeOn(true)())) as SubmissionGrade;
  return ((await turns.beside(judgeOn(false))) ?? (await turns.alone(judgeOn(true)))) as SubmissionGrade;
};

/** Whether two submissions that are judged at the same time cannot both use ports 8080 and 3000. */
function sharesPorts({ isolation }: GradeOrder): boolean {
  const own = isolation === 'bubblewrap' || isolation === 'unshare' || namespaceArguments().length > 0;
  return !own;
}

/** Grades on the document's ports, or on others; undefined: not possible on others. */
async function gradeOn(
  fixedPorts: boolean,
  submission: Submission,
  order: GradeOrder,
  signal: AbortSignal | undefined,
): Promise<SubmissionGrade | undefined> {
  const started = new Date();
  const clock = performance.now();
  const stage = stageMeant(order);
  const rubric = readRubric(stage, order.rubric);
  const seed = seedFor(order.classSeed, submission);
  const version = await submissionVersion(submission);
  const verdict = await judge(submission, stage, rubric, seed, { ...order, fixedPorts, ours: submission.ours }, signal);
  if (verdict === undefined) return undefined;
  const points = sum(verdict.milestones, 'points');
  const deadline = deadlineOf(submission, order.deadline);
  const late = lateness(submission.submittedAt, deadline, rubric.late, points, submission.allowance?.lateDays);
  return {
    version: GRADE_VERSION,
    student: submission.student,
    stage: stage.number,
    ...verdict,
    notes: [...(submission.notes ?? []), ...(submission.twin === undefined ? [] : [TWIN_NOTE]), ...verdict.notes],
    points: verdict.status === 'graded' ? points - (late?.cost ?? 0) : 0,
    outOf: verdict.milestones.length > 0 ? sum(verdict.milestones, 'outOf') : total(rubric),
    late,
    seed,
    isolation: order.isolation,
    versions: { submission: version, checks: checksVersion(), rubric: rubric.version },
    startedAt: started.toISOString(),
    ms: Math.round(performance.now() - clock),
    again: againCommand(submission, order),
  };
}

function stageMeant({ stage: number }: GradeOrder): Stage {
  const stage = findStage(number);
  if (stage === undefined) throw new Error(`there is no stage ${number}`);
  return stage;
}

/** In a private folder, which is always removed. */
async function judge(
  submission: Submission,
  stage: Stage,
  rubric: Rubric,
  seed: string,
  order: PortsOrder,
  signal: AbortSignal | undefined,
): Promise<Verdict | undefined> {
  signal?.throwIfAborted();
  const folder = mkdtempSync(ownFolder('grade'));
  try {
    const opened = await open(submission, stage, folder);
    const ask = () => withRetries(stage, opened, seed, folder, order, signal);
    const answer =
      submission.twin === undefined ? await ask() : await answers.get(keyOf(stage, opened, seed, order), ask);
    if (answer.mayInsist) return undefined;
    if (order.replays !== undefined) await writeReplays(order.replays, submission.student.id, answer.milestones);
    return verdictOf(stage, opened, answer, seed, rubric);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const problem = error instanceof Error ? error.message : String(error);
    if (error instanceof Refused) return { status: 'refused', notes: error.notes, problem, milestones: [] };
    return { status: 'broken', notes: [], problem, milestones: [] };
  } finally {
    removeFolder(folder);
  }
}

/** All that a worker's answer depends on. */
function keyOf(stage: Stage, { program }: Opened, seed: string, order: PortsOrder): string {
  const { isolation, patience, replays, fixedPorts, ours } = order;
  return JSON.stringify([
    stage.number,
    programVersion(program),
    seed,
    isolation,
    patience,
    !!replays,
    fixedPorts,
    ours,
  ]);
}

/** Asks a worker, and retries with a new one if it does not answer. */
async function withRetries(
  stage: Stage,
  { program }: Opened,
  seed: string,
  folder: string,
  { isolation, patience, replays, fixedPorts, ours }: PortsOrder,
  signal: AbortSignal | undefined,
): Promise<WorkerAnswer> {
  const order = {
    stage: stage.number,
    seed,
    program,
    folder,
    isolation,
    limitMs: LIMIT_MS,
    patience,
    replays: replays !== undefined,
    fixedPorts,
    ours,
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await askWorker(order, signal);
      if (answer.broken === null || attempt === WORKERS) return answer;
    } catch (error) {
      if (signal?.aborted || attempt === WORKERS) throw error;
    }
  }
}

function verdictOf(stage: Stage, opened: Opened, answer: WorkerAnswer, seed: string, rubric: Rubric): Verdict {
  const milestones = answer.milestones.map((judged) => {
    const title = stage.milestones.find(({ id }) => id === judged.id)?.title ?? judged.id;
    return gradeMilestone(judged, title, seed, rubric);
  });
  const notes = [...opened.notes, ...answer.notes];
  const broken = milestones.flatMap(({ id, checks }) => checks.filter(isBroken).map((check) => `${id} ${check.id}`));
  const problem =
    answer.broken ?? (broken.length > 0 ? `These checks could not be judged: ${broken.join(', ')}.` : null);
  return { status: problem === null ? 'graded' : 'broken', file: opened.file, notes, problem, milestones };
}

function isBroken({ status }: { status: string }): boolean {
  return status === 'broken';
}

function sum(milestones: MilestoneGrade[], what: 'points' | 'outOf'): number {
  return milestones.flatMap(({ checks }) => checks).reduce((all, check) => all + check[what], 0);
}

function total({ points }: Rubric): number {
  return [...points.values()].reduce((all, worth) => all + worth, 0);
}
