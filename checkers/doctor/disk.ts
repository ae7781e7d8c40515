import { statfs } from 'node:fs/promises';
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
    const says = `${inWords(free)} free`;
    if (free >= COMFORTABLE) return { state: 'works', says };
    const get = 'delete .workshop/runs and .workshop/replay, which are made again when needed';
    if (free >= NEEDED) return { state: 'lacking', says, without: 'it is enough for now', get };
    return { state: 'broken', says, without: 'runs write more than that', get };
  },
};

function inWords(bytes: number): string {
  const gibibytes = bytes / MEBIBYTE / 1024;
  return gibibytes >= 1 ? `${Math.floor(gibibytes)} GiB` : `${Math.floor(bytes / MEBIBYTE)} MiB`;
}
