/** Folders that a grader has while it runs. One that was killed cannot remove its own; the next one does. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a folder is for, the grader's process, and where its number counts: containers may share a folder, not numbers. */
const NAME = /^workshop-(?:grade|canaries|bundles|trial)-(\d+)-(\d+)-/;

/** The beginning of the path of a new folder, for `mkdtempSync`. */
export function ownFolder(what: 'grade' | 'canaries' | 'bundles' | 'trial', place = tmpdir()): string {
  return join(place, `workshop-${what}-${process.pid}-${processSpace()}-`);
}

/** Removes the folders of graders that are gone. */
export function removeOrphans(place = tmpdir()): void {
  for (const name of readdirSync(place)) {
    const [, pid, space] = NAME.exec(name) ?? [];
    if (pid === undefined || space !== processSpace() || isRunning(pid)) continue;
    removeFolder(join(place, name));
  }
}

/** Removes a folder with whatever is in there, as far as it is ours to remove. A program may have dug deeper than any path is long. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    spawnSync('rm', ['-rf', '--', path], { stdio: 'ignore' });
  }
}

/** '4026531836': the kernel's number of the namespace that process ids belong to; '0' where the system does not tell. */
function processSpace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

function isRunning(pid: string): boolean {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH' || existsSync(`/proc/${pid}`);
  }
}
