/**
 * Signals as bytes in a descriptor, so that the loop that waits for sockets waits for them too: signalfd(2), as far as a
 * program on Node can have it.
 *
 * The kernel's own signalfd sees a signal only if every thread of the program blocks it. Node starts a dozen threads
 * before our code runs, and none of them blocks it: SIGTERM would be delivered to one of those and end the program.
 * signalfd's predecessor works, the self-pipe trick: a handler writes each signal into a pipe,
 * from whichever thread it runs in, and the loop watches the pipe's other end. Node has such a handler and such a pipe for
 * process.on(). So we let it catch the signal, find its pipe, and return that pipe's reading end.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { constants as os } from 'node:os';
import { checkNumber, message } from './arguments.ts';
import { F_GETFL } from './constants.ts';
import { fcntl, read, write } from './io.ts';
import { bindCall } from './libc.ts';
import { traceCall, tracing, untraced } from './trace.ts';

/** libuv's record for each signal: a pointer, then the signal's number, padded. */
const RECORD = 16;
const NUMBER_AT = 8;

/** ioctl(): number of readable bytes. See tty_ioctl(2). */
const FIONREAD = 0x541b;
/** Mask of the access mode in a descriptor's flags; 0: read only. See open(2). */
const O_ACCMODE = 3;

const ioctl = bindCall<[number, number, string, Buffer]>('int ioctl(int fd, unsigned long op, ...)');
const dup = bindCall<[number]>('int dup(int fd)');

/** The reading end of Node's pipe; -1 before the first call. */
let pipe = -1;
/** Bytes that read_signal() has taken from it. */
const taken: Buffer[] = [];
/** The requested signals. Node's handler writes others too: SIGCHLD, once the program has started a child. */
const wanted = new Set<string>();

/**
 * Turns signals into something that epoll can wait for. From now on these signals neither end the program nor interrupt
 * it for good: each becomes a record in the descriptor, which read_signal() takes out. Never blocks. It is meant for
 * programs that wait in epoll_wait: one that waits in Node's own event loop has process.on().
 *
 * @param fd -1: make a new descriptor
 * @param signals which ones, by name: ['SIGTERM']. C has a sigset_t here, and the program has to block them itself
 * @param flags SFD_NONBLOCK; there is no blocking kind here
 * @returns the descriptor; -1 on failure (EMFILE)
 * @throws TypeError for a name that is no signal, or one that cannot be caught
 * @see signalfd(2), signal-safety(7)
 */
export function signalfd(fd: number, signals: NodeJS.Signals[], flags: number): number {
  checkNumber('signalfd', 'fd', fd);
  if (!Array.isArray(signals))
    throw new TypeError(message('signalfd', 'signals', "an array such as ['SIGTERM']", signals));
  checkNumber('signalfd', 'flags', flags);
  for (const name of signals) {
    process.on(name, () => {});
    wanted.add(name);
  }
  const make = (): number =>
    untraced(() => {
      const [first] = signals;
      if (pipe === -1 && first !== undefined) pipe = usePipe(first);
      return dup(pipe);
    });
  return tracing ? traceCall('signalfd', [fd, signals, flags], make, () => 'EMFILE') : make();
}

/**
 * Takes one signal out of a descriptor of signalfd(). C reads a struct signalfd_siginfo here.
 *
 * @param fd what signalfd() returned
 * @returns the signal's name, e.g. 'SIGTERM'; '' when there is none (errno() says EAGAIN)
 */
export function read_signal(fd: number): string {
  checkNumber('read_signal', 'fd', fd);
  while (true) {
    const record = Buffer.alloc(RECORD);
    if (read(fd, record, RECORD) !== RECORD) return '';
    taken.push(record);
    const name = nameOf(record.readInt32LE(NUMBER_AT));
    if (name !== undefined && wanted.has(name)) return name;
  }
}

function nameOf(signal: number): string | undefined {
  return Object.entries(os.signals).find(([, value]) => value === signal)?.[0];
}

/** Node counts the bytes of its handler, and does not exit before it has read as many. So we write them back at exit. */
function usePipe(signal: NodeJS.Signals): number {
  const found = findPipe(signal);
  const name = linkOf(String(found));
  const other = readdirSync('/proc/self/fd').find((fd) => linkOf(fd) === name && Number(fd) !== found);
  const giveBack = (): number => write(Number(other), Buffer.concat(taken), taken.length * RECORD);
  process.on('exit', () => void untraced(giveBack));
  return found;
}

/** Finds the pipe: sends this process one of the signals, which it now catches, and looks which pipe grows. */
function findPipe(signal: NodeJS.Signals): number {
  const before = new Map(readingEnds().map((fd) => [fd, readable(fd)]));
  process.kill(process.pid, signal);
  const found = readingEnds().find((fd) => readable(fd) >= (before.get(fd) ?? 0) + RECORD);
  if (found === undefined)
    throw new Error(`signalfd: this version of Node (${process.version}) has no pipe for signals`);
  read_signal(found);
  return found;
}

/** The reading ends of all pipes that this process has open. */
function readingEnds(): number[] {
  const pipes = readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith('pipe:'));
  return pipes.map(Number).filter((fd) => (fcntl(fd, F_GETFL) & O_ACCMODE) === 0);
}

/** The target of a descriptor; the one that listed the folder is closed by now. */
function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

function readable(fd: number): number {
  const count = Buffer.alloc(4);
  return ioctl(fd, FIONREAD, 'void *', count) === -1 ? 0 : count.readInt32LE();
}
