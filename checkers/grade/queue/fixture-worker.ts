/** A worker for a test to kill; prints each job that it begins. Arguments: address of Redis, ms per job. */
import { writeSync } from 'node:fs';
import { FakeGrader } from '../batch/fake-grader.ts';
import { connectRedis } from './redis.ts';
import { work } from './work.ts';

const [url = '', ms = ''] = process.argv.slice(2);
const grader = new FakeGrader();
grader.msEach = Number(ms);
const { grade } = grader;
grader.grade = async (submission, ...rest) => {
  writeSync(1, `begun ${submission.student.id}\n`);
  return await grade(submission, ...rest);
};
const redis = await connectRedis(url);
const signal = new AbortController().signal;
await work({ redis, grader, isolation: 'process-group', atOnce: 2, signal, untilEmpty: true, deadAfterMs: 1000 });
redis.disconnect();
