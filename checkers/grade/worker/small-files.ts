/** Kernel memory for empty files on a tmpfs, which the size limit of the file system does not count. */
import { statfsSync, statSync } from 'node:fs';

/** Approximate memory of a tmpfs inode and its name, in bytes. */
const FILE_BYTES = 1024;
/** No program of the course creates this many files. */
const WORTH_A_LOOK = 2 ** 18;
/** See statfs(2). */
const TMPFS = 0x01021994;
const PLACES = ['tmp', 'dev/shm'];

/**
 * This memory in bytes by process: processes that see the same file system have equal shares.
 *
 * @param least fewer files than this are ignored
 * @returns an empty map below the threshold
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

/** In world-writable tmpfs folders; those that we see too are not the submission's. */
function filesSeenBy(pid: number, least: number): { device: number; files: number }[] {
  return PLACES.flatMap((place) => {
    const path = `/proc/${pid}/root/${place}`;
    try {
      const { files, ffree, type } = statfsSync(path);
      if (type !== TMPFS || files - ffree < least) return [];
      const device = statSync(path).dev;
      return device === statSync(`/${place}`).dev ? [] : [{ device, files: files - ffree }];
    } catch {
      // It has exited, or cannot be inspected.
      return [];
    }
  });
}
