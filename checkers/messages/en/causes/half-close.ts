/** Causes of ends that are not passed on, or passed on as something else. */
export const halfClose = {
  halfCloseCloses: (fd: number) =>
    `recv(${fd}) returned 0 (this side has finished sending), and the program closed both sockets: bytes that the other side still had to send are lost`,
  endNotPassedOn: (fd: number, other: number) =>
    `recv(${fd}) returned 0, and the other side, ${other}, was not told: it waits for an end that does not come`,
  shutReading: (fd: number, other: number) =>
    `recv(${fd}) returned 0, and shutdown(${other}, SHUT_RD) followed, which ends reading from ${other} and tells its other end nothing; SHUT_WR passes an end on`,
  shutBothWays: (fd: number, other: number) =>
    `recv(${fd}) returned 0, and shutdown(${other}, SHUT_RDWR) followed: bytes that the other side still had to send are lost; SHUT_WR ends one direction only`,
  endGivenBack: (fd: number) =>
    `recv(${fd}) returned 0, and shutdown(${fd}) followed on the same socket: its other end has finished sending, and still waits for the answer`,
  endBeforeRest: (fd: number, left: undefined | number) =>
    `shutdown(${fd}) ended the stream while ${left === undefined ? 'bytes' : `${left} bytes`} still waited to be sent there: after that the socket takes none`,
  closedBeforeRest: (fd: number, left: number) =>
    `${fd} was closed when its partner had ended, while ${left} bytes or more still waited to be sent there: they are lost`,
  endReadAgain: (fd: number, count: string) =>
    `recv(${fd}) returned 0 ${count} times: the end of a stream stays readable for ever, so the loop must stop asking for it`,
  waitsWithoutLimit: (call: string) =>
    `${call}() waits without a limit (${call === 'select' ? 'no timeout' : 'timeout -1'}), so the loop does not notice when the time of a pair is up`,
  resetNotPassedOn: (fd: number, other: number) =>
    `descriptor ${fd} was reset, and ${other} was closed without SO_LINGER: the other side takes that for an ordinary end of the stream`,
  overdueKept: (call: string, fd: number, other: number, ms: string) =>
    `the pair [${fd}, ${other}] had been silent for ${ms} ms; ${call}() has returned again and again after its time was up, and it was not closed`,
  endAssumed: (fd: number, other: number, bytes: number) =>
    `recv(${fd}) had just returned ${bytes} bytes, and the program called shutdown(${other}) as if the stream had ended: only a recv() that returns 0 says so`,
  resetIgnored: (call: string, fd: number) =>
    `descriptor ${fd} was reset, and the program did nothing about it: ${call}() reports that (${call === 'poll' ? 'POLLERR, POLLHUP' : 'EPOLLERR, EPOLLHUP'}) again and again, until the socket is closed or detached`,
  nothingDone: (fd: number) => `no call on ${fd} followed`,
  waitsTooLong: (call: string, timeout: string) =>
    `${call}() may wait for ${timeout} ms, so the loop does not notice in time when the time of a pair is up`,
  noShutdown: (fd: number) => `no shutdown(${fd}) followed`,
};
