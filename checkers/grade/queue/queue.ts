/**
 * A queue for classes that hand in all day: any number of workers on any number of machines. Each job is done at least
 * once; a result lies under the job's key, so that what two workers did counts once, and what a dead one began is begun
 * again. BullMQ keeps all of it in Redis.
 */
import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { StoredGrade } from '../batch/grader.ts';
import { byId } from '../batch/shard.ts';
import { keyOf, type QueueJob } from './job.ts';

export const PREFIX = 'workshop';
/** A list of all queues, to explain why a worker finds nothing: it has other checks. */
const NAMES = `${PREFIX}:grade-queues`;
/** How often a broken job is tried, by any worker. */
export const ATTEMPTS = 3;
const BACKOFF_MS = 2000;

export type GradeQueue = Queue<QueueJob, StoredGrade>;

/** Only workers with these checks take jobs from this queue. */
export function queueName(checks: string): string {
  return `grade-${checks}`;
}

/** The queue for a version of the checks. */
export async function openQueue(redis: Redis, checks: string): Promise<GradeQueue> {
  const { Queue } = await import('bullmq');
  const queue: GradeQueue = new Queue(queueName(checks), { connection: redis, prefix: PREFIX });
  // The command that failed throws the same error.
  queue.on('error', () => {});
  return queue;
}

/**
 * Adds jobs that are not there yet. One that ended without a mark is begun again.
 *
 * @returns how many are new; the others wait, run, or are done already
 */
export async function addJobs(queue: GradeQueue, redis: Redis, jobs: QueueJob[]): Promise<number> {
  await redis.sadd(NAMES, queue.name);
  let added = 0;
  for (const data of jobs) {
    const jobId = keyOf(data);
    const before = await queue.getJob(jobId);
    if (before !== undefined && !(await isWithoutMark(before))) continue;
    await before?.remove();
    await queue.add('grade', data, { jobId, attempts: ATTEMPTS, backoff: { type: 'fixed', delay: BACKOFF_MS } });
    added += 1;
  }
  return added;
}

async function isWithoutMark(job: Job<QueueJob, StoredGrade>): Promise<boolean> {
  if (await job.isFailed()) return true;
  return (await job.isCompleted()) && job.returnvalue?.status === 'broken';
}

/** How far the queue is. */
export interface QueueStatus {
  name: string;
  waiting: number;
  running: number;
  done: number;
  /** given up */
  failed: number;
}

/** All queues in this Redis, one for each version of the checks. */
export async function statusOf(redis: Redis): Promise<QueueStatus[]> {
  const { Queue } = await import('bullmq');
  const names = (await redis.smembers(NAMES)).sort();
  const all: QueueStatus[] = [];
  for (const name of names) {
    const queue = new Queue(name, { connection: redis, prefix: PREFIX });
    queue.on('error', () => {});
    all.push(await countsOf(queue));
    await queue.close();
  }
  return all;
}

/** Jobs that wait for another try count as waiting. */
export async function countsOf(queue: GradeQueue | Queue): Promise<QueueStatus> {
  const {
    waiting = 0,
    delayed = 0,
    prioritized = 0,
    active = 0,
    completed = 0,
    failed = 0,
  } = await queue.getJobCounts(...(['waiting', 'delayed', 'prioritized', 'active', 'completed', 'failed'] as const));
  return { name: queue.name, waiting: waiting + delayed + prioritized, running: active, done: completed, failed };
}

/** The state of a class: its results, and the students who are not done yet. */
export interface Collected {
  grades: StoredGrade[];
  /** the last hand-in of every student, by id */
  jobs: QueueJob[];
  /** why a submission was given up, by id */
  failed: Map<string, string>;
}

/** The newest hand-in of each student of a stage. */
export async function collect(queue: GradeQueue, stage: number): Promise<Collected> {
  const all = await queue.getJobs(['waiting', 'delayed', 'prioritized', 'active', 'completed', 'failed']);
  const newest = new Map<string, Job<QueueJob, StoredGrade>>();
  for (const job of all.filter(({ data }) => data.order.stage === stage)) {
    const { id } = job.data.submission.student;
    const known = newest.get(id);
    if (known === undefined || isNewer(job, known)) newest.set(id, job);
  }
  const collected: Collected = { grades: [], jobs: [], failed: new Map() };
  for (const [id, job] of newest) {
    collected.jobs.push(job.data);
    if (job.returnvalue) collected.grades.push(job.returnvalue);
    else if (await job.isFailed()) collected.failed.set(id, job.failedReason);
  }
  collected.grades.sort(byId);
  collected.jobs.sort((a, b) => byId(a.submission, b.submission));
  return collected;
}

function isNewer(job: Job<QueueJob>, other: Job<QueueJob>): boolean {
  const [one, two] = [job.data.basis.submittedAt ?? '', other.data.basis.submittedAt ?? ''];
  return one === two ? job.timestamp > other.timestamp : one > two;
}
