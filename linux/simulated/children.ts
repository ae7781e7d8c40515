/** Processes that a program starts: the same program again, each in a thread of its own. */
import type { ChildOptions } from './child-process.ts';
import { EAGAIN } from './errors.ts';
import type { OpenFile } from './file.ts';
import type { Actor, Kernel } from './kernel.ts';
import { NotSimulated } from './outcome.ts';
import type { Process } from './process.ts';
import type { Channel, Start } from './protocol.ts';
import { remoteProgram } from './remote.ts';
import { Sink } from './standard.ts';

/** Starts threads for programs. */
export interface ChildHost {
  start(start: Start): Channel;
}

/** A program that starts itself again and again has to come to an end: RLIMIT_NPROC. */
const MOST_CHILDREN = 16;

export class Children {
  #started = 0;

  /**
   * @param code the program, as runProgram() gets it
   * @param print is given what the processes print
   * @param host undefined: they are refused
   */
  constructor(
    readonly kernel: Kernel,
    readonly code: string,
    readonly print: (line: string) => void,
    readonly host: ChildHost | undefined,
  ) {}

  /** Starts a process; its number, or minus an error. */
  start(parent: Process, { env, stdio }: ChildOptions): number {
    const { kernel, host } = this;
    if (host === undefined) throw new NotSimulated('spawn(): here a machine has one program only');
    if (this.#started >= MOST_CHILDREN) return -EAGAIN;
    this.#started += 1;
    const process = kernel.newProcess(`${parent.name}, child ${this.#started}`, {
      descriptors: parent.limit,
      files: inheritedFiles(parent, stdio),
      parent,
    });
    kernel.spawn(process.name, this.#run(process, env, host));
    return process.pid;
  }

  *#run(process: Process, env: Record<string, string>, host: ChildHost): Actor {
    const { kernel, code, print } = this;
    yield* kernel.sleep(kernel.settings.startUp);
    const { pid, parent } = process;
    const start: Start = { code, env, pid, ppid: parent?.pid ?? 1, seed: kernel.choices.seed, now: kernel.now };
    yield* remoteProgram(kernel, process, host.start(start), {
      print,
      spawn: this.start.bind(this, process),
    });
  }
}

/** Descriptors that a new process has: those that are not closed on exec, and over them its standard ones. */
function inheritedFiles(parent: Process, stdio: ChildOptions['stdio']): (OpenFile | undefined)[] {
  const files: (OpenFile | undefined)[] = [];
  for (const fd of parent.descriptors) if (!parent.closeOnExec.has(fd)) files[fd] = parent.file(fd);
  stdio.forEach((entry, fd) => {
    files[fd] = entry === 'ignore' ? new Sink() : parent.file(entry === 'inherit' ? fd : entry);
  });
  for (const fd of [0, 1, 2]) files[fd] ??= new Sink();
  return Array.from(files);
}
