/** Where C keeps the parts of an event, which differs between processors. */

/** Where struct epoll_event keeps its parts. */
export interface EpollEventLayout {
  /** bytes from one event to the next */
  size: number;
  /** offset of the 8 bytes of data */
  data: number;
}

/**
 * struct epoll_event is packed on x64 and i386 only (12 bytes, data at 4); everywhere else the compiler aligns the data
 * (16 bytes, data at 8). Reading with the wrong layout gives a right first event and a wrong second one.
 *
 * @param arch Node's name for the processor, e.g. 'x64', 'arm64'
 * @returns the layout on it
 * @see epoll_event(3type)
 */
export function epollEventLayout(arch: string): EpollEventLayout {
  return arch === 'x64' || arch === 'ia32' ? { size: 12, data: 4 } : { size: 16, data: 8 };
}
