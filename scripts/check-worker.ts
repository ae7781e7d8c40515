/** Internal: runs one check inside a network namespace and writes its outcome to descriptor 3. */
import { writeFileSync } from 'node:fs';
import { findMilestone } from '../checkers/course/find.ts';
import { takeAside } from '../checkers/grade/isolation/bundles.ts';
import { bringUpLoopback } from '../checkers/kernel/loopback.ts';
import { executeCheck } from '../checkers/run/execute.ts';
import type { NamespaceOrder } from '../checkers/run/namespace.ts';

export async function main(words: string[]): Promise<number> {
  // Builds the bundle before it is needed on a read-only file system.
  if (words[0] === 'prepare') return takeAside(import.meta.url, words[1]);
  const order = JSON.parse(words[0] ?? '') as NamespaceOrder;
  bringUpLoopback();
  const check = findMilestone(order.milestone)?.checks.find((candidate) => candidate.id === order.check);
  if (check === undefined) throw new Error(`no check ${order.check} in milestone ${order.milestone}`);
  // The run's own reaper watches all marked processes, in here too.
  const reaper = { mark: order.mark, watch() {} };
  const outcome = await executeCheck(check, { ...order.settings, reaper });
  writeFileSync(3, JSON.stringify(outcome));
  return 0;
}
