/** Causes of programs whose processes hold the same sockets. */
export const sharedSockets = {
  /** An idle process has a copy. */
  copyKept: (pid: number, side: string, fd: number) =>
    `process ${pid} still holds its copy of the ${side} socket, descriptor ${fd}: after fork() a connection stays open until every process that has the descriptor has closed it`,
  /** One process for each direction: one of them is done, the other one is not. */
  otherDirectionStays: (ended: number, pid: number, side: string, fd: number) =>
    `process ${ended} has ended its direction, but process ${pid}, which carries the other one, still holds the ${side} socket, descriptor ${fd}: the connection stays open until both have closed it, or one calls shutdown()`,
  inProcess: (pid: number, what: string) => `process ${pid}: ${what}`,
  exited: (status: number) => `exit status ${status}; the kernel closed its descriptors`,
  noClose: (fd: number) => `no close(${fd}), and no shutdown(${fd}) in any process`,
};
