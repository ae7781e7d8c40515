/**
 * The world of one check: a simulated machine with the learner's program and the harness's clients and upstreams on it. One
 * check runs at a time, in the world that `begin` has made.
 */
import type { Kernel } from '../../linux/simulated/kernel.ts';
import { attemptsOf } from '../../linux/simulated/linux.ts';
import type { Attempt } from '../../linux/simulated/outcome.ts';
import type { Process } from '../../linux/simulated/process.ts';
import type { Task } from '../../linux/simulated/scheduler.ts';
import type { TcpSocket } from '../../linux/simulated/tcp-socket.ts';
import type { TraceLine } from '../../linux/trace-line.ts';
import { forgetJobs, runJobs } from './virtual-promise.ts';

/** The program of a check, built for the simulated kernel. */
export interface Code {
  /** one CommonJS script; '#linux' and modules of Node are required */
  script: string;
  /** its source map, as JSON */
  map: string;
  /** its name on call stacks */
  name: string;
}

/** A process of the world that the harness may look at. */
export interface Watched {
  pid: number;
  process: Process;
  /** the kernel's letter for its state: R, S, T; undefined: it is gone */
  letter(): string | undefined;
  /** ms in which it ran */
  busyMs(): number;
  /** the call in which it waits */
  pending(): { name: string; fd?: number } | undefined;
}

export interface World {
  kernel: Kernel;
  /** the process of the harness: all clients and upstreams */
  harness: Process;
  calls: ReturnType<typeof attemptsOf>;
  code: Code;
  /** files by path: those that upstreams serve */
  files: ReadonlyMap<string, Uint8Array>;
  /** the program's processes, and the file server's */
  watched: Watched[];
  traces: Map<string, TraceLine[]>;
  /** why this check cannot be judged here; undefined: it can */
  beyond: unknown;
  /** tells the host how many calls the programs have made, and whether a program, not the simulator, runs now */
  alive(callsMade: number, inProgram: boolean): void;
  /** behind so many calls a program computes for ever, as an earlier run has shown */
  computesAfter: number | undefined;
  /** how many calls its programs have made */
  callsMade: number;
}

let current: World | undefined;

/** The world of the check that runs. */
export function world(): World {
  if (current === undefined) throw new Error('no simulated check is running');
  return current;
}

/** Begins a check. */
export function begin(kernel: Kernel, parts: Pick<World, 'code' | 'files' | 'alive' | 'computesAfter'>): World {
  forgetJobs();
  const harness = kernel.newProcess('harness');
  current = {
    ...parts,
    kernel,
    harness,
    calls: attemptsOf(kernel, harness),
    watched: [],
    traces: new Map(),
    beyond: undefined,
    callsMade: 0,
  };
  return current;
}

/** Posts something that the harness does later; promises that it settles go on at once. */
export function post(who: string, delay: number, run: () => void): Task {
  return world().kernel.scheduler.post(who, delay, () => {
    run();
    runJobs();
  });
}

/** Makes a call that does not wait; the errno of a failure is the harness's. */
export function call(attempt: Attempt): number {
  const { kernel, harness } = world();
  const outcome = attempt();
  kernel.network.deliver();
  if (typeof outcome !== 'number') throw new Error('a call of the harness waits, but it must not');
  if (outcome >= 0) return outcome;
  harness.lastError = -outcome;
  return -1;
}

/** The harness's socket with this descriptor. */
export function socketOf(fd: number): TcpSocket {
  const file = world().harness.file(fd);
  if (file === undefined) throw new Error(`the harness has no descriptor ${fd}`);
  return file as TcpSocket;
}
