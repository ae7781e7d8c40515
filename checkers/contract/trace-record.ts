/** What the trace of a program says of one call. */
import type { TraceLine } from '../../linux/trace-line.ts';

/** A line of the trace, with its time in ms since the check began. */
export type TraceRecord = Omit<TraceLine, 'events'> & {
  ms: number;
  /** of a call that is under way: how many other threads of its process are in the middle of one, if any */
  besides?: number;
  /** epoll_wait: what it reported, by the descriptors whose events they are */
  events?: ReportedEvent[];
  /** poll and select: what they watch, where the trace has all of it */
  watched?: ReportedEvent[];
};

/** What epoll_wait() reported of a descriptor. */
export interface ReportedEvent {
  fd: number;
  events: number;
  /** the note that came with it, where that is not the descriptor's number */
  data?: number;
}
