/** Causes of changes that epoll reported once and the program did not handle. */
export const edges = {
  bytesMissed: (fd: number) =>
    `epoll_wait() reported bytes to read on descriptor ${fd} once (EPOLLET), and the program did not read them: epoll does not report the same bytes again`,
  roomMissed: (fd: number) =>
    `epoll_wait() reported room on descriptor ${fd} once (EPOLLET), and the program did not offer the waiting bytes again: epoll does not report the same room again`,
  endNotRead: (fd: number) =>
    `epoll_wait() announced the end of the stream on descriptor ${fd} (EPOLLRDHUP), and the program stopped reading after the last bytes: it never read the 0 that marks the end, and no other event will come`,
  reported: (fd: number, names: string, ms: number) => `${names} of ${fd} was reported at ${ms} ms`,
  noReadAfter: (fd: number) => `no recv(${fd}) and no splice() out of it followed`,
  noSendAfter: (fd: number) => `no send(${fd}) and no splice() into it followed`,
};
