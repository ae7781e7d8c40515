/** Causes of clients that are not accepted, or not linked to an upstream of their own. */
export const accepting = {
  connectsTooEarly: 'the proxy connects to the upstream before there is a client to connect it for',
  acceptCameLater: (accept: string) => `accept came later: ${accept}`,
  acceptHadNotBeen: 'accept() had not been called yet',
  connectsTwice: 'the proxy connected to the upstream more than once for one client',
  whichPortProxyItself: ', which is the port that the proxy itself listens on',
  upstreamWrongPort: (argsPort: undefined | string | number, itself: string, upstream: number) =>
    `the proxy connects to port ${argsPort}${itself}; the upstream is on ${upstream}, which stands in the variable UPSTREAM_PORT`,
  upstreamWrongAddress: (address: undefined | string | number) =>
    `the proxy connects to ${address}, where nobody listens; the upstream is on 127.0.0.1`,
  eventDataWrong: (wrongFd: number, data: undefined | string | number) =>
    `descriptor ${wrongFd} was attached with ${data} as its data.fd, so its events look as if they were about ${data}`,
  listeningSocket: 'the listening socket',
  clientsSocket: "the client's socket",
  upstreamSocket: 'the upstream socket',
  notAttached: (names: string, missingFd: number) =>
    `${names} (${missingFd}) was never attached to the loop, so epoll_wait says nothing about it`,
  cameFrom: (opened: string) => `it came from ${opened}`,
  noEpollCtlEpoll: (missingFd: number) => `no epoll_ctl(EPOLL_CTL_ADD) for ${missingFd} followed`,
  oneShotNotRearmed: (attachFd: number) =>
    `descriptor ${attachFd} was attached with EPOLLONESHOT: epoll reports it once, then never again until it is armed anew with EPOLL_CTL_MOD`,
  oneReportCame: (reported: string) => `its one report came with ${reported}`,
  acceptCalledOnceEach: 'accept() was called once for each report',
  recvCalledOnceEach: 'recv() was called once for each report',
  edgeTriggeredNotDrained: (attachFd: number, what: string) =>
    `descriptor ${attachFd} was attached with EPOLLET (report changes only), and ${what}: what was left behind is not reported again`,
  lastTime: (last: string) => `the last time: ${last}`,
  listenerClosed: 'the program closed its listening socket, so nobody can connect any more',
  inProgressTakenForFailure:
    'connect() on a non-blocking socket said that it is under way (EINPROGRESS), and the program took that for a failure',
  retriesForEver: 'the proxy tries again and again to reach the upstream, and everybody waits meanwhile',
  connectFailedTimes: (refusals: number, first: string) => `connect() failed ${refusals} times: ${first}`,
  failedConnectIgnored: (errno: undefined | string, usedFd: number) =>
    `connect() failed with ${errno}, and the program went on with ${usedFd === -1 ? '-1 as if it were a socket' : 'the socket'}`,
  closedSocketUsed: (callFd: number) => `descriptor ${callFd} was used after it had been closed`,
  clientNotReleased: (clientFd: number) =>
    `connect() to the upstream failed, and the client's socket (${clientFd}) was not closed: the client waits for ever`,
  thenWithoutConnect: (opened: string, closed: string) => `${opened}, then ${closed}, without a connect()`,
  rowNotRemoved: (rows: number, there: number) =>
    `the route table is full of rows of clients that have left: it has ${rows} rows and only ${there} of them are of clients that are there`,
  turnedAway: (there: number) =>
    `the program accepted a client and closed it at once, as if there were no room, while ${there} others were there`,
  sharedUpstream: (sharedFd: number) =>
    `only the first client got an upstream connection (${sharedFd}); the next ones were accepted without one of their own`,
  noConnectFollowed: 'no connect() followed',
  connectMissing: 'the client was accepted, but connect() was not called for it',
  notPolled: (name: string, fd: number, call: string) =>
    `${name} (${fd}) is not among the descriptors that ${call}() watches, so ${call}() says nothing about it`,
  neverPolled: (fd: number, call: string) => `no ${call}() with ${fd} followed`,
  eventNotHandled: (call: string, ignored: number, listenerFd: number) =>
    `${call} reported ${ignored} times that a client waits at the listening socket (${listenerFd}), and accept() was not called`,
  neverAccepts: (queue: number) =>
    `the program listens, but has not called accept(): ${queue === 1 ? 'a client stands' : `${queue} clients stand`} in the kernel's queue, connected, and nobody takes ${queue === 1 ? 'it' : 'them'} out`,
  queueListeningSocketHolds: (queue: number) => `the queue of the listening socket holds ${queue}`,
  lastSystemCall: (last: string) => `the last system call was ${last}`,
};
