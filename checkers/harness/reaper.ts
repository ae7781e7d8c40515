/**
 * Makes sure that nothing we start outlives us, even if we are killed with SIGKILL: a small shell script waits for EOF on
 * our pipe to it, then kills all processes with this run's mark in their environment, and the registered process groups:
 * a program may overwrite its environment, as nginx does to set its process title.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { processIds, startTicks } from '../kernel/process-tree.ts';

/** The environment variable that marks every process of a run. */
export const MARK = 'WORKSHOP_RUN';

// Reads process groups, one a line, until EOF: the first process and its start time. 'clean' says that there is nothing
// left to do. Three rounds, since a process may be forking while we look. If the first process has another start time,
// the group number has been reused. (dash knows no -- before the group's number.)
const script = `
groups=
mark=$1
while read -r line; do
  [ "$line" = clean ] && exit 0
  groups="$groups $line"
done
started() {
  [ -r "/proc/$1/stat" ] || return 1
  set -- $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)
  echo "\${20}"
}
if [ -r /proc/self/environ ]; then
  for round in 1 2 3; do
    for file in $(grep -lzx "$mark" /proc/[0-9]*/environ 2>/dev/null); do
      pid=\${file#/proc/}
      kill -9 "\${pid%/environ}" 2>/dev/null
    done
    for group in $groups; do
      pid=\${group%:*}
      [ "$(started "$pid")" = "\${group#*:}" ] && kill -9 "-$pid" 2>/dev/null
    done
  done
else
  for group in $groups; do kill -9 "-\${group%:*}" 2>/dev/null; done
fi
`;

/** Watches over the processes of one run. */
export class Reaper {
  /** value of the mark of this run's processes */
  readonly mark = randomBytes(8).toString('hex');
  readonly #shell: ChildProcess;

  constructor() {
    const args = ['-c', script, 'reaper', `${MARK}=${this.mark}`];
    this.#shell = spawn('sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    // Without a shell, release() still cleans up; only a SIGKILL to us would leave processes behind.
    this.#shell.on('error', () => {});
    this.#shell.stdin?.on('error', () => {});
    this.#shell.unref();
  }

  /** Registers a process group by its first process, which has just been started. */
  watch(group: number): void {
    this.#shell.stdin?.write(`${group}:${startTicks(group) ?? ''}\n`);
  }

  /** Kills the remaining processes of the run, and ends the reaper. */
  release(): void {
    for (let round = 0; round < 3 && killMarked(this.mark) > 0; round += 1);
    this.#shell.stdin?.end('clean\n');
  }
}

/** Kills every process that carries the mark; returns how many there were. */
function killMarked(mark: string): number {
  let found = 0;
  for (const pid of processIds()) {
    if (pid === process.pid || !carries(pid, mark)) continue;
    found += 1;
    kill(pid);
  }
  return found;
}

/** Whether a process has a run's mark in its environment; false if the system does not tell. */
export function carries(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${MARK}=${mark}`);
  } catch {
    return false;
  }
}

/** SIGKILL to a process (or, as a negative number, a process group) that may have exited already. */
export function kill(pid: number): void {
  // 0 would mean our own process group.
  if (pid === 0) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // ESRCH: it has exited meanwhile, as intended.
  }
}
