/** Evaluates a program: its `process`, its clock, its chance and the modules that it may import are those of its machine. */
import { Buffer } from '../buffer.ts';
import { type ChildOptions, childProcesses } from './child-process.ts';
import { ESRCH } from './errors.ts';
import { ProgramEnded, WaitsForever } from './outcome.ts';
import type { ExitStatus } from './process.ts';

/** How a program ended. */
export type Ending =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: string }
  | { kind: 'waits-forever'; call: string }
  | { kind: 'threw'; error: unknown };

/** What a program sees of its machine. */
export interface Machine {
  /** the module '#linux' */
  linux: unknown;
  pid: number;
  ppid: number;
  /** what its chance grows from */
  seed: number;
  env: Record<string, string>;
  /** modules by name, beside those that every program has */
  modules?: Record<string, unknown>;
  /** virtual time in ms */
  now(): number;
  /** kill(2): 0, or minus an error */
  kill(pid: number, signal: string): number;
  /** starts another process; its number, or minus an error */
  spawn(child: ChildOptions): number;
  print(line: string): void;
}

/** What a program exports as main() is called. */
export function callMain({ main }: Record<string, unknown>): void {
  (main as (() => void) | undefined)?.();
}

/** Evaluates a program's script, and calls its main function. */
export function evaluate(
  machine: Machine,
  code: string,
  main: (exports: Record<string, unknown>) => void = callMain,
): Ending {
  const modules: Record<string, unknown> = {
    ...STANDARD_MODULES,
    '#linux': machine.linux,
    'node:child_process': childProcesses((child) => machine.spawn(child)),
    ...machine.modules,
  };
  const load = (name: string): unknown => {
    const module = modules[name];
    if (module === undefined) throw new Error(`The simulated kernel has no module '${name}'.`);
    return module;
  };
  const line = (...words: unknown[]) => machine.print(words.map(String).join(' '));
  const module = { exports: {} as Record<string, unknown> };
  const given = {
    require: load,
    module,
    exports: module.exports,
    process: hostOf(machine),
    console: { log: line, error: line, warn: line, info: line, debug: line },
    performance: { now: machine.now, timeOrigin: EPOCH },
    Date: dateOf(machine.now),
    Math: mathOf(machine.seed + machine.pid),
    Buffer,
  };
  try {
    compiled(code, Object.keys(given))(...Object.values(given));
    main(module.exports);
    return { kind: 'exit', code: 0 };
  } catch (error) {
    return endingOf(error);
  }
}

let lastCode = '';
let lastScript: (...given: unknown[]) => void = () => {};

/** A script as a function of what it is given. The last one is kept: the same program often runs many times. */
function compiled(code: string, names: string[]): (...given: unknown[]) => void {
  if (code !== lastCode) {
    lastScript = new Function(...names, code) as (...given: unknown[]) => void;
    lastCode = code;
  }
  return lastScript;
}

/** What a program may ask of the system without a call: its own file is always the one that was started. */
const STANDARD_MODULES: Record<string, unknown> = {
  'node:fs': { realpathSync: String },
  'node:url': { fileURLToPath: String },
};

/** A program's `process`, as far as a program of the course may need it. */
interface ProcessObject {
  env: Record<string, string>;
  pid: number;
  ppid: number;
  argv: string[];
  execPath: string;
  execArgv: string[];
  platform: string;
  stdout: { write(text: unknown): boolean };
  stderr: { write(text: unknown): boolean };
  hrtime: { bigint(): bigint };
  exitCode: number | undefined;
  exit(status?: number | string): never;
  kill(pid: number, signal?: string | number): true;
  on(): ProcessObject;
  once(): ProcessObject;
  off(): ProcessObject;
}

function hostOf({ env, pid, ppid, now, kill, print }: Machine): ProcessObject {
  const write = (text: unknown): boolean => {
    print(String(text).replace(/\n$/, ''));
    return true;
  };
  const hrtime = { bigint: () => BigInt(Math.round(now() * 1_000_000)) };
  const host: ProcessObject = {
    env,
    pid,
    ppid,
    argv: ['node'],
    execPath: 'node',
    execArgv: [],
    platform: 'linux',
    stdout: { write },
    stderr: { write },
    hrtime,
    exitCode: undefined,
    exit(status = host.exitCode ?? 0) {
      throw new ProgramEnded(Number(status) & 0xff);
    },
    kill(other, signal = 'SIGTERM') {
      const result = kill(other, signal === 0 ? '' : String(signal));
      if (result === 0) return true;
      throw Object.assign(new Error(`kill ${result === -ESRCH ? 'ESRCH' : result}`), {
        code: 'ESRCH',
        syscall: 'kill',
      });
    },
    // As on Node: no handler runs while the program is in its loop.
    on: () => host,
    once: () => host,
    off: () => host,
  };
  return host;
}

/** The moment at which virtual time begins; any would do, as long as it is always the same. */
const EPOCH = Date.UTC(2026, 0, 1);

/** A Date whose present is virtual. */
function dateOf(now: () => number): DateConstructor {
  return class extends Date {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [EPOCH + now()] : given) as []));
    }

    static override now(): number {
      return Math.floor(EPOCH + now());
    }
  } as unknown as DateConstructor;
}

/** Math, with a random() that gives the same numbers in each run. */
function mathOf(seed: number): Math {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Object.create(Math, { random: { value: random } });
}

function endingOf(error: unknown): Ending {
  if (error instanceof WaitsForever) return { kind: 'waits-forever', call: error.call };
  if (!(error instanceof ProgramEnded)) return { kind: 'threw', error };
  if (error.signal !== null) return { kind: 'signal', signal: error.signal };
  return { kind: 'exit', code: error.code ?? 0 };
}

/** What the process that started a program learns of its end: Node exits with 1 after an error that nothing caught. */
export function statusOf(ending: Ending): ExitStatus {
  if (ending.kind === 'signal') return { code: null, signal: ending.signal };
  return { code: ending.kind === 'exit' ? ending.code : 1, signal: null };
}
