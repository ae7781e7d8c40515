/** A worker of the queue: processes jobs until it is stopped. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { gradeSafely } from '../batch/grade-safely.ts';
import type { Grader, StoredGrade } from '../batch/grader.ts';
import type { Isolation } from '../contract/result.ts';
import type { QueueJob } from './job.ts';
import { ATTEMPTS, countsOf, openQueue, PREFIX, queueName } from './queue.ts';

const LOOK_AGAIN_MS = 300;
/** A failover takes seconds. A server that refuses for longer than this will not come back by itself, in ms. */
const REFUSED_MS = 60_000;
/** A worker asks every few seconds. Without a refusal for this long, the server is well again, in ms. */
const PAUSE_MS = 15_000;
/** A submission that kills workers is given up after this many. */
const MAX_STALLED = 5;

/** How to work. */
export interface Work {
  redis: Redis;
  grader: Grader;
  isolation: Isolation;
  atOnce: number;
  /** stops: what is running goes back into the queue */
  signal: AbortSignal;
  /** true: ends when no job is left; false: waits for more */
  untilEmpty: boolean;
  /** after so long without a sign of life a worker is taken for dead, in ms */
  deadAfterMs?: number;
  onGraded?: (grade: StoredGrade) => void;
  /** Redis refused a command, e.g. since it has become a replica */
  onRefused?: (error: Error) => void;
}

/** Works until it is stopped, or there is nothing left. */
export async function work(order: Work): Promise<void> {
  const { Worker } = await import('bullmq');
  const { redis, grader, signal, atOnce, deadAfterMs = 30_000 } = order;
  // The worker blocks in a command, so its connection can do nothing else.
  const own = redis.duplicate();
  own.on('error', () => {});
  const worker = new Worker<QueueJob, StoredGrade>(
    queueName(grader.checksVersion()),
    (job, token) => gradeJob(job, token, order),
    {
      ...{ connection: own, prefix: PREFIX, concurrency: atOnce, maxStalledCount: MAX_STALLED },
      ...{ lockDuration: deadAfterMs, stalledInterval: deadAfterMs, drainDelay: 1 },
    },
  );
  const refusals = new Refusals();
  // A connection that is lost comes back by itself, and so does a server that refuses during a failover.
  worker.on('error', (error) => {
    if (error.name !== 'ReplyError') return;
    refusals.note(error);
    order.onRefused?.(error);
  });
  worker.on('completed', (_, grade) => order.onGraded?.(grade));
  try {
    await ended(order, signal, () => refusals.mustNotLast());
  } finally {
    await worker.close().catch(() => {});
    own.disconnect();
  }
}

/** Refused commands in a row: how long the server has refused without a pause. */
export class Refusals {
  #since = 0;
  #last = Number.NEGATIVE_INFINITY;
  #error: Error | undefined;

  /** @param now in ms, on any clock that does not jump */
  note(error: Error, now = performance.now()): void {
    if (now - this.#last > PAUSE_MS) this.#since = now;
    this.#last = now;
    this.#error = error;
  }

  /** @throws the last answer, where the server has refused for too long and still does */
  mustNotLast(now = performance.now()): void {
    if (now - this.#last <= PAUSE_MS && now - this.#since > REFUSED_MS) throw this.#error;
  }
}

/** Until there is nothing left to do, or the signal comes. @param look throws what makes further waiting pointless */
async function ended({ redis, grader, untilEmpty }: Work, signal: AbortSignal, look: () => void): Promise<void> {
  const queue = await openQueue(redis, grader.checksVersion());
  try {
    while (!signal.aborted) {
      look();
      const { waiting, running } = await countsOf(queue);
      if (untilEmpty && waiting + running === 0) return;
      await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    await queue.close();
  }
}

async function gradeJob(job: Job<QueueJob, StoredGrade>, token: string | undefined, order: Work): Promise<StoredGrade> {
  const { submission, order: how, versions, basis } = job.data;
  const { grader, isolation, signal } = order;
  if ((await grader.submissionVersion(submission)) !== versions.submission) {
    throw new Error(`${submission.path} is not what was added to the queue, or is not seen from this machine`);
  }
  const grade = await gradeSafely(grader, submission, { ...how, isolation }, signal);
  if (grade === null) return await giveBack(job, token);
  // Another worker may succeed; the last outcome counts.
  if (grade.status === 'broken' && job.attemptsMade + 1 < ATTEMPTS) throw new Error(grade.problem ?? 'no mark');
  return { ...grade, basis };
}

/** Resets the job to its initial state. */
async function giveBack(job: Job<QueueJob, StoredGrade>, token: string | undefined): Promise<never> {
  const { DelayedError } = await import('bullmq');
  await job.moveToDelayed(Date.now(), token);
  throw new DelayedError();
}
