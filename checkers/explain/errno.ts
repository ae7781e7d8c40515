/** The errors of system calls in plain words. */
import { text } from '../messages/page.ts';

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
  return name !== undefined && Object.hasOwn(text.errors, name) ? text.errors[name] : undefined;
}
