/** Causes of what goes wrong in a client that asks line by line. */
export const asking = {
  serverWrongPort: (argsPort: undefined | string | number, proxy: number) =>
    `the client connects to port ${argsPort}; the server is on ${proxy} (variable PORT)`,
  connectMissing: 'a socket was made, but connect() was not called on it',
  lastCall: (last: string) => `the last call was ${last}`,
  connectsTwice: (connects: number) => `the client connected ${connects} times; one connection serves for all lines`,
  connectFailedProgramEnded: (errno: undefined | string) =>
    `connect() failed with ${errno}, and the program ended with exit code 0, which means that all went well`,
  connectFailedWithAndTheProgramEndedWithout: (errno: undefined | string) =>
    `connect() failed with ${errno}, and the program ended without an error message`,
  failedConnectIgnored: (errno: undefined | string) =>
    `connect() failed with ${errno}, and the program went on as if it had a connection`,
  thenCame: (next: string) => `then came ${next}`,
  recvOnNoSocket: (recvFd: number) =>
    `recv() was called on descriptor ${recvFd}, which is no socket but the standard input: read() takes bytes from any descriptor`,
  inputEndIgnored: (times: string) =>
    `read() returned 0, which means that the input is over, and was called again ${times} times`,
  recvReturned: 'recv() returned 0',
  recvFailed: (errno: undefined | string) => `recv() failed with ${errno}`,
  serverHadEndedConnection: (how: string) =>
    `the server had ended the connection with an answer due (${how}), and the program ended with exit code 0, which means that all went well`,
  theServerHadEndedTheConnectionWithAn: (how: string) =>
    `the server had ended the connection with an answer due (${how}), and the program ended without an error message`,
  endIgnored: (how: string) => `the server had ended the connection (${how}), and the program went on`,
  lineSentWithoutNewline: 'the line was sent without its newline, so the server goes on waiting for its end',
  bytesWereReadSend: (text: number, sent: number) =>
    `${text} bytes were read, and send() was given ${sent}: more than came`,
  firstLineOnly: (lines: number) =>
    `${lines} lines came with one read(), and only the first of them was sent before the next read()`,
  answersLeft: 'several lines were sent at once, and only one answer was received before the next step',
  recvCalledTimes: (lineFd: number, calls: number) => `recv() on ${lineFd} was called ${calls} times`,
  inputEndedWhichNo: (rest: string) =>
    `the input ended with ${rest}, which has no newline, and these bytes were never sent`,
  answerCut:
    'the program took a part of the answer for all of it: an answer ends at its newline, and recv() may return less',
  writeGivenBytesStandard: (args: undefined | string | number, came: number) =>
    `write() was given ${args} bytes for the standard output, but only ${came} bytes had come and were not printed yet`,
  receivedNotPrinted: 'the answer had come, and nothing was printed',
  waitsUnasked: 'the program waits in recv() for an answer, but has sent nothing to answer',
  notOver: (waits: string) => `${waits} is not over`,
};
