/** Causes of proxies with several upstreams. */
export const sharing = {
  notMarkedUp: (port: number) =>
    `the upstream on port ${port} is back and has taken a connection, but is passed over as if it were still down`,
  thenElsewhere: (clients: number) => `the ${clients} connect() calls after this one went elsewhere`,
  notTheFewest: (port: number, open: number, better: number, fewest: number) =>
    `a client went to port ${port}, to which ${open === 1 ? 'a connection was' : `${open} connections were`} open, although there ${fewest === 1 ? 'was' : 'were'} only ${fewest} to port ${better}`,
  oneUpstreamOnly: (count: number, port: number) =>
    `all ${count} connect() calls went to port ${port}: the turn does not go on to the next upstream`,
  upstreamLeftOut: (port: number, count: number) => `of ${count} connect() calls none went to port ${port}`,
  sameAgain: (port: number) =>
    `two connect() calls in a row went to port ${port}: what the choice depends on had not changed in between`,
  failureForgotten: (port: number, ms: number) =>
    `the upstream on port ${port} had failed, and was tried again ${ms.toLocaleString('en-US')} ms later`,
  neverTriedAgain: (port: number) => `the upstream on port ${port} failed, and the program never tried it again`,
  noConnectToAfter: (port: number) => `no connect() to port ${port} followed`,
  gaveUpWithoutATry:
    'a client was let go without an attempt, because all upstreams had failed before: one of them may be back by now',
  notHandedOn: (ports: number[], left: number) =>
    `the ${ports.length === 1 ? 'upstream on port' : 'upstreams on ports'} ${ports.join(' and ')} did not take the client, and it was closed, although ${left === 1 ? 'one more upstream' : `${left} more upstreams`} could have been tried`,
  thenClosed: (close: string) => `then ${close}, without another connect()`,
  readTooEarly: (bytes: number, fd: number, port: number) =>
    `${bytes.toLocaleString('en-US')} bytes were read from the client (${fd}) before an upstream had accepted it; the one on port ${port} never did, and the bytes were lost with its socket`,
  triesForEver: (count: number, upstreams: number) =>
    `the program tried ${count.toLocaleString('en-US')} connections for one client, and there are ${upstreams} upstreams: it does not leave out those that it has tried`,
  keptInVain: (fd: number) => `no upstream took the client (${fd}), and it was not closed`,
  noCloseFollowed: (fd: number) => `no close(${fd}) followed`,
  refusedSocketKept: (fd: number, port: number) =>
    `the socket (${fd}) of a failed attempt on port ${port} is still open`,
  movedMidway: (from: number, to: number) =>
    `a client whose established connection to port ${from} ended was linked to port ${to}: that upstream knows nothing of the bytes before`,
  statusNotClosed: (fd: number) =>
    `the socket (${fd}) of a client of the status port was not closed, so it waits for more`,
  statusForOthers: 'the status port is not on 127.0.0.1 alone, so other machines can ask, too',
  statusNotSent: 'a client of the status port was closed without an answer',
  statusMalformed: 'the status was sent and its socket closed, but it is not a line in the form that the lesson shows',
  counted: (port: number, open: number, total: number, failed: number) =>
    `${port} open=${open} total=${total} failed=${failed}`,
  callsSay: (counted: string) => `by your system calls it is ${counted}`,
  statusMiscounted: 'the line has the right form, but its numbers are not those of the upstreams',
};
