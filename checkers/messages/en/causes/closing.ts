/** Causes of what goes wrong when a connection closes. */
export const closing = {
  theClient: 'the client',
  theUpstream: 'the upstream',
  closedBeforeEnd: (clientFd: number, upstreamFd: number) =>
    `the pair [${clientFd}, ${upstreamFd}] was closed before either side had been read to its end: no recv() on it had returned 0 or failed`,
  resetOnClose: (fd: number) =>
    `SO_LINGER with a time of 0 was set on ${fd}: its close() throws away what is still on the way and resets the connection (RST)`,
  closedTwice: (closeFd: number) =>
    `descriptor ${closeFd} was closed, given by the kernel to a new connection, and closed once more`,
  closedWrongPair: (endFd: number, closeFd: number) =>
    `${endFd} had ended, and ${closeFd}, which belongs to another pair, was closed for it`,
  toldBroken: (call: string) => `${call}() reported that its connection was broken`,
  recvReturned: 'recv() returned 0',
  failedWith: (endCall: string, errno: undefined | string) => `${endCall}() failed with ${errno}`,
  endedSocketsWereShut: (who: string, sideFd: number) =>
    `${who} on ${sideFd} ended, and the sockets were shut down but never closed: the descriptors stay taken`,
  endedNeitherSocketNor: (who: string, sideFd: number, how: string, otherFd: number) =>
    `${who} on ${sideFd} ended (${how}), and neither its socket nor its partner ${otherFd} was closed`,
  noCloseNoClose: (sideFd: number, otherFd: number) => `no close(${sideFd}) and no close(${otherFd}) followed`,
  shutdownShutRdTells: (openFd: number) => `; shutdown(${openFd}, SHUT_RD) tells the other end nothing`,
  endedSocketClosedBut: (
    who: string,
    how: string,
    closedFd: number,
    openFd: number,
    whoOther: string,
    direction: string,
  ) =>
    `${who} ended (${how}) and its socket ${closedFd} was closed, but not its partner ${openFd}: ${whoOther} never learns of it${direction}`,
  endedPartnerClosedBut: (who: string, how: string, closedFd: number, openFd: number) =>
    `${who} ended (${how}) and its partner ${closedFd} was closed, but not its own socket ${openFd}: each connection leaves one descriptor behind`,
  hadEndedAndWhichDoesNotBelongTo: (sideFd: number, closeFd: number) =>
    `${sideFd} had ended, and ${closeFd}, which does not belong to it, was closed for it`,
  liveRowRemoved: (closeFd: number, clientFd: number, upstreamFd: number) =>
    `when ${closeFd} was closed, the row [${clientFd}, ${upstreamFd}] had gone from the route table too, though that pair is still there`,
  rowNotRemoved: (rows: number, open: number) =>
    `the rows of pairs that have ended stay in the route table: it has ${rows} rows for ${open} pairs`,
  stillSoAfter: (close: string) => `still so after ${close}`,
};
