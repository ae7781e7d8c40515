/** npm run grade FOLDER […]: everything from the folder of submissions to the reports. */

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { findStage, type Stage } from '../../checkers/course/course.ts';
import { adjustedIn } from '../../checkers/grade/batch/adjust.ts';
import { type BatchOutcome, runBatch } from '../../checkers/grade/batch/batch.ts';
import { createCanaries } from '../../checkers/grade/batch/canaries.ts';
import { CLASS_VERSION, type ClassFile, readClass, writeClass } from '../../checkers/grade/batch/class-file.ts';
import type { StoredGrade } from '../../checkers/grade/batch/grader.ts';
import { processorsIdle } from '../../checkers/grade/batch/idle.ts';
import { holderOf, lockFolder } from '../../checkers/grade/batch/lock.ts';
import { replaysFolder, writeAllReports } from '../../checkers/grade/batch/reports.ts';
import { followsIn, type Shard, submissionsOf } from '../../checkers/grade/batch/shard.ts';
import { mustBeEmpty, Store } from '../../checkers/grade/batch/store.ts';
import { BatchError } from '../../checkers/grade/contract/batch-error.ts';
import { makeFolder } from '../../checkers/grade/contract/durable.ts';
import { removeOrphans } from '../../checkers/grade/contract/own-folders.ts';
import type { Isolation } from '../../checkers/grade/contract/result.ts';
import type { Submission } from '../../checkers/grade/contract/submission.ts';
import { type TakenIn, takeIn } from '../../checkers/grade/intake/find.ts';
import { withTwins } from '../../checkers/grade/intake/twins.ts';
import { integrityLine, writeIntegrity } from '../../checkers/grade/integrity/index.ts';
import { fromRoot } from '../../checkers/root.ts';
import { shellPath } from '../../checkers/shell.ts';
import { readWords, type Words, WordsError } from '../command-line.ts';
import { adjustmentsNamed, keepAndTell } from './adjusting.ts';
import { dryRun } from './dry.ts';
import { grader, isolationHere } from './machine.ts';
import { chosen, showOnly } from './only.ts';
import {
  type ClassOrder,
  classOrder,
  levelRequired,
  mustHaveSeed,
  resultsPlace,
  seedToShow,
  shardNamed,
} from './order.ts';
import { countOf, placeOf } from './places.ts';
import { Progress } from './progress.ts';
import { stopping, unlessStopped } from './stopping.ts';
import { headLine, lastLines, tableOf } from './summary.ts';
import { takenLine, withClassIn } from './taken-in.ts';

const MAX_AT_ONCE = 256;

const vocabulary = {
  switches: ['resume', 'anonymise', 'dry'],
  options: [
    ...[
      'stage',
      'seed',
      'people',
      'roster',
      'rubric',
      'deadline',
      'zone',
      'only',
      'results',
      'shard',
      'require',
      'jobs',
      'adjust',
    ],
  ],
  plain: 1,
};

/** The input of one run. */
interface Plan {
  words: Words;
  order: ClassOrder;
  weakest: Isolation | null;
  /** the whole class */
  all: Submission[];
  taken: TakenIn;
  shard: Shard | null;
  results: string;
  atOnce: number;
  /** extra submissions while processors are idle */
  whileIdle: number;
}

/** The same, with the machine's isolation level. */
interface Task extends Plan {
  isolation: Isolation;
}

/** Reads the arguments and grades. */
export async function gradeClass(typed: string[]): Promise<number> {
  const words = readWords(typed, vocabulary);
  const folder = words.plain[0];
  if (folder === undefined && !words.switches.has('dry')) {
    throw new WordsError(
      'Name the folder of the submissions: npm run grade FOLDER. npm run help lists what else there is.',
    );
  }
  const named = shardNamed(words);
  const results = resultsPlace(words, named);
  const before = words.switches.has('resume') ? readClass(results) : undefined;
  mustHaveSeed(words, named, before);
  const order = classOrder(placeOf(folder ?? '.'), words, before);
  const weakest = levelRequired(words);
  if (words.switches.has('dry')) return await dryRun({ ...order, isolation: await isolationHere(weakest) });
  return await withClassIn(order.folder, async (place) => {
    const taken = await takeIn(place, order);
    const plan: Plan = {
      ...{ words, order, weakest, results, shard: named ?? before?.shard ?? null, taken, all: taken.submissions },
      ...howManyAtOnce(words),
    };
    const alone = words.options.has('only') && !words.options.has('results');
    mustMakeSense(plan, alone);
    if (!alone) process.stdout.write(`${takenLine(taken, order.deadline)}\n`);
    for (const line of taken.told) process.stderr.write(`${line}\n`);
    const isolation = await isolationHere(weakest);
    // Opens each hand-in, in the folder for temporary files, which has been tried by now.
    const stage = findStage(order.stage) as Stage;
    const all = await unlessStopped((signal) => withTwins(taken.submissions, stage, signal));
    const task = { ...plan, all, taken: { ...taken, submissions: all }, isolation };
    return alone ? await showOnly(task) : await gradeInto(task);
  });
}

