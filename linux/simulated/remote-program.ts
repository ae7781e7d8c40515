/** A program in a thread of its own, seen from inside: each call goes to the kernel's thread. See remote.ts. */
import { parse_sockaddr_in, SOCKADDR_IN_LENGTH, sockaddr_in } from '../address.ts';
import * as constants from '../constants.ts';
import { errorText } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { type Answer, CALLS, FILLED, type Request, type Start } from './protocol.ts';

/**
 * Runs a program to its end, and tells it.
 *
 * @param exchange sends a request to the kernel's thread, and waits for the answer
 */
export function runRemote({ code, env, pid, ppid, seed, now }: Start, exchange: (request: Request) => Answer): void {
  let last: Answer = { now, result: 0, errno: '' };
  const ask = (request: Request): number | string => {
    last = exchange(request);
    return last.result;
  };
  const call = (name: string, args: unknown[]): number | string => {
    ask({ kind: 'call', name, args: args.map((argument, place) => outward(name, argument, place)) });
    if (last.threw !== undefined) throw revived(last.threw);
    for (const [place, value] of last.filled ?? []) fillIn(args[place], value);
    return last.result;
  };
  const linux = {
    ...constants,
    SOCKADDR_IN_LENGTH,
    sockaddr_in,
    parse_sockaddr_in,
    errno: () => last.errno,
    strerror: errorText,
    ...Object.fromEntries(CALLS.map((name) => [name, (...args: unknown[]) => call(name, args)])),
  };
  const ending = evaluate(
    {
      linux,
      env,
      pid,
      ppid,
      seed,
      now: () => last.now,
      kill: (other, signal) => Number(ask({ kind: 'kill', pid: other, signal })),
      spawn: (child) => Number(ask({ kind: 'spawn', child })),
      print: (line) => void ask({ kind: 'print', line }),
    },
    code,
  );
  const told = ending.kind === 'threw' ? { ...ending, error: textOf(ending.error) } : ending;
  exchange({ kind: 'end', ending: told });
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Bytes that a call fills in stay here; what cannot be sent goes as what the kernel refuses. */
function outward(name: string, argument: unknown, place: number): unknown {
  if (argument instanceof Uint8Array && FILLED[name]?.includes(place)) return { room: argument.length };
  // Not the whole memory that a Buffer may be a part of.
  if (argument instanceof Uint8Array) return new Uint8Array(argument);
  if (Array.isArray(argument) && FILLED[name]?.includes(place)) return [];
  return typeof argument === 'function' || typeof argument === 'symbol' ? String(argument) : argument;
}

function fillIn(argument: unknown, value: unknown): void {
  if (argument instanceof Uint8Array) argument.set(value as Uint8Array);
  else if (Array.isArray(argument)) argument.splice(0, (value as unknown[]).length, ...(value as unknown[]));
  else if (argument !== null) Object.assign(argument as object, value);
}

function revived({ name, message }: { name: string; message: string }): Error {
  if (name === 'TypeError') return new TypeError(message);
  if (name === 'RangeError') return new RangeError(message);
  return Object.assign(new Error(message), { name });
}
