/**
 * npm run grade queue add FOLDER […], work, status, collect: a class that hands in all day, and workers on any number of
 * machines that share a folder and a Redis server.
 */
import { availableParallelism } from 'node:os';
import type { Redis } from 'ioredis';
import { findStage, type Stage } from '../../checkers/course/course.ts';
import { adjustedIn } from '../../checkers/grade/batch/adjust.ts';
import { createCanaries, judgeRound } from '../../checkers/grade/batch/canaries.ts';
import { CLASS_VERSION, readClass, writeClass } from '../../checkers/grade/batch/class-file.ts';
import { gradeSafely } from '../../checkers/grade/batch/grade-safely.ts';
import { lockFolder } from '../../checkers/grade/batch/lock.ts';
import { writeAllReports } from '../../checkers/grade/batch/reports.ts';
import { mustBeEmpty, Store } from '../../checkers/grade/batch/store.ts';
import { BatchError } from '../../checkers/grade/contract/batch-error.ts';
import { makeFolder } from '../../checkers/grade/contract/durable.ts';
import { markWords } from '../../checkers/grade/formats/phrases.ts';
import { isArchiveFile } from '../../checkers/grade/intake/export/unpack.ts';
import { takeIn } from '../../checkers/grade/intake/find.ts';
import { jobFor } from '../../checkers/grade/queue/job.ts';
import { addJobs, collect as collectFrom, openQueue, queueName, statusOf } from '../../checkers/grade/queue/queue.ts';
import { connectRedis, refusalOf } from '../../checkers/grade/queue/redis.ts';
import { work as workOn } from '../../checkers/grade/queue/work.ts';
import { fromRoot } from '../../checkers/root.ts';
import { shellPath } from '../../checkers/shell.ts';
import { stageMeant } from '../choosing.ts';
import { didYouMean, readWords, type Vocabulary, type Words, WordsError } from '../command-line.ts';
import { adjustmentsNamed, keepAndTell } from './adjusting.ts';
import { grader, isolationHere } from './machine.ts';
import { chosen } from './only.ts';
import { classOrder, levelRequired, seedOfEnvironment } from './order.ts';
import { countOf, placeOf } from './places.ts';
import { stopping } from './stopping.ts';
import { tableOf } from './summary.ts';
import { takenLine } from './taken-in.ts';

const USUAL_REDIS = 'redis://127.0.0.1:6379';
const MAX_AT_ONCE = 256;

type Does = (words: Words, redis: Redis, url: string) => Promise<number>;

/** The commands of the queue, how they use Redis, and their arguments. */
const verbs: Record<string, [does: Does, use: 'read' | 'write', vocabulary: Vocabulary]> = {
  add: [
    add,
    'write',
    {
      switches: [],
      options: ['redis', 'stage', 'seed', 'people', 'roster', 'rubric', 'deadline', 'zone', 'only'],
      plain: 1,
    },
  ],
  work: [work, 'write', { switches: ['until-empty'], options: ['redis', 'stage', 'jobs', 'require'], plain: 0 }],
  status: [status, 'read', { switches: [], options: ['redis'], plain: 0 }],
  collect: [collect, 'read', { switches: ['anonymise'], options: ['redis', 'stage', 'results', 'adjust'], plain: 0 }],
};

export async function queue(typed: string[]): Promise<number> {
  const [verb = '', ...rest] = typed;
  const known = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (known === undefined) {
    const near = didYouMean(verb, Object.keys(verbs));
    throw new WordsError(`What about the queue? It knows: ${Object.keys(verbs).join(', ')}.${near}`);
  }
  const [does, use, vocabulary] = known;
  const words = readWords(rest, vocabulary);
  const url = words.options.get('redis') ?? process.env.REDIS_URL ?? USUAL_REDIS;
  const redis = await connectRedis(url, use);
  try {
    return await does(words, redis, url);
  } catch (error) {
    throw refusalOf(error as Error, url) ?? error;
  } finally {
    redis.disconnect();
  }
}

/** Adds new submissions. The seed is required, since every call would otherwise choose another one. */
async function add(words: Words, redis: Redis): Promise<number> {
  const [folder] = words.plain;
  if (folder === undefined || !(words.options.has('seed') || seedOfEnvironment() !== undefined)) {
    throw new WordsError(
      'Which class, and with which seed? For example: npm run grade queue add submissions seed autumn-26',
    );
  }
  const order = classOrder(placeOf(folder), words, undefined);
  if (isArchiveFile(order.folder)) {
    throw new WordsError(
      `The workers need files that stay where they are. Unpack the archive first: npm run grade import ${shellPath(order.folder)} into FOLDER`,
    );
  }
  const taken = await takeIn(order.folder, order);
  for (const line of [takenLine(taken, order.deadline), ...taken.told]) process.stdout.write(`${line}\n`);
  const all = chosen(words, taken.submissions);
  const jobs = await Promise.all(all.map((submission) => jobFor(submission, order, grader)));
  const name = await openQueue(redis, grader.checksVersion());
  const added = await addJobs(name, redis, jobs);
  await name.close();
  process.stdout.write(`${added} submissions added, ${jobs.length - added} were there already.\n`);
  return 0;
}

