/** Pipes, and moving bytes between descriptors without taking them into the program. */
import { message } from './arguments.ts';
import { bindCall } from './libc.ts';

const nativePipe2 = bindCall<[Buffer, number]>('int pipe2(void *pipefd, int flags)');

/**
 * Makes a pipe: what is written into its one end comes out of the other, in order, and waits in the kernel meanwhile.
 *
 * @param pipefd where to put the two descriptors: [0] is the end to read from, [1] the end to write into
 * @param flags 0, or O_NONBLOCK, O_CLOEXEC or-ed together
 * @returns 0; -1 on failure (EMFILE: this process has too many descriptors, ENFILE, EINVAL)
 * @see pipe(2)
 */
export function pipe2(pipefd: number[], flags: number): number {
  if (!Array.isArray(pipefd)) throw new TypeError(message('pipe2', 'pipefd', 'an array', pipefd));
  const ends = Buffer.alloc(8);
  const result = nativePipe2(ends, flags);
  if (result === 0) [pipefd[0], pipefd[1]] = [ends.readInt32LE(0), ends.readInt32LE(4)];
  return result;
}

const nativeSplice = bindCall<[number, null, number, null, number, number]>(
  'intptr_t splice(int fd_in, void *off_in, int fd_out, void *off_out, size_t size, unsigned int flags)',
);

/**
 * Moves bytes from one descriptor to another inside the kernel: no copy into the program and back out. At least one of
 * the two has to be a pipe, so that a socket's bytes take two calls to the next socket, through a pipe.
 *
 * @param fd_in where the bytes come from
 * @param off_in null: from where it stands; sockets and pipes know no other place
 * @param fd_out where they go to
 * @param off_out null, as off_in
 * @param size how many bytes at the most
 * @param flags 0, or SPLICE_F_MOVE, SPLICE_F_NONBLOCK, SPLICE_F_MORE or-ed together
 * @returns how many bytes were moved; 0 at the end of the stream; -1 on failure (EAGAIN: nothing to read or no room to
 *   write, EINVAL: neither is a pipe, EPIPE, ECONNRESET, EBADF, …). SPLICE_F_NONBLOCK is about the pipe; a socket does not
 *   wait if it is non-blocking itself.
 * @see splice(2)
 */
export function splice(
  fd_in: number,
  off_in: null,
  fd_out: number,
  off_out: null,
  size: number,
  flags: number,
): number {
  return nativeSplice(fd_in, off_in, fd_out, off_out, size, flags);
}
