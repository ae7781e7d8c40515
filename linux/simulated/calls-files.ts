/** The system calls on any descriptor, with the checks of the real ones' arguments: linux/io.ts, pipe.ts, epoll.ts. */
import { checkArguments, checkEpollEvent, checkNumber, message, parametersOf } from '../arguments.ts';
import { checkLength } from '../buffers.ts';
import {
  EPOLL_CLOEXEC,
  EPOLL_CTL_DEL,
  F_GETFL,
  F_GETPIPE_SZ,
  F_SETFL,
  F_SETPIPE_SZ,
  O_CLOEXEC,
  O_NONBLOCK,
} from '../constants.ts';
import type { EpollEvent } from '../epoll.ts';
import { EpollInstance, type Event } from './epoll.ts';
import { EBADF, EFAULT, EINVAL, EMFILE, EPERM } from './errors.ts';
import type { OpenFile } from './file.ts';
import type { Network } from './network.ts';
import { type Attempt, done, NotSimulated } from './outcome.ts';
import { Pipe, PipeEnd } from './pipe.ts';
import type { Process } from './process.ts';
import { splice } from './splice.ts';

/** A check of arguments, made from the prototype in the manual page. */
export function checks(prototype: string): (...values: unknown[]) => void {
  const name = /(\w+)\(/.exec(prototype)?.[1] ?? '';
  const parameters = parametersOf(prototype);
  return (...values) => checkArguments(name, parameters, values);
}

const checkRead = checks('intptr_t read(int fd, void *buffer, size_t length)');
const checkWrite = checks('intptr_t write(int fd, const void *buffer, size_t length)');
const checkClose = checks('int close(int fd)');
const checkFcntl = checks('int fcntl(int fd, int operation, ...)');
const checkPipe2 = checks('int pipe2(void *pipefd, int flags)');
const checkSplice = checks(
  'intptr_t splice(int fd_in, void *off_in, int fd_out, void *off_out, size_t size, unsigned int flags)',
);
const checkCreate = checks('int epoll_create1(int flags)');
const checkControl = checks('int epoll_ctl(int epfd, int op, int fd, void *event)');
const checkWait = checks('int epoll_wait(int epfd, void *events, int maxevents, int timeout)');

/** The first bytes of a program's buffer. Buffer's own subarray() takes several times as long as a Uint8Array. */
export function firstBytes(buffer: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, length);
}

/** Operations of fcntl(2) that #linux does not export. */
const F_DUPFD = 0;
const F_GETFD = 1;
const F_SETFD = 2;
const F_DUPFD_CLOEXEC = 1030;
const FD_CLOEXEC = 1;

