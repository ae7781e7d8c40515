/** Causes of programs that hang in a call, or never rest. */
/** How each call is asked to tell of room. */
const ROOM: Record<string, string> = { epoll_wait: 'EPOLLOUT', poll: 'POLLOUT', select: 'that (writefds)' };

export const looping = {
  spinsWithoutCall: (last: string) =>
    `the program uses the processor all the time and has made no system call since ${last}: a loop after that call does not end`,
  sSocket: (lifeKind: string) => `, the ${lifeKind}'s socket,`,
  programSitsDoesNot: (unfinishedCall: string, unfinishedFd: number, side: string, waitsFor: undefined | string) =>
    `the program sits in ${unfinishedCall}() on ${unfinishedFd}${side} and does not come back: ${waitsFor}, and all other work waits with it`,
  beganAtMsNot: (unfinished: string, round: number, round2: number) =>
    `${unfinished} began at ${round} ms and was not over at ${round2} ms`,
  noClientThereSo: 'no client is there, so it waits for the next one',
  noBytesAreThere: 'no bytes are there, so it waits for some',
  otherEndTakesNo: 'the other end takes no more at the moment, so it waits until there is room',
  handshakeNotOverSo: 'the handshake is not over, so it waits',
  neverWaits: (call: string, count: string) =>
    `${call}() is asked not to wait (timeout 0) and was called ${count} times; a timeout of -1 waits until something happens`,
  alwaysWritable: (call: string, count: string, fd: undefined | number) =>
    `${call}() returned ${count} times because descriptor ${fd} has room to write, which it nearly always has: ask for ${ROOM[call]} only while something waits to be sent`,
  eventNotHandled: (call: string, count: string, fd: number, kind: string) =>
    `${call}() returned ${count} times for descriptor ${fd}${kind}, and the program neither read nor closed it`,
};
