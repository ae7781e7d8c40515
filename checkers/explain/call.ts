/** What a history of system calls is made of. */
import type { TraceRecord } from '../contract/trace-record.ts';

/** One completed call. */
export interface Call extends TraceRecord {
  /** place in `History.calls` */
  index: number;
  result: number;
  /** the route table after this call, if the trace has it */
  table: number[][] | undefined;
}

/** A descriptor from the call that made it to the one that closed it. The kernel reuses the numbers. */
export interface Life {
  fd: number;
  kind: 'listener' | 'client' | 'upstream' | 'epoll' | 'socket';
  opened: Call;
  closed?: Call;
  /** the other socket of the pair: the client that an upstream connection was made for, and the other way round */
  partner?: Life;
  /** calls on it, in order: recv, send, epoll_ctl, … */
  calls: Call[];
}
