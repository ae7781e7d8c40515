/** The errors of system calls in plain words: the one table. */

const words: [name: string, text: string, plain: string][] = [
  [
    'EADDRINUSE',
    'Address already in use',
    'somebody else has this port, or an old connection still keeps it (EADDRINUSE)',
  ],
  ['ECONNREFUSED', 'Connection refused', 'nobody listens on that port (ECONNREFUSED)'],
  ['ECONNRESET', 'Connection reset by peer', 'the other end threw the connection away (ECONNRESET)'],
  ['EPIPE', 'Broken pipe', 'the other end takes no more bytes on this connection (EPIPE)'],
  ['EBADF', 'Bad file descriptor', 'this number is no open descriptor, or not any more (EBADF)'],
  ['EINVAL', 'Invalid argument', 'an argument has a value that the call does not take (EINVAL)'],
  ['EMFILE', 'Too many open files', 'this program has no free descriptor left (EMFILE)'],
  ['ENOTSOCK', 'Socket operation on non-socket', 'this descriptor is no socket (ENOTSOCK)'],
  ['ENOTCONN', 'Transport endpoint is not connected', 'this socket has no connection (ENOTCONN)'],
  ['EAGAIN', 'Resource temporarily unavailable', 'it would have had to wait (EAGAIN)'],
  ['EINTR', 'Interrupted system call', 'a signal interrupted the wait; that is no failure (EINTR)'],
  ['EEXIST', 'File exists', 'it is there already, e.g. added to this epoll before (EEXIST)'],
  ['ENOENT', 'No such file or directory', 'it is not there, e.g. was never added to this epoll (ENOENT)'],
  ['EPERM', 'Operation not permitted', 'this is not allowed here, e.g. epoll on a regular file (EPERM)'],
  ['EACCES', 'Permission denied', 'this needs more rights, e.g. a port below 1024 (EACCES)'],
];

/** Plain words for an error's name or the C library's text for it; undefined when the table has neither. */
export function inPlainWords(error: string): string | undefined {
  const wanted = error.trim();
  return words.find(([name, text]) => wanted === name || wanted === text)?.[2];
}
