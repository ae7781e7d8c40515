/** Why a check failed and what to do next, and what the bytes on the sockets alone tell. */
export const explain = {
  stillStubProgramGot: (name: string) => `${name} is still a stub, and the program got there`,
  writeTodo: (todo: string, name: string, file: string, line: string) =>
    `write TODO ${todo} in ${name} (${file}:${line})`,
  fileMistakeKeepsFrom: 'the file has a mistake, so it cannot be started',
  lookAtLinesBefore: (place: string) => `look at ${place}, and at the lines just before it`,
  pathBeginsIn: 'a path is relative to the folder where you typed npm run',
  programNotFound: (name: string) => `the program ${name} was not found`,
  checkNameAndPath: (path: string) => `check its name and its path (${path}), and whether it is installed or built`,
  mayNotBeRun: (name: string) => `${name} is there, but it may not be run as a program`,
  makeExecutable: (path: string, name: string) =>
    `check that it is the right file (${path}), and make it executable: chmod +x ${name}`,
  scriptWithReturns: (path: string) =>
    `the lines of ${path} end with \\r\\n, as on Windows: Linux takes the \\r for a part of the interpreter’s name or of a word`,
  firstLineIs: (path: string, line: string) => `the first line of ${path} is “${line}”`,
  removeReturns: (path: string) =>
    `remove each \\r: sed -i 's/\\r$//' ${path} (with git: "* text=auto eol=lf" in .gitattributes)`,
  scriptReadByShell: (path: string, marked: boolean) =>
    marked
      ? `a byte order mark stands in front of the #! of ${path}, so a shell reads the file as a shell script`
      : `a shell reads ${path} as a shell script`,
  removeMark: (path: string) =>
    `save ${path} as UTF-8 without a byte order mark: sed -i '1s/^\\xef\\xbb\\xbf//' ${path}`,
  nameTheInterpreter: (path: string) =>
    `name the interpreter in the command, as in "python3 proxy.py", or in the first line of ${path}, as in #!/usr/bin/env python3`,
  interpreterMissing: (path: string, interpreter: string | undefined) =>
    interpreter === undefined
      ? `${path} is there, but the loader that it was built for is not: it comes from another system`
      : `${path} is there, but its interpreter ${interpreter} is not`,
  nameAnInterpreter: (path: string) => `name an interpreter that is installed in the first line of ${path}`,
  buildHere: (path: string) => `build ${path} on this machine, or link it statically`,
  compareWhatYourProgram: 'compare what your program does there with the section named below',
  lookAt: (place: string) => `look at ${place}`,
  lookAgainAt: (named: string) => `look again at ${named}`,
  lookAgainAtTodo: (todos: string) => `look again at TODO ${todos}`,
  /** By these words the replay knows a line of proof that says how a call ended; `wasNotOver` has to contain the third. */
  words: { returned: 'returned', failed: 'failed', notOver: 'was not over' },
  anError: 'an error',
  failedWith: (errno: string | undefined) => `failed with ${errno}`,
  returned: (result: number | undefined) => `returned ${result}`,
  fromTo: (from: number, to: undefined | string | number) => `${from} to ${to}`,
  bytesOn: (fd: number, args: undefined | string | number) => `${fd}, ${args} bytes`,
  thereNoUpstreamClient: 'no upstream took the client, and the client was not closed',
  otherSideNotTold: 'one side has finished sending, and the proxy did not tell the other one',
  whenUpstreamClosedProxy: 'when the upstream closed, the proxy did not close the client that belongs to it',
  whenClientLeftProxy: 'when the client left, the proxy did not close the upstream connection that belongs to it',
  proxySentMoreBytes: 'the proxy sent more bytes than it had been given',
  connectionsEndedLeftDescriptors: 'connections that ended left descriptors open',
  programRunsAllTime: 'the program is busy all the time although there is nothing to do',
  proxyGoesReadingFrom: 'the proxy goes on reading from the upstream although its client is gone',
  proxyGoesReadingThough:
    'the proxy goes on reading although the other side takes nothing: the bytes pile up in its memory',
  clientStandsQueueListening: 'the client waits in the queue of the listening socket: accept() was not called for it',
  clientLeftServerDid: 'the client has left, and the server did not close the socket that led to it',
  moreBytesCameThan: 'more bytes came than expected',
  programDidNotConnect: 'the program did not connect to the port of the server, which is in the variable PORT',
  programEndedWithoutHaving: 'the program ended without an error message',
  programListensPortInstead: (otherPorts: string) =>
    `the program listens on port ${otherPorts} instead: the port to use is in the variable PORT`,
  programRunsButNot: 'the program runs, but has not called listen() on a socket bound to that port',
  proxyConnectsUpstreamBefore: 'the proxy connects to the upstream before a client has connected',
  proxyOpensMoreThan: 'the proxy opens more than one upstream connection for a client',
  bytesWereTurnedInto: 'bytes were turned into a string and back: ef bf bd stands for what is not UTF-8',
  partBufferSentRecv: 'the program sent a part of the buffer that recv() had not filled',
  oneByteMissingHere: 'one byte is missing here, and what follows is right',
};
