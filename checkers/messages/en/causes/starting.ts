/** Causes of a program that does not listen, or not for long. */
export const starting = {
  portFreeButConnections: 'no program has the port, but the kernel still keeps connections of the killed one there',
  reuseaddrLate: (taken: string) => `${taken}, and SO_REUSEADDR was set only after bind()`,
  neverSetThisSocket: 'was never set on this socket',
  setWhichMeansOff: 'was set to 0, which means off',
  reuseaddrMissing: (taken: string, how: string) => `${taken} (TIME_WAIT and its like), and SO_REUSEADDR ${how}`,
  portTaken: (proxy: number, portHolder: string) => `port ${proxy} is taken by another program: ${portHolder}`,
  listensThereNotProgram: (portHolder: string) =>
    `${portHolder} listens there, and it is not the program that is judged`,
  wrongPort: (result: undefined | number, found: string, swapped: string, proxy: number) =>
    `the program ${result === -1 ? 'tried to listen' : 'listens'} on port ${found}${swapped}; it has to listen on ${proxy} (variable PORT)`,
  whichRightOneTwo: ', which is the right one with its two bytes swapped',
  wrongAddress: (address: string) =>
    `the program listens on ${address === '::' ? ':: for IPv6 only (IPV6_V6ONLY)' : address}, which a client that connects to 127.0.0.1 does not reach`,
  bindMissing: 'listen() was called on a socket that was never bound, so the kernel chose a port for it',
  bindFailureIgnored: 'bind() failed, and the program went on as if it had not',
  listenMissing: 'the socket was bound, but listen() was never called on it',
  successTakenForFailure: (lastCall: string) =>
    `${lastCall}() succeeded, and the program took its result for a failure and ended`,
  stillStarting: (busy: boolean) =>
    `the program was still starting: it runs, but has not made a socket yet; it is ${busy ? 'busy with something else' : 'waiting for something else'}`,
  noTcpSocketOpen: 'it has no TCP socket open, listening or not',
  loopWithoutWait:
    'the program is busy all the time and never calls epoll_wait(): its loop runs without waiting for anything',
  lastSystemCall: (last: string) => `the last system call was ${last}`,
  programCameEndWithout: (role: string) =>
    `the program exited without ever waiting for events: a ${role} has to run for ever`,
  inputEnded:
    'the program reads standard input, which the checks give as /dev/null, and exits at its end: let it run without input',
  readReturnedNothing: 'read(0) returned 0, and the process exited',
  loopLeftProgramCame: (role: string) =>
    `the program left its loop, or called process.exit(), and exited: a ${role} has to run for ever`,
  lastWait: (wait: string) => `the last wait was ${wait}`,
};