/** The calls of one process; each returns an attempt, for kernel.complete() or kernel.perform(). */
export function fileCalls(process: Process, network: Network) {
  return {
    read(fd: number, buffer: Uint8Array, count: number): Attempt {
      checkLength('read', buffer as Buffer, count);
      checkRead(fd, buffer, count);
      const file = process.file(fd | 0);
      return file?.readable ? file.read(firstBytes(buffer, count)) : done(-EBADF);
    },
    write(fd: number, buffer: Uint8Array, count: number): Attempt {
      checkLength('write', buffer as Buffer, count);
      checkWrite(fd, buffer, count);
      const file = process.file(fd | 0);
      return file?.writable ? file.write(firstBytes(buffer, count)) : done(-EBADF);
    },
    close(fd: number): Attempt {
      checkClose(fd);
      return process.close(fd | 0);
    },
    fcntl(fd: number, operation: number, argument = 0): Attempt {
      checkNumber('fcntl', 'argument', argument);
      checkFcntl(fd, operation);
      const file = process.file(fd | 0);
      return done(file === undefined ? -EBADF : control(process, file, fd | 0, operation, argument | 0));
    },
    pipe2(pipefd: number[], flags: number): Attempt {
      if (!Array.isArray(pipefd)) throw new TypeError(message('pipe2', 'pipefd', 'an array', pipefd));
      checkPipe2(new Uint8Array(0), flags);
      return done(makePipe(process, network, pipefd, flags | 0));
    },
    splice(fdIn: number, offIn: null, fdOut: number, offOut: null, size: number, flags: number): Attempt {
      checkSplice(fdIn, offIn, fdOut, offOut, size, flags);
      if (size === 0) return done(0);
      const [input, output] = [process.file(fdIn | 0), process.file(fdOut | 0)];
      if (input === undefined || output === undefined) return done(-EBADF);
      return splice(input, output, size, flags | 0);
    },
    epoll_create1(flags: number): Attempt {
      checkCreate(flags);
      if (flags & ~EPOLL_CLOEXEC) return done(-EINVAL);
      return done(process.install(new EpollInstance(network.scheduler)));
    },
    epoll_ctl(epfd: number, op: number, fd: number, event: EpollEvent | null): Attempt {
      if (event !== null) checkEpollEvent(event);
      checkControl(epfd, op, fd, event === null ? null : new Uint8Array(0));
      return done(watch(process, epfd | 0, op | 0, fd | 0, event));
    },
    epoll_wait(epfd: number, events: EpollEvent[], maxevents: number, timeout: number): Attempt {
      if (!Array.isArray(events)) throw new TypeError(message('epoll_wait', 'events', 'an array', events));
      if (typeof maxevents !== 'number' || Number.isNaN(maxevents)) {
        throw new TypeError(message('epoll_wait', 'maxevents', 'a number', maxevents));
      }
      const limit = maxevents | 0;
      checkWait(epfd, new Uint8Array(0), limit, timeout);
      const file = process.file(epfd | 0);
      if (file === undefined) return done(-EBADF);
      if (limit <= 0 || !(file instanceof EpollInstance)) return done(-EINVAL);
      let count = 0;
      const report = ({ events: what, note }: Event) => {
        events[count] = { events: what, data: { fd: note } };
        count += 1;
      };
      return file.wait(limit, timeout | 0, report);
    },
  };
}

function control(process: Process, file: OpenFile, fd: number, operation: number, argument: number): number {
  switch (operation) {
    case F_GETFL:
      return file.flags;
    case F_SETFL:
      file.flags = (file.flags & ~O_NONBLOCK) | (argument & O_NONBLOCK);
      return 0;
    case F_GETFD:
      return process.closeOnExec.has(fd) ? FD_CLOEXEC : 0;
    case F_SETFD:
      if (argument & FD_CLOEXEC) process.closeOnExec.add(fd);
      else process.closeOnExec.delete(fd);
      return 0;
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return argument < 0 || argument >= process.limit ? -EINVAL : process.install(file, argument);
    case F_GETPIPE_SZ:
      return file instanceof PipeEnd ? file.pipe.size : -EBADF;
    case F_SETPIPE_SZ:
      return file instanceof PipeEnd ? file.pipe.resize(argument) : -EBADF;
    default:
      if (operation < 0 || operation > F_DUPFD_CLOEXEC + 20) return -EINVAL;
      throw new NotSimulated(`fcntl() with operation ${operation}`);
  }
}

function makePipe(process: Process, network: Network, pipefd: number[], flags: number): number {
  if (flags & ~(O_NONBLOCK | O_CLOEXEC)) {
    if (flags & ~(O_NONBLOCK | O_CLOEXEC | 0o40000 | 0o200)) return -EINVAL;
    throw new NotSimulated('pipe2() with O_DIRECT or O_NOTIFICATION_PIPE');
  }
  const pipe = new Pipe(network.settings, flags & O_NONBLOCK);
  const out = process.install(pipe.reader);
  if (out < 0) return out;
  const into = process.install(pipe.writer);
  if (into < 0) {
    process.close(out);
    return -EMFILE;
  }
  if (flags & O_CLOEXEC) process.closeOnExec.add(out).add(into);
  [pipefd[0], pipefd[1]] = [out, into];
  return 0;
}

function watch(process: Process, epfd: number, op: number, fd: number, event: EpollEvent | null): number {
  if (op !== EPOLL_CTL_DEL && event === null) return -EFAULT;
  const [instance, file] = [process.file(epfd), process.file(fd)];
  if (instance === undefined || file === undefined) return -EBADF;
  if (!file.pollable) return -EPERM;
  if (instance === file || !(instance instanceof EpollInstance)) return -EINVAL;
  return instance.control(op, file, fd, (event?.events ?? 0) >>> 0, (event?.data.fd ?? 0) | 0);
}
