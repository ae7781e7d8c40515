/** Causes of what goes wrong between a server and its clients apart from bytes: accepting, waiting, closing. */
export const serving = {
  acceptMissing: 'a client waits in the queue of the listening socket, and accept() was never called',
  noAcceptFollowed: 'no accept() followed',
  listeningSocket: 'the listening socket',
  clientsSocket: "the client's socket",
  notAttached: (name: string, missingFd: number) =>
    `${name} (${missingFd}) was never attached to the loop, so epoll_wait() never reports it`,
  cameFrom: (opened: string) => `it came from ${opened}`,
  noEpollCtlEpoll: (missingFd: number) => `no epoll_ctl(EPOLL_CTL_ADD) for ${missingFd} followed`,
  closedBeforeEnd: (lifeFd: number) =>
    `the client on ${lifeFd} had not left, and its socket was closed: no recv() on it had returned 0 or failed`,
  recvReturned: 'recv() returned 0',
  recvFailed: (errno: undefined | string) => `recv() failed with ${errno}`,
  clientHadLeftSocket: (lifeFd: number) =>
    `the client on ${lifeFd} had left, and its socket was shut down but never closed: the descriptor stays taken`,
  recvCalledTimesSaid: (times: string) => `, and recv() was called ${times} times and said so each time`,
  endIgnored: (lifeFd: number, how: string, over: string) =>
    `the client on ${lifeFd} had left (${how})${over}, and its socket was not closed`,
  clientAbandoned: (lifeFd: number) =>
    `the program waits in accept() for the next client, while the one on ${lifeFd} is still connected and the program does not receive what it sends`,
  lastCall: (lifeFd: number, last: string) => `the last call on ${lifeFd}: ${last}`,
  thenWaits: (wait: string) => `then ${wait}`,
};
