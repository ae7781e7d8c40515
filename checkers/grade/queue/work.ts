/** A worker of the queue: takes jobs one after the other until it is stopped. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { gradeSafely } from '../batch/grade-safely.ts';
import type { Grader, StoredGrade } from '../batch/grader.ts';
import type { Isolation } from '../result.ts';
import type { QueueJob } from './job.ts';
import { ATTEMPTS, countsOf, openQueue, PREFIX, queueName } from './queue.ts';

const LOOK_AGAIN_MS = 300;
/** Somebody whose submission kills workers is given up after so many. */
const MOST_STALLED = 5;

/** How to work. */
export interface Work {
  redis: Redis;
  grader: Grader;
  isolation: Isolation;
  atOnce: number;
  /** stops: what is running goes back into the queue */
  signal: AbortSignal;
  /** true: ends when nobody has anything to do any more; false: waits for more */
  untilEmpty: boolean;
  /** after so long without a sign of life a worker is taken for dead, in ms */
  deadAfterMs?: number;
  onGraded?: (grade: StoredGrade) => void;
}

/** Works until it is stopped, or there is nothing left. */
export async function work(order: Work): Promise<void> {
  const { Worker } = await import('bullmq');
  const { redis, grader, signal, atOnce, deadAfterMs = 30_000 } = order;
  // One worker waits inside a command, so its connection can do nothing else.
  const own = redis.duplicate();
  own.on('error', () => {});
  const worker = new Worker<QueueJob, StoredGrade>(
    queueName(grader.checksVersion()),
    (job, token) => gradeJob(job, token, order),
    {
      ...{ connection: own, prefix: PREFIX, concurrency: atOnce, maxStalledCount: MOST_STALLED },
      ...{ lockDuration: deadAfterMs, stalledInterval: deadAfterMs, drainDelay: 1 },
    },
  );
  // A connection that is lost comes back by itself.
  worker.on('error', () => {});
  worker.on('completed', (_, grade) => order.onGraded?.(grade));
  await ended(order, signal);
  await worker.close();
  own.disconnect();
}

/** Until there is nothing left to do, or the signal comes. */
async function ended({ redis, grader, untilEmpty }: Work, signal: AbortSignal): Promise<void> {
  const queue = await openQueue(redis, grader.checksVersion());
  try {
    while (!signal.aborted) {
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
  // Another worker may have more luck; the last one's word stands.
  if (grade.status === 'broken' && job.attemptsMade + 1 < ATTEMPTS) throw new Error(grade.problem ?? 'no mark');
  return { ...grade, basis };
}

/** As if it had never been begun. */
async function giveBack(job: Job<QueueJob, StoredGrade>, token: string | undefined): Promise<never> {
  const { DelayedError } = await import('bullmq');
  await job.moveToDelayed(Date.now(), token);
  throw new DelayedError();
}
