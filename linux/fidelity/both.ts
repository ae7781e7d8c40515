/** The real kernel and the simulated one, side by side: each call is made on both, and the answers are compared. */
import { readFileSync } from 'node:fs';
import * as real from '../index.ts';
import { Kernel } from '../simulated/kernel.ts';
import { attemptsOf } from '../simulated/linux.ts';
import { type Attempt, NotSimulated } from '../simulated/outcome.ts';
import type { Process } from '../simulated/process.ts';
import type { Settings } from '../simulated/settings.ts';

/** What a call came to, in a form that does not depend on the kernel: 'EAGAIN', '0', 'blocks'. */
export type Answer = string;

/** A call that the kernels answer differently. */
export class Difference extends Error {
  override readonly name = 'Difference';
}

type Attempts = ReturnType<typeof attemptsOf>;
export type Call = keyof Attempts;

/** Arguments for both kernels: descriptors and ports have other numbers there. */
export interface Arguments {
  simulated: unknown[];
  real: unknown[];
}

const realCalls = { ...real } as unknown as Record<Call, (...args: unknown[]) => number>;

/** Options that the real sockets get so that nothing waits for a timer: see tcp(7). */
const TCP_INFO = 11;
const TCP_QUICKACK = 12;
const TCP_CONGESTION = 13;
const SO_RCVTIMEO = 20;
const SO_SNDTIMEO = 21;
/** struct timeval: a call of the real kernel that blocks although the simulated one does not ends after a second. */
const oneSecond = Buffer.alloc(16);
oneSecond.writeInt32LE(1);

/** The settings of this machine. */
const settings: Partial<Settings> = {
  privileged: process.getuid?.() === 0,
  largestPipe: setting('/proc/sys/fs/pipe-max-size', 1_048_576),
  largestBuffer: setting('/proc/sys/net/core/rmem_max', 212_992),
  callCost: 0,
  tick: tickOf(),
};

/** One tick of this kernel's clock, in ms: the shortest time limit that a socket can have. */
function tickOf(): number {
  const fd = real.socket(real.AF_INET, real.SOCK_STREAM, 0);
  const value = Buffer.alloc(16);
  value.writeInt32LE(1, 8);
  real.setsockopt(fd, real.SOL_SOCKET, SO_RCVTIMEO, value);
  real.getsockopt(fd, real.SOL_SOCKET, SO_RCVTIMEO, value);
  real.close(fd);
  return value.readInt32LE(8) / 1000;
}

function setting(path: string, otherwise: number): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return otherwise;
  }
}

export class Both {
  readonly kernel = new Kernel(0, settings);
  readonly process: Process;
  readonly attempts: Attempts;
  /** what was called, and what both said */
  readonly log: string[] = [];

  constructor() {
    this.process = this.kernel.newProcess('program');
    this.attempts = attemptsOf(this.kernel, this.process);
  }

  /**
   * Makes a call on the simulated kernel.
   *
   * @returns its result, its error, or 'blocks'; undefined: it is not simulated
   */
  simulated(call: Call, args: unknown[]): number | string | undefined {
    try {
      const attempt = (this.attempts[call] as (...args: unknown[]) => Attempt)(...args);
      while (true) {
        const outcome = attempt();
        const arrived = this.kernel.network.deliver();
        if (typeof outcome === 'number') return outcome >= 0 ? outcome : this.#errorOf(outcome);
        if (!arrived) return 'blocks';
      }
    } catch (error) {
      if (error instanceof NotSimulated) return undefined;
      throw error;
    }
  }

  #errorOf(outcome: number): string {
    this.process.lastError = -outcome;
    return this.process.errno;
  }

  /** Makes a call on the real kernel; the result, or the error. */
  real(call: Call, args: unknown[]): number | string {
    const result = realCalls[call](...args);
    return result === -1 ? real.errno() : result;
  }

  /** @throws Difference unless the two are the same */
  compare(what: string, simulated: unknown, realOne: unknown): void {
    const [ours, theirs] = [JSON.stringify(simulated), JSON.stringify(realOne)];
    this.log.push(`${what}: ${theirs}`);
    if (ours !== theirs) throw new Difference(`${what}: real ${theirs}, simulated ${ours}`);
  }
}

/** Prepares a real socket: its segments arrive before the call that sends them is over. */
export function prepare(fd: number): void {
  real.setsockopt(fd, real.IPPROTO_TCP, TCP_CONGESTION, Buffer.from('reno'));
  real.setsockopt(fd, real.IPPROTO_TCP, real.TCP_NODELAY, 1);
  real.setsockopt(fd, real.SOL_SOCKET, SO_RCVTIMEO, oneSecond);
  real.setsockopt(fd, real.SOL_SOCKET, SO_SNDTIMEO, oneSecond);
}

/** The options of prepare() that can be seen, on the simulated kernel. */
export function prepareSimulated(both: Both, fd: number): void {
  both.simulated('setsockopt', [fd, real.IPPROTO_TCP, real.TCP_NODELAY, 1]);
  both.simulated('setsockopt', [fd, real.SOL_SOCKET, SO_RCVTIMEO, oneSecond]);
  both.simulated('setsockopt', [fd, real.SOL_SOCKET, SO_SNDTIMEO, oneSecond]);
}

/** Lets a real socket acknowledge at once what it has received. */
export function acknowledge(fd: number): void {
  real.setsockopt(fd, real.IPPROTO_TCP, TCP_QUICKACK, 1);
}

/** What TCP_INFO calls the states in which a socket waits for the acknowledgement of its end of stream. */
const WAITS_FOR_ACKNOWLEDGEMENT = [4, 9, 11];
/** Linux delays an acknowledgement by 40 ms, and this long on a busy machine. */
const LONGEST_DELAY_MS = 300;

/** Waits while a real socket's end of stream is not acknowledged: the simulated kernel acknowledges at once. */
export function awaitAcknowledgement(fd: number): void {
  const end = performance.now() + LONGEST_DELAY_MS;
  while (WAITS_FOR_ACKNOWLEDGEMENT.includes(stateOf(fd)) && performance.now() < end) {}
}

const info = Buffer.alloc(8);

function stateOf(fd: number): number {
  return real.getsockopt(fd, real.IPPROTO_TCP, TCP_INFO, info) === 0 ? info.readUInt8(0) : 0;
}

/** Closes a real descriptor without leaving TIME_WAIT behind. */
export function discard(fd: number): void {
  real.setsockopt(fd, real.SOL_SOCKET, real.SO_LINGER, Buffer.from('0100000000000000', 'hex'));
  real.close(fd);
}
