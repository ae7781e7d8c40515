/** What happens in a step, in words. */
export const steps = {
  anError: 'an error',
  hasClosed: 'has closed',
  brokeOff: 'broke it off',
  sawEndFin: 'saw the end (FIN)',
  sawBrokenRst: 'saw it broken (RST)',
  sent: (short: string) => `sent ${short}`,
  got: (short: string) => `got ${short}`,
  failed: (failed: string) => `failed: ${failed}`,
  notSentOn: (short: string) => `${short} not sent on`,
  readToEnd: 'read to its end',
  notWatched: 'not watched',
  isNoDescriptor: (fd: number) => `${fd} is no descriptor`,
  fdIsClosed: (fd: number) => `fd ${fd} is closed`,
  fdIsAnotherSocket: (fd: number) => `fd ${fd} is another socket by now`,
  wholeMilliseconds: (round: number) => `${round} ms`,
  milliseconds: (ms: string) => `${ms} ms`,
  fdAlone: (fd: number) => `fd ${fd}`,
  nameAndFd: (role: string, fd: number) => `${role} (fd ${fd})`,
  listeningSocket: 'the listening socket',
  epollInstance: 'the epoll instance',
  client: (number: string | number) => `client ${number}`,
  upstream: (number: number) => `upstream ${number}`,
  didSameTimesMore: (repeats: string) => ` It did the same ${repeats} times more.`,
  onReturns: (call: string, nameOf: string, result: undefined | number) => `${call}() on ${nameOf} returns ${result}.`,
  proxyWaitsInEpoll: 'The proxy waits in epoll_wait() until something happens on one of its sockets.',
  proxyWaitsInAccept:
    'The proxy waits in accept(): there is no client in the queue, and nothing else goes on until one comes.',
  connectOnFdBegins: (fd: number, address: string) =>
    `connect() on fd ${fd} begins: the proxy waits for an answer from ${address}.`,
  proxyWaitsInRead: (file: string) =>
    `The proxy waits in read() on ${file}. Until something comes, nothing else goes on.`,
  proxyWaitsInRecv: (name: string) =>
    `The proxy waits in recv() for bytes of ${name}. Until some come, nothing else goes on.`,
  proxyWaitsInSend: (name: string) =>
    `The proxy waits in send(): the kernel has no room for more bytes to ${name}. Nothing else goes on.`,
  onBeginsAndTakes: (call: string, name: string) => `${call}() on ${name} begins, and takes its time.`,
  standardInput: 'the standard input',
  standardOutput: 'the standard output',
  standardError: 'the standard error',
  nothingIsLostAnd: 'nothing is lost, and the proxy can try again later',
  noReasonGiven: 'no reason given',
  onSocket: (name: string) => ` on ${name}`,
  findsNothingToRead: (call: string, name: string, patience: string) =>
    `${call}() finds nothing to read on ${name} (EAGAIN): ${patience}.`,
  findsNoRoom: (call: string, name: string, patience: string) =>
    `${call}() finds no room for ${name} (EAGAIN): ${patience}.`,
  pipe2MakesPipe: (out: string | number, into: string | number) =>
    `pipe2() makes a pipe: what is put into fd ${into} comes out of fd ${out}.`,
  fcntlMakesPipeHold: (count: string) => `fcntl() makes the pipe hold ${count}.`,
  spliceReturnsWillSend: (name: string) => `splice() returns 0: ${name} will send no more.`,
  spliceMovesFrom: (result: string, name: string) =>
    `splice() moves ${result} from ${name} into a pipe. They stay in the kernel.`,
  spliceMovesTo: (result: string, name: string) => `splice() moves ${result} out of a pipe to ${name}.`,
  acceptFindsQueueEmpty: 'accept() finds the queue empty (EAGAIN).',
  connectOnFdIs: (fd: number) => `connect() on fd ${fd} is under way (EINPROGRESS).`,
  fails: (call: string, on: string, inPlainWords: string) => `${call}()${on} fails: ${inPlainWords}.`,
  readReturnsIsAt: (file: string) => `read() returns 0: ${file} is at its end.`,
  readTakesFrom: (result: string, file: string) => `read() takes ${result} from ${file}.`,
  writeHandsTo: (result: string, file: string) => `write() hands ${result} to ${file}.`,
  socketMakesNewSocket: (result: undefined | number) =>
    `socket() makes a new socket, fd ${result}. It is not connected yet.`,
  bindGivesFdAddress: (fd: number, address: string | number, argsPort: string | number) =>
    `bind() gives fd ${fd} the address ${address} and the port ${argsPort}.`,
  listenTurnsFdInto: (fd: number) =>
    `listen() turns fd ${fd} into a listening socket: from now on the kernel puts clients in its queue.`,
  option: (option: undefined | string | number) => `option ${option}`,
  setsockoptSetsFdTo: (optionName: string, fd: number, value: undefined | string | number) =>
    `setsockopt() sets ${optionName} of fd ${fd} to ${value}.`,
  getsockoptAsksForOption: (fd: number) => `getsockopt() asks for an option of fd ${fd}.`,
  epollCreate1MakesEpoll: (result: undefined | number) =>
    `epoll_create1() makes an epoll instance, fd ${result}: the list of what the loop watches.`,
  acceptTakesClientFrom: (result: number, roleOf: undefined | string) =>
    `accept() takes a client from the queue: fd ${result} is the connection to ${roleOf}.`,
  connectLinksFdTo: (fd: number, address: string, upstream: string | undefined) =>
    `connect() links fd ${fd} to ${address}${upstream === undefined ? '' : `: this is ${upstream}`}.`,
  takesNoMoreBytes: 'takes no more bytes',
  sendsNoMoreBytes: 'sends no more bytes',
  isOverInBoth: 'is over in both directions',
  shutdownConnectionTo: (nameOf: string, what: string) => `shutdown(): the connection to ${nameOf} ${what}.`,
  fcntlAsksForFlags: (nameOf: string) => `fcntl() asks for the flags of ${nameOf}.`,
  fcntlCallsOn: (nameOf: string, nonBlocking: boolean) =>
    `fcntl(): calls on ${nameOf} ${nonBlocking ? 'never wait from now on' : 'may wait from now on'}.`,
  cameFromThereWere: (lost: string) => ` ${lost} that came from there were never sent on.`,
  closeGivesBackNext: (nameOf: string, fd: number, held: string) =>
    `close() gives back ${nameOf}. The next socket may get the number ${fd} again.${held}`,
  epollCtlLoopNo: (name: string) => `epoll_ctl(): the loop no longer watches ${name}.`,
  fromNowOnLoop: 'from now on the loop watches',
  loopChangesHowWatches: 'the loop changes how it watches',
  forEvents: (eventNames: string) => ` for ${eventNames}`,
  epollWaitReturnsWithout: 'epoll_wait() returns without an event: the time that it was given is up.',
  andMore: (result: number) => `, and ${result} more`,
  epollWaitWakesUp: (told: string, more: string) => `epoll_wait() wakes up: ${told}${more}.`,
  hasClientInQueue: 'has a client in its queue',
  hasSomethingToRead: 'has something to read',
  hasRoomForMore: 'has room for more bytes',
  hasError: 'has an error',
  willSendNoMore: 'will send no more',
  reports: (names: string) => `reports ${names}`,
  recvOnWasAsked: (name: string) =>
    `recv() on ${name} was asked for 0 bytes and returns 0. That says nothing about the connection.`,
  recvReturnsWillSend: (name: string) => `recv() returns 0: ${name} will send no more.`,
  recvLooksAtAnd: (result: string, name: string) => `recv() looks at ${result} of ${name} and leaves them there.`,
  recvTakesFromInto: (result: string, name: string) => `recv() takes ${result} from ${name} into the proxy's memory.`,
  sendHandsForTo: (result: string, name: string) => `send() hands ${result} for ${name} to the kernel.`,
  sendTakesOnlyFor: (result: string, offered: string, name: string, rest: string) =>
    `send() takes only ${result} of ${offered} for ${name}. The other ${rest} still have to be offered again.`,
  terminalIsClosed: 'The terminal is closed.',
  programIsStarted: 'The program is started.',
  kernelListsProxyAs: 'The kernel lists the proxy as listening: clients can come.',
  programHasEndedKernel: 'The program has ended. The kernel closes all its sockets.',
  hasConnectedToProxys: (who: string) => `${who} has connected to the proxy's port.`,
  upstreamHasAcceptedConnection: (who: string) => `The upstream has accepted a connection from the proxy: ${who}.`,
  sendsToProxy: (who: string, count: string) => `${who} sends ${count} to the proxy.`,
  receivesFromProxy: (who: string, count: string, isMerged: boolean) =>
    `${who} receives ${count} from the proxy.${isMerged ? ' They come in several pieces, from now on.' : ''}`,
  seesEndStreamFin: (who: string) => `${who} sees the end of the stream (FIN): the proxy sends no more here.`,
  seesConnectionBrokenOff: (who: string) => `${who} sees its connection broken off (RST).`,
  hasNoMoreTo: (who: string) => `${who} has no more to send, and says so (FIN).`,
  closesConnection: (who: string) => `${who} closes its connection.`,
  breaksConnectionOffRst: (who: string) => `${who} breaks its connection off (RST).`,
  onStandardInputCome: (amount: string) => `On the standard input come ${amount}.`,
  onStandardOutputHave: (amount: string) => `On the standard output ${amount} have come out.`,
  standardInputEndsAs: 'The standard input ends, as with Ctrl-D.',
  stepsRepeatOnesBefore: (number: string, which: string) =>
    `${number} steps${which} that repeat the ones before are left out here.`,
  stepsAreLeftOut: (number: string, which: string) =>
    `${number} steps${which} are left out here, or this page would be too large.`,
};
