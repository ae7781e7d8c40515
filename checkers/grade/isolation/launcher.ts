/** The command prefix of a submission, which isolates its program from the worker that judges it. */
import { realpathSync } from 'node:fs';
import { findOnPath } from '../../harness/python.ts';
import type { WorkerOrder } from '../contract/order.ts';
import { innerBubblewrap, type Shown } from './bubblewrap.ts';
import { type Limited, limited, limitsOf } from './limits.ts';
import { NOBODY, withoutRights } from './nobody.ts';
import { innerUnshare } from './unshare.ts';

/** What decides how a program is shut away: a level and, where that is needed, a user. */
export type Place = Pick<WorkerOrder, 'isolation' | 'user'>;

/** The start of the program's command line at a level. */
export function launcher(order: Place & Limited, shown: Shown): string[] {
  const { isolation: level, user } = order;
  const limits = limited(limitsOf(order));
  if (level === 'bubblewrap') return [...innerBubblewrap(shown), ...limits];
  if (level === 'unshare') return [...innerUnshare(user), ...limits];
  if (level === 'user') return [...withoutRights(user ?? NOBODY), ...limits];
  return limits;
}

/** The user that the program runs as, if not ours; all processes and files of this user belong to the program. */
export function programUser({ isolation, user }: Place): number | undefined {
  return isolation === 'user' ? (user ?? NOBODY) : undefined;
}

/** System programs that keep running between the worker and the program; the harness skips them. */
export function launchers(): string[] {
  return ['bwrap', 'unshare'].flatMap((name) => {
    const path = findOnPath(name);
    return path === undefined ? [] : [realpathSync(path)];
  });
}
