/** Causes of proxies that run out of descriptors, or that were asked to end. */
export const leaving = {
  emfileSpin: (count: string) =>
    `accept() failed ${count} times for want of a descriptor: whoever knocks stays outside, so epoll_wait() reports the listening socket again at once, and nothing changes`,
  listenerNotResumed: (fd: number) =>
    `the listening socket (${fd}) is watched for nothing since descriptors ran out, and nobody has changed that since some are free again`,
  noLaterChange: 'no epoll_ctl() on it came after this one',
  queueThrownAway: (fd: number) =>
    `the listening socket (${fd}) was closed before accept() had said EAGAIN: whoever stood in its queue was thrown out`,
  leftTooEarly: (open: number) =>
    `the program ended although ${open === 1 ? 'a client was' : `${open} clients were`} still connected`,
  stillOpen: (fd: number) => `descriptor ${fd} leads to a client and was never closed`,
  keepsListening: (fd: number) =>
    `after SIGTERM the listening socket (${fd}) was not closed, so the kernel lets clients in`,
  signalsNotWatched: (fd: number) =>
    `signals come out of descriptor ${fd}, and nobody told epoll to watch it: SIGTERM is never seen`,
  signalsNotRead: (fd: number) =>
    `epoll_wait() reported descriptor ${fd}, out of which signals come, and nothing was read from it`,
  rowsLeft: (rows: number) =>
    `no client is left, but the route table has ${rows === 1 ? 'a row' : `${rows} rows`}, so the program believes that somebody is there`,
  neverLeaves:
    'SIGTERM was seen, nobody listens and no client is left, but the program waits for the next event, which cannot come',
  secondSignalIgnored: 'SIGTERM was seen a second time, and the program goes on all the same',
  wrongExitCode: (code: number) => `the program ended with exit code ${code}: 0 says that all went well`,
};
