/** Causes of a stub of a later milestone that a program reached too early. */
export const ledAstray = {
  failedAcceptUsed: (errno: string | undefined) =>
    `accept() failed with ${errno}, and its -1 was used as if it were a client's descriptor`,
  listenerTakenForClient: (call: string, fd: number) =>
    `${call}() was called on ${fd}, the listening socket: bytes come on the descriptor that accept() returns`,
  endTakenForBytes: (call: string, fd: number, errno: string | undefined) =>
    errno === undefined
      ? `${call}(${fd}) returned 0, the end of the stream, and the program went on as if bytes had come`
      : `${call}(${fd}) failed with ${errno}, and the program went on as if bytes had come`,
  wholeTakenForPart: (call: string, fd: number, count: number) =>
    `${call}(${fd}) took all ${count} bytes, and the program went on as if some were left`,
  watchedForRoom: (fd: number) =>
    `descriptor ${fd} is watched for EPOLLOUT: there is room for bytes at once, so its event comes before its client has sent any`,
  knockMisrouted: (fd: number) =>
    `epoll_wait() reported the listening socket, ${fd}, and the program took the event for one of another socket`,
  notDueYet: (name: string, todo: string, milestone: string) =>
    `the program got to ${name}, which is still a stub: milestone ${milestone} does without it (TODO ${todo} comes later), so an earlier function led there by mistake`,
};
