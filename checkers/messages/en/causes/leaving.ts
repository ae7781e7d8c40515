/** Causes of proxies that run out of descriptors, or that were asked to end. */
export const leaving = {
  emfileSpin: (count: string) =>
    `accept() failed ${count} times because no descriptor was free: the connection stays in the backlog, so epoll_wait() reports the listening socket again at once`,
  listenerNotResumed: (fd: number) =>
    `the program stopped watching the listening socket (${fd}) when descriptors ran out, and did not watch it again when some were free`,
  noLaterChange: 'no epoll_ctl() on it came after this one',
  queueThrownAway: (fd: number) =>
    `the listening socket (${fd}) was closed before accept() had failed with EAGAIN: the kernel reset the connections in its queue`,
  leftTooEarly: (open: number) =>
    `the program ended although ${open === 1 ? 'a client was' : `${open} clients were`} still connected`,
  stillOpen: (fd: number) => `descriptor ${fd} leads to a client and was never closed`,
  keepsListening: (fd: number) =>
    `after SIGTERM the listening socket (${fd}) was not closed, so the kernel lets clients in`,
  signalsNotWatched: (fd: number) =>
    `signals come out of descriptor ${fd}, which was never added to epoll: the program never sees SIGTERM`,
  signalsNotRead: (fd: number) =>
    `epoll_wait() reported descriptor ${fd}, out of which signals come, and the program did not read it`,
  rowsLeft: (rows: number) =>
    `no client is left, but the route table has ${rows === 1 ? 'a row' : `${rows} rows`}, so the program still waits for a client`,
  neverLeaves:
    'SIGTERM was seen, the listening socket is closed and no client is left, but the program waits for an event that cannot come',
  secondSignalIgnored: 'SIGTERM was seen a second time, and the program did not end',
  wrongExitCode: (code: number) => `the program ended with exit code ${code}: 0 says that all went well`,
};
