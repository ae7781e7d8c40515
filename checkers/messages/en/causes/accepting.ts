/** Causes of clients that are not accepted, or not linked to an upstream of their own. */
export const accepting = {
  connectsTooEarly: 'the proxy connects to the upstream before a client has connected',
  acceptCameLater: (accept: string) => `accept came later: ${accept}`,
  acceptHadNotBeen: 'accept() had not been called yet',
  connectsTwice: 'the proxy connected to the upstream more than once for one client',
  whichPortProxyItself: ', which is the port that the proxy itself listens on',
  upstreamWrongPort: (argsPort: undefined | string | number, itself: string, upstream: number) =>
    `the proxy connects to port ${argsPort}${itself}; the upstream is on ${upstream} (variable UPSTREAM_PORT)`,
  upstreamWrongAddress: (address: undefined | string | number) =>
    `the proxy connects to ${address}, where no process listens; the upstream is on 127.0.0.1`,
  eventDataWrong: (wrongFd: number, data: undefined | string | number) =>
    `descriptor ${wrongFd} was attached with ${data} as its data.fd, so its events look as if they were about ${data}`,
  listeningSocket: 'the listening socket',
  clientsSocket: "the client's socket",
  upstreamSocket: 'the upstream socket',
  notAttached: (names: string, missingFd: number) =>
    `${names} (${missingFd}) was never attached to the loop, so epoll_wait() never reports it`,
  cameFrom: (opened: string) => `it came from ${opened}`,
  noEpollCtlEpoll: (missingFd: number) => `no epoll_ctl(EPOLL_CTL_ADD) for ${missingFd} followed`,
  oneShotNotRearmed: (attachFd: number) =>
    `descriptor ${attachFd} was attached with EPOLLONESHOT: epoll reports it once, then never again until EPOLL_CTL_MOD arms it again`,
  oneReportCame: (reported: string) => `its one report came with ${reported}`,
  acceptCalledOnceEach: 'accept() was called once for each report',
  recvCalledOnceEach: 'recv() was called once for each report',
  edgeTriggeredNotDrained: (attachFd: number, what: string) =>
    `descriptor ${attachFd} was attached with EPOLLET (report changes only), and ${what}: epoll does not report the bytes or clients that were left`,
  lastTime: (last: string) => `the last time: ${last}`,
  listenerClosed: 'the program closed its listening socket, so clients can no longer connect',
  inProgressTakenForFailure:
    'connect() on a non-blocking socket was under way (EINPROGRESS), and the program took that for a failure',
  retriesForEver: 'the proxy retries the upstream again and again, and all clients wait meanwhile',
  connectFailedTimes: (refusals: number, first: string) => `connect() failed ${refusals} times: ${first}`,
  failedConnectIgnored: (errno: undefined | string, usedFd: number) =>
    `connect() failed with ${errno}, and the program went on with ${usedFd === -1 ? '-1 as if it were a socket' : 'the socket'}`,
  closedSocketUsed: (callFd: number) => `descriptor ${callFd} was used after it had been closed`,
  clientNotReleased: (clientFd: number) =>
    `connect() to the upstream failed, and the client's socket (${clientFd}) was not closed: the client waits for ever`,
  thenWithoutConnect: (opened: string, closed: string) => `${opened}, then ${closed}, without a connect()`,
  rowNotRemoved: (rows: number, there: number) =>
    `rows of clients that have left fill the route table: of its ${rows} rows only ${there} belong to clients that are connected`,
  turnedAway: (there: number) =>
    `the program accepted a client and closed it at once, as if there were no room, while ${there === 1 ? '1 other client was' : `${there} other clients were`} connected`,
  sharedUpstream: (sharedFd: number) =>
    `only the first client got an upstream connection (${sharedFd}); the next ones were accepted without one of their own`,
  noConnectFollowed: 'no connect() followed',
  connectMissing: 'the client was accepted, but connect() was not called for it',
  notPolled: (name: string, fd: number, call: string) =>
    `${name} (${fd}) is not among the descriptors that ${call}() watches, so ${call}() never reports it`,
  neverPolled: (fd: number, call: string) => `no ${call}() with ${fd} followed`,
  eventNotHandled: (call: string, ignored: number, listenerFd: number) =>
    `${call} reported ${ignored} times that a client waits at the listening socket (${listenerFd}), and accept() was not called`,
  neverAccepts: (queue: number) =>
    `the program listens, but has not called accept(): ${queue === 1 ? 'a connected client waits' : `${queue} connected clients wait`} in the kernel's queue`,
  queueListeningSocketHolds: (queue: number) => `the queue of the listening socket holds ${queue}`,
  lastSystemCall: (last: string) => `the last system call was ${last}`,
};
