/** What a program in a thread of its own and the kernel say to each other. See remote.ts. */
import type { ChildOptions } from './child-process.ts';
import type { Ending } from './evaluate.ts';

/** What a program needs to begin; it is handed to another thread. */
export interface Start {
  code: string;
  env: Record<string, string>;
  pid: number;
  ppid: number;
  seed: number;
  /** virtual time in ms */
  now: number;
}

/** Bytes that a call fills in: only their number goes to the kernel. */
export interface Room {
  room: number;
}

/** What a program wants. */
export type Request =
  | { kind: 'call'; name: string; args: unknown[] }
  | { kind: 'print'; line: string }
  | { kind: 'kill'; pid: number; signal: string }
  | { kind: 'spawn'; child: ChildOptions }
  | { kind: 'end'; ending: Ending };

/** What comes of it. */
export interface Answer {
  /** virtual time in ms */
  now: number;
  result: number | string;
  /** what errno() says */
  errno: string;
  /** by place: arguments that the call has filled in */
  filled?: [place: number, value: unknown][];
  /** the call refused its arguments */
  threw?: { name: string; message: string };
}

/** A thread with a program. */
export interface Channel {
  /** Hands over an answer, at first none, and waits for the next request. */
  exchange(answer: Answer | undefined): Request;
  /** Stops the thread, wherever it is. */
  end(): void;
}

/** The calls that a program makes. */
export const CALLS = [
  ...[
    'socket',
    'bind',
    'listen',
    'accept',
    'accept4',
    'connect',
    'getsockname',
    'getpeername',
    'setsockopt',
    'getsockopt',
  ],
  ...['recv', 'send', 'shutdown', 'read', 'write', 'close', 'fcntl', 'pipe2', 'splice', 'signalfd', 'read_signal'],
  ...['epoll_create1', 'epoll_ctl', 'epoll_wait'],
];

/** Which arguments a call fills in. */
export const FILLED: Record<string, readonly number[]> = {
  recv: [1],
  read: [1],
  accept: [1, 2],
  accept4: [1, 2],
  getsockname: [1, 2],
  getpeername: [1, 2],
  getsockopt: [3],
  epoll_wait: [1],
  pipe2: [0],
};