/** Works until it is stopped; with until-empty, until no job is left. */
async function work(words: Words, redis: Redis, url: string): Promise<number> {
  const isolation = await isolationHere(levelRequired(words));
  const jobs = words.options.get('jobs');
  const atOnce = jobs === undefined ? availableParallelism() : countOf(jobs, 'How many at a time (jobs)', MAX_AT_ONCE);
  const stage = stageMeant(words.options.get('stage'), 'npm run grade queue work stage');
  const stop = stopping();
  await mustBeFit(stage, isolation, stop.signal);
  if (stop.signal.aborted) return stop.exitCode() ?? 0;
  process.stdout.write(`Working with isolation ${isolation}, ${atOnce} at a time. Stop with Ctrl-C.\n`);
  const untilEmpty = words.switches.has('until-empty');
  let done = 0;
  const told = new Set<string>();
  await workOn({
    ...{ redis, grader, isolation, atOnce, untilEmpty, signal: stop.signal },
    onRefused(error) {
      const line = refusalOf(error, url)?.message ?? error.message;
      if (!told.has(line)) process.stderr.write(`${line}. Trying again.\n`);
      told.add(line);
    },
    onGraded(grade) {
      done += 1;
      process.stdout.write(`${grade.student.id} ${markWords(grade)}\n`);
    },
  });
  stop.done();
  process.stdout.write(`${done} graded here.\n`);
  return stop.exitCode() ?? 0;
}

/** A machine that judges our own solution wrongly takes no jobs. @throws BatchError */
async function mustBeFit(stage: Stage, isolation: Awaited<ReturnType<typeof isolationHere>>, signal: AbortSignal) {
  const { canaries, remove } = createCanaries(stage);
  const order = { stage: stage.number, classSeed: 'canary', rubric: null, deadline: null, isolation };
  try {
    const graded = [];
    for (const canary of canaries) {
      const grade = await gradeSafely(grader, canary.submission, order, signal);
      if (grade !== null) graded.push({ canary, grade });
    }
    if (signal.aborted) return;
    const { trouble } = judgeRound('start', graded, null);
    if (trouble !== null) throw new BatchError(`This machine cannot be trusted with marks now: ${trouble}`);
  } finally {
    remove();
  }
}

async function status(_: Words, redis: Redis): Promise<number> {
  const all = await statusOf(redis);
  const ours = queueName(grader.checksVersion());
  for (const { name, waiting, running, done, failed } of all) {
    const whose = name === ours ? 'these checks' : `other checks (${name.replace('grade-', '')})`;
    process.stdout.write(`${whose}: ${waiting} waiting, ${running} running, ${done} done, ${failed} given up\n`);
  }
  if (all.length === 0) process.stdout.write('Nothing has been added yet.\n');
  return 0;
}

/** Writes the results that there are into a folder, with all reports. */
async function collect(words: Words, redis: Redis): Promise<number> {
  const stage = findStage(stageMeant(words.options.get('stage'), 'npm run grade queue collect stage').number) as Stage;
  const opened = await openQueue(redis, grader.checksVersion());
  const { grades: unadjusted, jobs, failed } = await collectFrom(opened, stage.number);
  await opened.close();
  const [first] = jobs;
  if (first === undefined) throw new WordsError(`Nothing of stage ${stage.number} is in the queue for these checks.`);
  const folder = placeOf(words.options.get('results') ?? 'results');
  makeFolder(folder);
  const unlock = lockFolder(folder);
  try {
    // Earlier results are collected again, together with new ones.
    if (!readClass(folder)?.merged) mustBeEmpty(folder, 'Name another folder with: results FOLDER');
    const ids = jobs.map(({ submission }) => submission.student.id);
    const store = new Store(folder);
    for (const note of store.tidy(new Set(ids))) process.stdout.write(`${note}\n`);
    for (const grade of unadjusted) store.put(grade);
    keepAndTell(folder, adjustmentsNamed(words), ids);
    const grades = adjustedIn(folder, unadjusted);
    const { classSeed, deadline, rubric, roster = null, folder: submissions = '' } = first.order;
    const { checks, rubric: rubricVersion } = first.versions;
    writeClass(folder, {
      ...{ version: CLASS_VERSION, stage: stage.number, classSeed, deadline, rubric, roster, submissions, ids },
      ...{ versions: { checks, rubric: rubricVersion }, shard: null, merged: true },
    });
    const anonymise = words.switches.has('anonymise');
    process.stdout.write(tableOf({ stage: stage.number, classSeed, grades }, anonymise));
    const page = await writeAllReports({ folder, stage: stage.number, classSeed, grades, anonymise });
    for (const [id, why] of failed) process.stdout.write(`${id} was given up: ${why}\n`);
    process.stdout.write(`\n${grades.length} of ${jobs.length} are done. Reports: ${fromRoot(page)}\n`);
    return grades.length === jobs.length ? 0 : 1;
  } finally {
    unlock();
  }
}
