/** Internal: judges one submission in isolation. Order on standard input, answer on descriptor 3. */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { WorkerOrder } from '../checkers/grade/contract/order.ts';
import { takeAside } from '../checkers/grade/isolation/bundles.ts';
import { work } from '../checkers/grade/worker/work.ts';

export async function main(words: string[]): Promise<number> {
  // Builds the bundle before many workers need it at once.
  if (words[0] === 'prepare') return takeAside(import.meta.url, words[1]);
  // At some levels the submission's program runs as another user, and reads files created here.
  process.umask(0o022);
  const lines = createInterface({ input: process.stdin });
  const order = await new Promise<WorkerOrder>((resolve, reject) => {
    lines.once('line', (line) => resolve(JSON.parse(line)));
    lines.once('close', () => reject(new Error('no order came')));
  });
  // The grader holds the other end as long as it lives and wants an answer. On EOF this worker is not needed any more.
  lines.once('close', () => process.exit(1));
  const answer = Buffer.from(JSON.stringify(await work(order)));
  for (let at = 0; at < answer.length; at += writeSync(3, answer, at));
  // Exit even if a submission has left handles open.
  process.exit(0);
}
