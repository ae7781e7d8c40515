/** epoll: one call that waits for many descriptors. */
import { checkEpollEvent, message } from './arguments.ts';
import { epollEventLayout } from './epoll-layout.ts';
import { bindCall } from './libc.ts';

/** What happened, and the note that the program attached to the descriptor: C's struct epoll_event. */
export interface EpollEvent {
  /** EPOLLIN, EPOLLOUT, … or-ed together */
  events: number;
  /** the program's own note, handed back as it was given; the workshop keeps the descriptor in it */
  data: { fd: number };
}

const layout = epollEventLayout(process.arch);

/**
 * Makes an epoll instance.
 *
 * @param flags 0 or EPOLL_CLOEXEC
 * @returns its descriptor; -1 on failure (EMFILE, EINVAL, …)
 * @see epoll_create1(2)
 */
export const epoll_create1 = bindCall<[flags: number]>('int epoll_create1(int flags)');

const oneEvent = Buffer.alloc(layout.size);

const nativeCtl = bindCall<[number, number, number, Buffer | null]>(
  'int epoll_ctl(int epfd, int op, int fd, void *event)',
);

/**
 * Adds a descriptor to an epoll instance, changes what it is watched for, or takes it out.
 *
 * @param epfd an epoll instance
 * @param op EPOLL_CTL_ADD, EPOLL_CTL_MOD or EPOLL_CTL_DEL
 * @param fd the descriptor to watch
 * @param event what to watch for, and the note to get back; null with EPOLL_CTL_DEL
 * @returns 0; -1 on failure (EEXIST: already there, ENOENT: not there, EBADF: not open, EPERM: a regular file, …)
 * @see epoll_ctl(2)
 */
export function epoll_ctl(epfd: number, op: number, fd: number, event: EpollEvent | null): number {
  if (event !== null) checkEpollEvent(event);
  if (event === null) return nativeCtl(epfd, op, fd, null);
  // One buffer for all calls: the kernel has taken its copy when the call returns.
  oneEvent.writeUInt32LE(event.events >>> 0, 0);
  oneEvent.writeInt32LE(event.data.fd, layout.data);
  return nativeCtl(epfd, op, fd, oneEvent);
}

const nativeWait = bindCall<[number, Buffer, number, number]>(
  'int epoll_wait(int epfd, void *events, int maxevents, int timeout)',
);

let room = Buffer.alloc(0);

/**
 * Waits until something happens on a watched descriptor. While it waits no JavaScript runs: no timer, no signal handler.
 *
 * @param epfd an epoll instance
 * @param events where to put what happened, from index 0 on; entries behind the returned count are left from before
 * @param maxevents how many at the most; more than 0
 * @param timeout ms; -1 waits for ever, 0 does not wait
 * @returns how many entries were filled in; 0 when the time ran out; -1 on failure (EINTR: a signal came, try again,
 *   EBADF, EINVAL, …)
 * @see epoll_wait(2)
 */
export function epoll_wait(epfd: number, events: EpollEvent[], maxevents: number, timeout: number): number {
  if (!Array.isArray(events)) throw new TypeError(message('epoll_wait', 'events', 'an array', events));
  if (typeof maxevents !== 'number' || Number.isNaN(maxevents)) {
    throw new TypeError(message('epoll_wait', 'maxevents', 'a number', maxevents));
  }
  // The kernel sees a C int, so the buffer is sized by the same int: no number may promise more room than there is.
  const limit = maxevents | 0;
  const needed = Math.max(limit, 1) * layout.size;
  if (room.length < needed) room = Buffer.alloc(needed);
  const count = nativeWait(epfd, room, limit, timeout);
  for (let i = 0; i < count; i += 1) events[i] = readEvent(i * layout.size);
  return count;
}

/** A new object each time: a program may keep its events, or start with an array filled with one and the same object. */
function readEvent(offset: number): EpollEvent {
  return { events: room.readUInt32LE(offset), data: { fd: room.readInt32LE(offset + layout.data) } };
}
