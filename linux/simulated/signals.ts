/** signalfd(2), with the interface of linux/signalfd.ts. */
import { checkNumber, message } from '../arguments.ts';
import { EAGAIN, EBADF } from './errors.ts';
import { type Attempt, done, NotSimulated } from './outcome.ts';
import { type Process, SignalFile } from './process.ts';

/** Signals that a program may catch. See signal(7). */
const NAMES =
  'HUP INT QUIT ILL TRAP ABRT IOT BUS FPE USR1 SEGV USR2 PIPE ALRM TERM CHLD STKFLT CONT TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO POLL PWR SYS'
    .split(' ')
    .map((name) => `SIG${name}`);

/** All descriptors of a process's signalfd() are duplicates of one file, as in linux/signalfd.ts. */
export function signalCall(process: Process, fd: number, signals: string[], flags: number): Attempt {
  checkNumber('signalfd', 'fd', fd);
  if (!Array.isArray(signals))
    throw new TypeError(message('signalfd', 'signals', "an array such as ['SIGTERM']", signals));
  checkNumber('signalfd', 'flags', flags);
  for (const name of signals) {
    if (!NAMES.includes(name)) throw new TypeError(`Unknown signal: ${name}`);
    process.signals.wanted.add(name);
  }
  return done(process.signals.wanted.size === 0 ? -EBADF : process.install(process.signals));
}

/** @returns the signal's name; '' when there is none, with errno EAGAIN */
export function readSignal(process: Process, fd: number): string {
  checkNumber('read_signal', 'fd', fd);
  const file = process.file(fd | 0);
  if (file !== undefined && !(file instanceof SignalFile)) throw new NotSimulated('read_signal() from another file');
  const name = file?.take();
  if (name === undefined) process.lastError = file === undefined ? EBADF : EAGAIN;
  return name ?? '';
}
