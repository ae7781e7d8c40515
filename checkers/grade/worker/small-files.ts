/** Memory that the kernel keeps for files in memory that have no bytes: a size limit of their file system does not see it. */
import { statfsSync, statSync } from 'node:fs';

/** What an inode of tmpfs and its name take together, in bytes, about. */
const FILE_BYTES = 1024;
/** As many files as no program of the course makes. */
const WORTH_A_LOOK = 2 ** 18;
/** See statfs(2). */
const TMPFS = 0x01021994;
const PLACES = ['tmp', 'dev/shm'];

/**
 * Whose it is, in bytes by process: those who see the same file system have equal parts of it.
 *
 * @param least fewer files than that are nobody's concern
 * @returns nothing as long as it is not much
 */
export function fileShares(pids: number[], least = WORTH_A_LOOK): Map<number, number> {
  const counts = new Map<number, number>();
  const seenBy = new Map<number, number[]>();
  for (const pid of pids) {
    for (const { device, files } of filesSeenBy(pid, least)) {
      counts.set(device, files);
      seenBy.set(device, [...(seenBy.get(device) ?? []), pid]);
    }
  }
  const shares = new Map<number, number>();
  for (const [device, files] of counts) {
    const who = seenBy.get(device) ?? [];
    for (const pid of who) shares.set(pid, (shares.get(pid) ?? 0) + (files * FILE_BYTES) / who.length);
  }
  return shares;
}

/** In places where everybody may write, in memory; those that we see, too, say nothing of a submission. */
function filesSeenBy(pid: number, least: number): { device: number; files: number }[] {
  return PLACES.flatMap((place) => {
    const path = `/proc/${pid}/root/${place}`;
    try {
      const { files, ffree, type } = statfsSync(path);
      if (type !== TMPFS || files - ffree < least) return [];
      const device = statSync(path).dev;
      return device === statSync(`/${place}`).dev ? [] : [{ device, files: files - ffree }];
    } catch {
      // It has ended, or shows nothing.
      return [];
    }
  });
}
