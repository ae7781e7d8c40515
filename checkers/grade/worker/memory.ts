/** Limits of single processes do not add up: somebody has to look at what all processes of a submission hold together. */
import { readFileSync } from 'node:fs';
import { kill } from '../../lab/guardian.ts';
import { nameOf } from '../../lab/holder.ts';
import { processIds } from '../../lab/process-tree.ts';

const LOOK_MS = 200;
const MOST = 1.5 * 2 ** 30;
const PAGE = 4096;

/**
 * Ends the greatest process when all but ours hold too much memory together. For a worker that has a process namespace
 * to itself: everything that it sees there belongs to its submission.
 *
 * @param onEnd told in a sentence
 * @returns a function that stops looking
 */
export function watchMemory(onEnd: (what: string) => void): () => void {
  const timer = setInterval(() => {
    const held = processIds().flatMap((pid) =>
      pid === process.pid || pid === 1 ? [] : [{ pid, bytes: residentBytes(pid) }],
    );
    const total = held.reduce((sum, { bytes }) => sum + bytes, 0);
    const greatest = held.toSorted((a, b) => b.bytes - a.bytes)[0];
    if (total <= MOST || greatest === undefined) return;
    onEnd(
      `A process of the program (${nameOf(greatest.pid)}) was ended: together they held more than 1.5 GB of memory.`,
    );
    kill(greatest.pid);
  }, LOOK_MS);
  return () => clearInterval(timer);
}

function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE;
  } catch {
    return 0;
  }
}
