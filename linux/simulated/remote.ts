/**
 * A second program on one machine. A program is synchronous: it holds its thread while it waits. So only one can run in the
 * kernel's own thread; each other one has a thread of its own, and is an actor here. The two take turns: the kernel hands
 * over the result of a call, and does nothing until the next call comes. So the order is as certain as with one program.
 */
import { Buffer } from '../buffer.ts';
import type { ChildOptions } from './child-process.ts';
import { type Ending, statusOf } from './evaluate.ts';
import type { Actor, Kernel } from './kernel.ts';
import { attemptsOf } from './linux.ts';
import { type Attempt, NotSimulated, ProgramEnded, type Wait } from './outcome.ts';
import type { Process } from './process.ts';
import { type Answer, type Channel, FILLED, type Request, type Room } from './protocol.ts';
import { readSignal, signalCall } from './signals.ts';

/** What a program's requests lead to, beside calls. */
export interface RemoteHost {
  print(line: string): void;
  spawn(child: ChildOptions): number;
}

/** Runs a program in another thread, as an actor: `kernel.spawn(name, remoteProgram(…))`. */
export function* remoteProgram(kernel: Kernel, process: Process, channel: Channel, host: RemoteHost): Actor {
  let ending: Ending | undefined;
  try {
    let answer: Answer | undefined;
    while (true) {
      const request = channel.exchange(answer);
      if (request.kind === 'end') {
        ending = request.ending;
        return;
      }
      answer = yield* serve(kernel, process, request, host);
    }
  } catch (error) {
    if (!(error instanceof ProgramEnded)) throw error;
    ending = { kind: 'signal', signal: error.signal ?? 'SIGKILL' };
  } finally {
    channel.end();
    if (ending !== undefined) {
      if (ending.kind === 'threw') host.print(String(ending.error));
      kernel.exit(process, statusOf(ending));
    }
  }
}

function answerOf(kernel: Kernel, process: Process, result: number | string, filled?: Answer['filled']): Answer {
  return { now: kernel.now, result, errno: process.errno, ...(filled && { filled }) };
}

function* serve(
  kernel: Kernel,
  process: Process,
  request: Exclude<Request, { kind: 'end' }>,
  host: RemoteHost,
): Generator<Wait, Answer, void> {
  switch (request.kind) {
    case 'print':
      host.print(request.line);
      return answerOf(kernel, process, 0);
    case 'kill':
      return answerOf(kernel, process, kernel.kill(request.pid, request.signal));
    case 'spawn':
      return answerOf(kernel, process, host.spawn(request.child));
    case 'call':
      return yield* serveCall(kernel, process, request.name, request.args.map(toKernel));
  }
}

function* serveCall(kernel: Kernel, process: Process, name: string, args: unknown[]): Generator<Wait, Answer, void> {
  try {
    if (name === 'read_signal') return answerOf(kernel, process, readSignal(process, args[0] as number));
    const result = yield* kernel.performProgram(process, attemptOf(kernel, process, name, args));
    process.onCall?.(name, args, result);
    return answerOf(kernel, process, result, filledBy(name, args, result));
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError || error instanceof NotSimulated)) throw error;
    return { ...answerOf(kernel, process, -1), threw: { name: error.name, message: error.message } };
  }
}

function attemptOf(kernel: Kernel, process: Process, name: string, args: unknown[]): Attempt {
  if (name === 'signalfd') return signalCall(process, ...(args as [number, string[], number]));
  const begin = attemptsOf(kernel, process)[name as keyof ReturnType<typeof attemptsOf>];
  return (begin as (...args: unknown[]) => Attempt)(...args);
}

function toKernel(argument: unknown): unknown {
  const { room } = Object(argument) as Partial<Room>;
  return room === undefined ? argument : Buffer.alloc(room);
}

function filledBy(name: string, args: unknown[], result: number): Answer['filled'] {
  const bytes = name === 'recv' || name === 'read' ? Math.max(0, result) : Infinity;
  return (FILLED[name] ?? []).map((place) => {
    const value = args[place];
    return [place, value instanceof Uint8Array ? new Uint8Array(value.subarray(0, bytes)) : value];
  });
}
