/** Runs a learner's program on the simulated kernel: its '#linux', its clock and its `process` are the simulated ones. */
import type { Kernel } from './kernel.ts';
import { type Linux, linuxOf } from './linux.ts';
import { ProgramEnded, WaitsForever } from './outcome.ts';
import type { Process } from './process.ts';

/** What a program may need beside '#linux'. */
export interface Surroundings {
  env?: Record<string, string>;
  /** modules by name, e.g. 'node:fs'; importing another one throws */
  modules?: Record<string, unknown>;
  /** is given what the program prints with console.log() and console.error() */
  print?: (line: string) => void;
}

/** How a program ended. */
export type Ending =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: string }
  | { kind: 'waits-forever'; call: string }
  | { kind: 'threw'; error: unknown };

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
  { env = {}, modules = {}, print = () => {} }: Surroundings = {},
  main: (exports: Record<string, unknown>) => void = (exports) => (exports.main as (() => void) | undefined)?.(),
): Ending {
  const linux: Linux = linuxOf(kernel, process);
  const load = (name: string): unknown => {
    if (name === '#linux') return linux;
    const module = modules[name];
    if (module === undefined) throw new Error(`The simulated kernel has no module '${name}'.`);
    return module;
  };
  const host = {
    env,
    argv: ['node'],
    exit: (status = 0) => {
      throw new ProgramEnded(Number(status));
    },
  };
  const line = (...words: unknown[]) => print(words.map(String).join(' '));
  const console = { log: line, error: line, warn: line, info: line };
  const clock = { now: () => kernel.now };
  const module = { exports: {} as Record<string, unknown> };
  const script = new Function('require', 'module', 'exports', 'process', 'console', 'performance', code);
  try {
    script(load, module, module.exports, host, console, clock);
    main(module.exports);
    return end(kernel, process, { kind: 'exit', code: 0 });
  } catch (error) {
    return end(kernel, process, endingOf(error));
  }
}

/** A program that waits for ever still holds what it has: its peers see no end. */
function end(kernel: Kernel, process: Process, ending: Ending): Ending {
  if (ending.kind !== 'waits-forever') kernel.exit(process);
  return ending;
}

function endingOf(error: unknown): Ending {
  if (error instanceof WaitsForever) return { kind: 'waits-forever', call: error.call };
  if (!(error instanceof ProgramEnded)) return { kind: 'threw', error };
  if (error.signal !== null) return { kind: 'signal', signal: error.signal };
  return { kind: 'exit', code: error.code ?? 0 };
}