/** Checks the arguments before the isolation test, which takes seconds, so that typos are reported at once. */
function mustMakeSense(plan: Plan, alone: boolean): void {
  const { words, all, results } = plan;
  chosen(words, all);
  adjustmentsNamed(words);
  if (alone) return;
  mustNotBeInside(plan);
  if (!words.switches.has('resume') && holderOf(results) === undefined) mustBeEmpty(results);
}

/** An explicit number is exact; otherwise waiting submissions leave their processor to others. */
function howManyAtOnce({ options }: Words): Pick<Task, 'atOnce' | 'whileIdle'> {
  const jobs = options.get('jobs');
  if (jobs !== undefined) return { atOnce: countOf(jobs, 'How many at a time (jobs)', MAX_AT_ONCE), whileIdle: 0 };
  return { atOnce: availableParallelism(), whileIdle: availableParallelism() };
}

/** Grades into a locked results folder. */
async function gradeInto(task: Task): Promise<number> {
  const { words, results } = task;
  makeFolder(results);
  const unlock = lockFolder(results);
  try {
    if (!words.switches.has('resume')) mustBeEmpty(results);
    return await grade(task);
  } finally {
    unlock();
  }
}

/** Results in the folder of submissions would count as a hand-in the next time. */
function mustNotBeInside({ order, results }: Plan): void {
  if (!`${results}/`.startsWith(`${resolve(order.folder)}/`)) return;
  throw new WordsError(
    `The results cannot be in the folder of the submissions (${results}). Name another one: results FOLDER`,
  );
}

async function grade(task: Task): Promise<number> {
  const { order, all, shard, results, words, isolation, weakest, atOnce, whileIdle } = task;
  const stage = findStage(order.stage) as Stage;
  const store = new Store(results);
  const ids = all.map(({ student }) => student.id);
  keepAndTell(results, adjustmentsNamed(words), ids);
  const notes = store.tidy(new Set(ids));
  writeClass(results, classFile(task));
  const submissions = chosen(words, submissionsOf(all, shard));
  const gradeOrder = { ...order, isolation, replays: replaysFolder(results) };
  process.stdout.write(
    `${headLine(stage, submissions.length, { ...order, classSeed: seedToShow(order.classSeed), isolation, atOnce, whileIdle, shard })}\n${notes.map((note) => `${note}\n`).join('')}`,
  );
  removeOrphans();
  const { canaries, remove } = createCanaries(stage);
  const stop = stopping();
  const progress = new Progress(process.stderr);
  try {
    const outcome = await runBatch({
      ...{ grader, submissions, store, canaries, atOnce, weakest, order: gradeOrder, signal: stop.signal },
      ...(whileIdle > 0 && { spare: { tasks: whileIdle, isFree: processorsIdle } }),
      onEvent: (event) => progress.show(event),
    });
    progress.clear();
    return await report(task, adjustedIn(results, store.all()), outcome, stop.exitCode());
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    progress.clear();
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    remove();
    stop.done();
  }
}

function classFile({ order, all, shard }: Task): ClassFile {
  const { stage, classSeed, deadline, rubric, roster, zone, folder } = order;
  const versions = { checks: grader.checksVersion(), rubric: grader.rubricVersion(stage, rubric) };
  const ids = all.map(({ student }) => student.id);
  return {
    version: CLASS_VERSION,
    stage,
    classSeed,
    deadline,
    rubric,
    roster,
    zone,
    submissions: folder,
    versions,
    shard,
    merged: false,
    ids,
    follows: followsIn(all),
  };
}

async function report(
  task: Task,
  grades: StoredGrade[],
  outcome: BatchOutcome,
  stopped: number | null,
): Promise<number> {
  const { order, results, words } = task;
  const anonymise = words.switches.has('anonymise');
  const { stage, classSeed } = order;
  process.stdout.write(tableOf({ stage, classSeed, grades }, anonymise));
  const compared = stopped === null ? [await writeIntegrity(results, findStage(stage) as Stage, task.all)] : [];
  const page = await writeAllReports({ folder: results, stage, classSeed, grades, anonymise });
  const resume = resumeCommand(task);
  const lines = lastLines({ grades, outcome, stopped: stopped !== null, resume, page: fromRoot(page) });
  process.stdout.write(`${[...lines, ...compared.map(({ found }) => integrityLine(found))].join('\n')}\n`);
  if (stopped !== null) return stopped;
  return outcome.rounds.some(({ trouble }) => trouble !== null) || grades.some(({ status }) => status === 'broken')
    ? 1
    : 0;
}

function resumeCommand({ order, results, words }: Task): string {
  const folder = words.options.has('results') || results !== placeOf('results') ? ` results ${shellPath(results)}` : '';
  return `npm run grade ${shellPath(order.folder)} resume${folder}`;
}
