import { statfs } from 'node:fs/promises';
import { text } from '../messages/index.ts';
import { root } from '../root.ts';
import type { Probe } from './finding.ts';

const MEBIBYTE = 1024 * 1024;
/** Builds, traces and replays of one evening, in bytes. */
const COMFORTABLE = 500 * MEBIBYTE;
/** One run of a milestone with its traces. */
const NEEDED = 50 * MEBIBYTE;

/** Room on the disk that the workshop is on. */
export const diskProbe: Probe = {
  name: 'Disk',
  async look() {
    const { bavail, bsize } = await statfs(root);
    const free = bavail * bsize;
    const says = text.doctor.free(inWords(free));
    if (free >= COMFORTABLE) return { state: 'works', says };
    const get = text.doctor.deleteWorkshopRunsAnd;
    if (free >= NEEDED) return { state: 'lacking', says, without: text.doctor.isEnoughForNow, get };
    return { state: 'broken', says, without: text.doctor.runsWriteMoreThan, get };
  },
};

function inWords(bytes: number): string {
  const gibibytes = bytes / MEBIBYTE / 1024;
  return gibibytes >= 1 ? `${Math.floor(gibibytes)} GiB` : `${Math.floor(bytes / MEBIBYTE)} MiB`;
}
