/** The module 'node:child_process', as far as a program of the course needs it: spawn() of itself. */
import { NotSimulated } from './outcome.ts';

/** A process to start: the same program again. */
export interface ChildOptions {
  env: Record<string, string>;
  /** its first descriptors: ours, 'inherit' for the one of the same number, or 'ignore' */
  stdio: (number | 'inherit' | 'ignore')[];
}

const OTHERS = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawnSync'];

/** @param start starts a process; its number, or minus an error */
export function childProcesses(start: (child: ChildOptions) => number): Record<string, unknown> {
  const refused = OTHERS.map((name) => {
    const refuse = (): never => {
      throw new NotSimulated(`${name}() of node:child_process, only spawn()`);
    };
    return [name, refuse];
  });
  return { ...Object.fromEntries(refused), spawn: spawnWith(start) };
}

interface SpawnOptions {
  env?: Record<string, string>;
  stdio?: string | (number | string | null | undefined)[];
}

function spawnWith(start: (child: ChildOptions) => number) {
  return (command: string, args: string[] | SpawnOptions = [], options: SpawnOptions = {}) => {
    if (command !== 'node') throw new NotSimulated(`spawn() of '${command}', only of process.execPath`);
    const { env = {}, stdio = 'pipe' } = Array.isArray(args) ? options : args;
    const list = Array.isArray(stdio) ? stdio : [stdio, stdio, stdio];
    const pid = start({ env: { ...env }, stdio: list.map(checkEntry) });
    // Its events never come: while a program is in its loop, Node's loop does not run.
    const child = {
      pid: pid > 0 ? pid : undefined,
      on: () => child,
      once: () => child,
      ref: () => {},
      unref: () => {},
    };
    return child;
  };
}

function checkEntry(entry: unknown): number | 'inherit' | 'ignore' {
  if (typeof entry === 'number' || entry === 'inherit' || entry === 'ignore') return entry;
  throw new NotSimulated(`spawn() with '${entry ?? 'pipe'}' in stdio, only descriptors, 'inherit' and 'ignore'`);
}
