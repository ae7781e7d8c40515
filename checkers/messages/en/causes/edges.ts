/** Causes of changes that a program was told of once, and did nothing about. */
export const edges = {
  bytesMissed: (fd: number) =>
    `epoll_wait() reported something to read on descriptor ${fd}, once, as EPOLLET has it, and it was not read after that: what came is no news any more, so nothing else will tell of it`,
  roomMissed: (fd: number) =>
    `epoll_wait() reported that descriptor ${fd} has room again, once, as EPOLLET has it, and what waits for it was not offered again: nothing else will tell of that room`,
  endNotRead: (fd: number) =>
    `the end of the stream on descriptor ${fd} was announced (EPOLLRDHUP), and the program stopped reading behind the last bytes: the 0 that says that it is over was never read, and no other event will come`,
  reported: (fd: number, names: string, ms: number) => `${names} of ${fd} was reported at ${ms} ms`,
  noReadAfter: (fd: number) => `no recv(${fd}) and no splice() out of it followed`,
  noSendAfter: (fd: number) => `no send(${fd}) and no splice() into it followed`,
};
