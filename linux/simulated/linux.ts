/** What a program imports as '#linux', on the simulated kernel: every name of linux/index.ts. */
import { parse_sockaddr_in, SOCKADDR_IN_LENGTH, sockaddr_in } from '../address.ts';
import * as constants from '../constants.ts';
import type * as real from '../index.ts';
import { fileCalls } from './calls-files.ts';
import { socketCalls } from './calls-sockets.ts';
import { errorText } from './errors.ts';
import type { Kernel } from './kernel.ts';
import type { Attempt } from './outcome.ts';
import type { Process } from './process.ts';
import { readSignal, signalCall } from './signals.ts';

/** The module '#linux'. */
export type Linux = typeof real;

function makeAttempts(kernel: Kernel, process: Process) {
  return { ...socketCalls(process, kernel.network), ...fileCalls(process, kernel.network) };
}

const attemptsByProcess = new WeakMap<Process, ReturnType<typeof makeAttempts>>();

/** All calls of a process as attempts: what actors perform. Made once: a process lives on one kernel. */
export function attemptsOf(kernel: Kernel, process: Process): ReturnType<typeof makeAttempts> {
  let attempts = attemptsByProcess.get(process);
  if (attempts === undefined) {
    attempts = makeAttempts(kernel, process);
    attemptsByProcess.set(process, attempts);
  }
  return attempts;
}

/** The module '#linux' for a program that runs as this process: its calls wait, as the real ones do. */
export function linuxOf(kernel: Kernel, process: Process): Linux {
  const attempts = attemptsOf(kernel, process);
  const calls = Object.entries(attempts).map(([name, attempt]) => {
    const begin = attempt as (...args: unknown[]) => Attempt;
    return [name, (...args: unknown[]) => traced(kernel, process, name, args, begin(...args))];
  });
  const helpers = {
    ...constants,
    SOCKADDR_IN_LENGTH,
    sockaddr_in,
    parse_sockaddr_in,
    errno: () => process.errno,
    strerror: errorText,
    signalfd: (fd: number, signals: NodeJS.Signals[], flags: number) =>
      traced(kernel, process, 'signalfd', [fd, signals, flags], signalCall(process, fd, signals, flags)),
    read_signal: (fd: number) => readSignal(process, fd),
  };
  return { ...helpers, ...Object.fromEntries(calls) } as Linux;
}

function traced(kernel: Kernel, process: Process, name: string, args: unknown[], attempt: Attempt): number {
  const result = kernel.complete(process, name, attempt);
  process.onCall?.(name, args, result);
  return result;
}
