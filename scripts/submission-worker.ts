/** Not for people: judges one submission, shut away together with it. Order on standard input, answer on descriptor 3. */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { takeAside } from '../checkers/grade/isolation/bundles.ts';
import type { WorkerOrder } from '../checkers/grade/worker/order.ts';
import { work } from '../checkers/grade/worker/work.ts';

export async function main(words: string[]): Promise<number> {
  // To have the bundle made before many of us need it at once.
  if (words[0] === 'prepare') return takeAside(import.meta.url, words[1]);
  // The submission's program runs as another user at some levels, and reads what is made here.
  process.umask(0o022);
  const lines = createInterface({ input: process.stdin });
  const order = await new Promise<WorkerOrder>((resolve, reject) => {
    lines.once('line', (line) => resolve(JSON.parse(line)));
    lines.once('close', () => reject(new Error('no order came')));
  });
  // The grader holds the other end as long as it lives and wants an answer. Without it nobody cares what becomes of us.
  lines.once('close', () => process.exit(1));
  const answer = Buffer.from(JSON.stringify(await work(order)));
  for (let at = 0; at < answer.length; at += writeSync(3, answer, at));
  // Whatever a submission has left open, it is over.
  process.exit(0);
}
