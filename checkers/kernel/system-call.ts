/** The system call in which a process is blocked, from /proc/PID/syscall. See proc(5) and the kernel's system call tables. */
import { readFileSync } from 'node:fs';

/** A call that has not returned yet. */
export interface PendingCall {
  /** as in the manual: 'recv' also for read and recvfrom on a socket's descriptor */
  name: string;
  /** its first argument, if that is a descriptor */
  fd?: number;
}

/** Calls whose first argument is the descriptor that they wait for. */
const ON_A_DESCRIPTOR: Record<string, Record<number, string>> = {
  x64: {
    0: 'read',
    1: 'write',
    42: 'connect',
    43: 'accept',
    44: 'send',
    45: 'recv',
    46: 'send',
    47: 'recv',
    288: 'accept',
  },
  arm64: {
    63: 'read',
    64: 'write',
    202: 'accept',
    203: 'connect',
    206: 'send',
    207: 'recv',
    211: 'send',
    212: 'recv',
    242: 'accept',
  },
};

/** Calls that wait for one of many events, for a timeout, for a thread, or for a child. */
const OTHERS: Record<string, Record<number, string>> = {
  x64: {
    7: 'poll',
    23: 'select',
    35: 'nanosleep',
    61: 'wait',
    202: 'futex',
    230: 'nanosleep',
    232: 'epoll_wait',
    247: 'wait',
    270: 'select',
    271: 'poll',
    281: 'epoll_wait',
    441: 'epoll_wait',
  },
  arm64: {
    22: 'epoll_wait',
    72: 'select',
    73: 'poll',
    95: 'wait',
    98: 'futex',
    101: 'nanosleep',
    115: 'nanosleep',
    260: 'wait',
    441: 'epoll_wait',
  },
};

/**
 * The call in which a process's first thread is blocked.
 *
 * @param pid a process that we may inspect: one of ours
 * @returns undefined while it runs, if the system does not tell, or for a call that is not in our list
 */
export function pendingCall(pid: number): PendingCall | undefined {
  try {
    return parsePendingCall(readFileSync(`/proc/${pid}/syscall`, 'latin1'), process.arch);
  } catch {
    return undefined;
  }
}

/**
 * @param text '45 0x18 0x7ffd… …': number and arguments; 'running'; or '-1 …' outside of any call
 * @param arch as process.arch names it: the numbers differ
 */
export function parsePendingCall(text: string, arch: string): PendingCall | undefined {
  const [number, first] = text.split(' ').map(Number);
  if (number === undefined || first === undefined || Number.isNaN(number)) return undefined;
  const onDescriptor = ON_A_DESCRIPTOR[arch]?.[number];
  if (onDescriptor !== undefined) return { name: onDescriptor, fd: first };
  const name = OTHERS[arch]?.[number];
  return name === undefined ? undefined : { name };
}
