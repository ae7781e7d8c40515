/** Runs a learner's program on the simulated kernel, in the kernel's own thread. */
import { type ChildHost, Children } from './children.ts';
import { callMain, type Ending, evaluate, statusOf } from './evaluate.ts';
import type { Kernel } from './kernel.ts';
import { linuxOf } from './linux.ts';
import type { Process } from './process.ts';

export type { Ending } from './evaluate.ts';

/** What a program may need beside '#linux'. */
export interface Surroundings {
  env?: Record<string, string>;
  /** modules by name, e.g. 'node:fs', beside those that every program has; importing another one throws */
  modules?: Record<string, unknown>;
  /** is given what the program prints with console.log() and console.error() */
  print?: (line: string) => void;
  /** where the programs run that this one starts; without it, spawn() is refused */
  children?: ChildHost;
}

/**
 * Runs a program to its end.
 *
 * @param code the program as one CommonJS script, in which '#linux' is still a module to require
 * @param main runs it; by default evaluating the script does
 */
export function runProgram(
  kernel: Kernel,
  process: Process,
  code: string,
  { env = {}, modules = {}, print = () => {}, children }: Surroundings = {},
  main: (exports: Record<string, unknown>) => void = callMain,
): Ending {
  const started = new Children(kernel, code, print, children);
  const machine = {
    linux: linuxOf(kernel, process),
    pid: process.pid,
    ppid: process.parent?.pid ?? 1,
    seed: kernel.choices.seed,
    env,
    modules,
    now: () => kernel.now,
    kill: kernel.kill.bind(kernel),
    spawn: started.start.bind(started, process),
    print,
  };
  const ending = evaluate(machine, code, main);
  // A program that waits for ever still holds what it has: its peers see no end.
  if (ending.kind !== 'waits-forever') kernel.exit(process, statusOf(ending));
  return ending;
}
