/** One line of a trace. */

/** One call. The harness reads these; a learner's program could write anything there, so it believes none of it blindly. */
export interface TraceLine {
  /** when the call began: CLOCK_MONOTONIC in ms, the same clock in every process */
  at: number;
  pid: number;
  /** how long it took, in ms; absent: it has begun and is not over */
  took?: number;
  call: string;
  /** the descriptor that it is about */
  fd: number;
  /** its other arguments, by the names in the manual page */
  args: Record<string, number | string>;
  result?: number;
  errno?: string;
  /** recv, read, send and write: the first bytes in hexadecimal, and a checksum of all that moved (or was offered, if that failed) */
  head?: string;
  crc?: number;
  /** send: where the offered bytes stand in what recv() or read() brought last; -1: nowhere, so they are others */
  offset?: number;
  /** send: the offered bytes begin with all that the last recv() brought, and go on behind it */
  beyond?: true;
  /** send: the first received byte behind the offered ones, in hexadecimal */
  leftOut?: string;
  /** epoll_wait: what it reported */
  events?: { fd: number; events: number }[];
  /** where in the learner's program */
  file?: string;
  line?: number;
  fn?: string;
  /** the route table, where the harness's build can see it, whenever it has changed */
  rows?: number[][];
  /** this line stands for so many more calls like it, which were left out */
  repeats?: number;
}
