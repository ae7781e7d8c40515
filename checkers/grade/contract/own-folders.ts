/** Temporary folders of a running grader. The next grader removes those of a killed one. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a folder is for, the grader's process, and its process namespace: containers may share a folder, but not process ids. */
const NAME = /^workshop-(?:grade|canaries|bundles|trial|export)-(\d+)-(\d+)-/;

/** The beginning of the path of a new folder, for `mkdtempSync`. */
export function ownFolder(what: 'grade' | 'canaries' | 'bundles' | 'trial' | 'export', place = tmpdir()): string {
  return join(place, `workshop-${what}-${process.pid}-${processSpace()}-`);
}

/** Removes the folders of dead graders. */
export function removeOrphans(place = tmpdir()): void {
  for (const name of readdirSync(place)) {
    const [, pid, space] = NAME.exec(name) ?? [];
    if (pid === undefined || space !== processSpace() || isRunning(pid)) continue;
    removeFolder(join(place, name));
  }
}

/** Removes a folder and its content, as far as permitted. Its folders may be nested beyond the maximum path length. */
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
