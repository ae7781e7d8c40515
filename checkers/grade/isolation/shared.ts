/** Shared memory, semaphores and queues of System V: they outlive the process that made them. See sysvipc(7), ipcrm(1). */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How /proc/sysvipc names a kind, and how ipcrm names one of it. */
const KINDS = { shm: '--shmem-id', sem: '--semaphore-id', msg: '--queue-id' } as const;
export type SharedKind = keyof typeof KINDS;

/** The objects of a kind in our namespace, by column name; empty if unknown. */
export function sharedIn(kind: SharedKind): Record<string, string>[] {
  const [names = [], ...rows] = linesOf(`/proc/sysvipc/${kind}`).map((line) => line.trim().split(/\s+/));
  return rows.map((row) => Object.fromEntries(names.map((name, column) => [name, row[column] ?? ''])));
}

/** Removes some of a kind. */
export function removeShared(kind: SharedKind, some: { id: string }[]): void {
  for (const { id } of some) spawnSync('ipcrm', [KINDS[kind], id], { stdio: 'ignore' });
}

/** Removes all that a user has made. */
export function removeSharedOf(user: number): void {
  for (const kind of Object.keys(KINDS) as SharedKind[]) {
    const made = sharedIn(kind).filter(({ uid, cuid }) => [uid, cuid].includes(String(user)));
    removeShared(
      kind,
      made.map((row) => ({ id: row[kind === 'msg' ? 'msqid' : `${kind}id`] ?? '' })),
    );
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').trim().split('\n');
  } catch {
    return [];
  }
}
