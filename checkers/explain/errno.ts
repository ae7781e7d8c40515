/** The errors of system calls in plain words. */

/** By their names. */
const IN_WORDS: Record<string, string> = {
  EADDRINUSE: 'another program has this port, or an old connection still keeps it (EADDRINUSE)',
  ECONNREFUSED: 'nothing listens on that port (ECONNREFUSED)',
  ECONNRESET: 'the other end reset the connection (ECONNRESET)',
  EPIPE: 'the other end takes no more bytes on this connection (EPIPE)',
  EBADF: 'this number is not an open descriptor, or no longer one (EBADF)',
  EINVAL: 'an argument has a value that the call does not take (EINVAL)',
  EMFILE: 'this program has no free descriptor left (EMFILE)',
  ENOTSOCK: 'this descriptor is not a socket (ENOTSOCK)',
  ENOTCONN: 'this socket has no connection (ENOTCONN)',
  EAGAIN: 'the call would have to wait (EAGAIN)',
  EINTR: 'a signal interrupted the wait; that is no failure (EINTR)',
  EEXIST: 'it is there already, e.g. added to this epoll before (EEXIST)',
  ENOENT: 'it is not there, e.g. was never added to this epoll (ENOENT)',
  EPERM: 'this is not allowed here, e.g. epoll on a regular file (EPERM)',
  EACCES: 'this needs more rights, e.g. a port below 1024 (EACCES)',
};

/** The C library's text for each. */
const names: Record<string, string> = {
  'Address already in use': 'EADDRINUSE',
  'Connection refused': 'ECONNREFUSED',
  'Connection reset by peer': 'ECONNRESET',
  'Broken pipe': 'EPIPE',
  'Bad file descriptor': 'EBADF',
  'Invalid argument': 'EINVAL',
  'Too many open files': 'EMFILE',
  'Socket operation on non-socket': 'ENOTSOCK',
  'Transport endpoint is not connected': 'ENOTCONN',
  'Resource temporarily unavailable': 'EAGAIN',
  'Interrupted system call': 'EINTR',
  'File exists': 'EEXIST',
  'No such file or directory': 'ENOENT',
  'Operation not permitted': 'EPERM',
  'Permission denied': 'EACCES',
};

/** Plain words for an error's name or the C library's text for it; undefined when there are none. */
export function inPlainWords(error: string): string | undefined {
  const wanted = error.trim();
  const name = Object.hasOwn(names, wanted) ? names[wanted] : wanted;
  return name !== undefined && Object.hasOwn(IN_WORDS, name) ? IN_WORDS[name] : undefined;
}
