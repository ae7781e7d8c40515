/** How a call ends, or what it waits for. */
import type { WaitQueue } from './wait-queue.ts';

/** A process as far as signals end its waits. */
export interface Signalled {
  readonly fatal: string | undefined;
  readonly interrupted: boolean;
  onSignal: (() => void) | undefined;
}

/** A call cannot be done yet. */
export interface Wait {
  /** what wakes it */
  on: WaitQueue;
  /** virtual time at which it tries again by itself, in ms; Infinity: never */
  until: number;
  /** what a signal makes of it; absent: it goes on afterwards, as with SA_RESTART (signal(7)) */
  interrupted?: number;
  /** a signal to this process ends the wait, too */
  process?: Signalled;
}

/** 0 or more: the result; below 0: minus the number of an error; else: wait, then try again. */
export type Outcome = number | Wait;

/** One try of a call. A call that has to wait is tried again when it is woken; what it has done so far it keeps itself. */
export type Attempt = () => Outcome;

/** An attempt that is over at once. */
export function done(result: number): Attempt {
  return () => result;
}

/** A call that is not simulated: an error of the simulator, not of the program. */
export class NotSimulated extends Error {
  override readonly name = 'NotSimulated';

  /** @param what the call and the argument, e.g. 'recv with MSG_OOB' */
  constructor(what: string) {
    super(`The simulated kernel has no ${what}: run the program on real Linux.`);
  }
}

/** A program waits for something that cannot happen any more. */
export class WaitsForever extends Error {
  override readonly name = 'WaitsForever';

  /** @param call the call that does not return */
  constructor(readonly call: string) {
    super(`${call} never returns: no other process is left that could move.`);
  }
}

/** A program has ended; thrown through its stack. */
export class ProgramEnded extends Error {
  override readonly name = 'ProgramEnded';

  constructor(
    readonly code: number | null,
    readonly signal: string | null = null,
  ) {
    super(signal === null ? `exit code ${code}` : `killed by ${signal}`);
  }
}
