/** The C library of this process, its functions by name, and the errno of the last call that failed. */
import './require-linux.ts';
import koffi from 'koffi';
import { checkArguments, parametersOf } from './arguments.ts';
import { traceCall, tracing } from './trace.ts';

// `null` means "what this process has already loaded": the C library that Node itself runs on, so the same line serves
// glibc and musl.
export const libc = koffi.load(null);

// koffi's list rather than Node's, which lacks about fifty of the kernel's errors (EHOSTDOWN, ESHUTDOWN, …).
const numberOfName = new Map(Object.entries(koffi.os.errno));
const nameOfNumber = new Map<number, string>();
for (const [name, number] of numberOfName) {
  // Three numbers have two names each on Linux; the manual pages of sockets say EAGAIN and EOPNOTSUPP.
  if (!['EWOULDBLOCK', 'ENOTSUP', 'EDEADLOCK'].includes(name)) nameOfNumber.set(number, name);
}

let lastErrno = 0;

/**
 * Why the last system call that returned -1 failed. A call that succeeds leaves it as it was, as errno(3) says, so it
 * means something only right after a -1.
 *
 * @returns the error's name, e.g. 'ECONNRESET'; '' when no call has failed yet
 * @see errno(3)
 */
export function errno(): string {
  if (lastErrno === 0) return '';
  return strerrorname_np(lastErrno);
}

/**
 * An error in words.
 *
 * @param error an error's name as `errno()` returns it, or its number
 * @returns the C library's text, e.g. 'Connection reset by peer'; 'Unknown error …' for a name that it does not have
 * @see strerror(3)
 */
export function strerror(error: string | number): string {
  const number = typeof error === 'number' ? error : numberOfName.get(error);
  if (number === undefined) return `Unknown error ${error}`;
  return libcStrerror(number) as string;
}

/** Keeps errno when a native result is -1. To be called at once: the next allocation may make a system call. */
export function keepErrno(result: number): number {
  if (result === -1) lastErrno = koffi.errno();
  return result;
}

/** Fails as a system call would. */
export function failWith(error: string): -1 {
  lastErrno = numberOfName.get(error) ?? 0;
  return -1;
}

/**
 * The name of an error.
 *
 * @param errnum its number; a completion's `res` is its negative
 * @returns e.g. 'ECONNRESET'; 'errno …' for a number that has no name
 * @see strerrorname_np(3)
 */
export function strerrorname_np(errnum: number): string {
  return nameOfNumber.get(errnum) ?? `errno ${errnum}`;
}

/**
 * Binds one C function whose result is an int or ssize_t with -1 for failure.
 *
 * @param prototype its C prototype, e.g. 'int listen(int sockfd, int backlog)'
 * @param traced its name in the trace, if different
 * @returns a function that checks its arguments, calls it and keeps errno, at once, when the result is -1
 */
export function bindCall<Args extends unknown[]>(prototype: string, traced?: string): (...args: Args) => number {
  const native = libc.func(prototype);
  const ownName = /(\w+)\(/.exec(prototype)?.[1] ?? '';
  const parameters = parametersOf(prototype);
  const call = (...args: Args): number => {
    return keepErrno(native(...args) as number);
  };
  // Checked once, here: an untraced call has no overhead.
  if (!tracing) {
    return (...args) => {
      checkArguments(ownName, parameters, args);
      return call(...args);
    };
  }
  return (...args) => {
    checkArguments(ownName, parameters, args);
    return traceCall(traced ?? ownName, args, () => call(...args), errno);
  };
}

const libcStrerror = libc.func('str strerror(int errnum)');
