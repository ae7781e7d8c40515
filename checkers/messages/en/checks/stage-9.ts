/** What the checks of stage 9 say: titles, steps, what was expected and observed. */
export const stage9 = {
  earlyBytesTitle: 'What a client sends before its upstream answers arrives later, and so does its end',
  sentAllBeforeHandshake: (bytes: string) =>
    `connected a client while the upstream's queue was full; it sent ${bytes} bytes, and finished`,
  burstTitle: (bytes: string) => `${bytes} bytes at once, and then silence: all of them arrive`,
  sentBurst: (bytes: string) =>
    `sent ${bytes} bytes before the proxy could react, first from the client, then from the upstream`,
  turnsTitle: 'Bytes beyond the limit of one turn wait for the next turn, and then the proxy sleeps',
  sentTwoBursts: (bytes: string) =>
    `sent ${bytes} bytes before the proxy could react, from one pair's client and from the other's upstream`,
  sentBurstAndEnd: (bytes: string) => `a client sent ${bytes} bytes and finished before the proxy could react`,
  lastSegmentTitle: 'The last bytes and the end of the stream come as one event: both are passed on',
  lastBytesAndEnd: (bytes: string) =>
    `the client sent ${bytes} bytes and finished before the proxy could react; then the upstream did`,
  otherSideFirst: 'the same with another pair, the upstream first',
  bulkTitle: (mebibytes: number) => `Lines, ${mebibytes} MiB both ways at the same time, and lines again`,
  lineThenBothWays: (mebibytes: number) => `exchanged a line each way, then sent ${mebibytes} MiB each way at once`,
  finishBehindBulkTitle: 'A stream ends right after many bytes: all of them arrive, and then the end',
  bulkOneWay: (who: string, mebibytes: number) => `${who} sent ${mebibytes} MiB`,
  moreThenFinished: (who: string, reader: string) =>
    `${who} sent on, while ${reader} read nothing, until the proxy left some of it unread, and finished; then ${reader} read all`,
  resetInBulkTitle: 'A client vanishes in the middle of a download: no other client gets its bytes',
  resetWhileBlocked: 'sent to a client that reads nothing until no more was taken, and reset its connection',
  newClientBothWays: (mebibytes: number) => `sent ${mebibytes} MiB to a new client, and ${mebibytes} MiB from it`,
  descriptorsStayTitle: (clients: number) =>
    `${clients} clients with large downloads, and ${clients} more: no more descriptors are open than before`,
  bulkClients: (clients: number, unreading: number) =>
    `sent much to ${clients} clients, one after the other; every other one left in the middle of it; then to ${unreading} that read nothing, and left`,
  asManyAgain: 'counted the open descriptors, and did the same again',
  noMoreDescriptors: (before: number) => `about as many open descriptors as after the first ones: ${before}`,
  descriptorsOpen: (now: number) => `${now} descriptors are open`,
  thisSystemDoesNotCount: 'this system does not tell how many descriptors a program has open',
  noPipesLeftTitle: 'No descriptors are left for pipes: bytes arrive all the same',
  oneOfThemBothWays: (mebibytes: number) =>
    `sent ${mebibytes} MiB to one of the accepted clients, and ${mebibytes} MiB from it`,
  severalTitle: (clients: number) => `Alone, and as two processes: ${clients} clients are all served`,
  crowdOfSeveral: (clients: number, workers: number) =>
    `connected ${clients} clients to the ${workers} processes, and exchanged a line with each`,
  countedDoors: "counted the sockets that listen on the proxy's port",
  asManyDoors: (workers: number) => `with WORKERS=${workers} there are ${workers} processes that listen on the port`,
  doorsAreOpen: (doors: number) => `${doors} sockets listen there`,
  oneStoppedTitle: 'While one of the two processes stands still, the other one takes new clients',
  stoppedOneProcess: (clients: number) => `stopped one of its processes, had ${clients} clients connect, let it go on`,
  crowdOnceMore: (clients: number) => `connected ${clients} clients, and exchanged a line with each`,
  workerKilledTitle: 'The second process is killed: the first one goes on, rests, and ends well',
  killedOne: 'killed the process that the first one had started',
  sigtermThenLeft: 'sent SIGTERM, and let all of them leave',
  allDrainTitle: 'SIGTERM to the first process: clients of both keep every byte, then both end, exit code 0',
  crowdAtWork: (clients: number, downloads: number, mebibytes: number) =>
    `connected ${clients} clients; ${downloads} of them were in the middle of a download of ${mebibytes} MiB`,
  finishedDownloads: 'went on with the downloads, and exchanged a line with each client',
  firstProcessDone: 'let the clients of the first process leave, and exchanged lines with the others',
  othersLeave: 'let the others leave',
  firstKilledTitle:
    'The first process is killed: the second accepts no more clients, serves its own to the end, and ends',
  killedFirst: 'killed the first process',
  nobodyOutlivesFirst: 'in the sandbox of this program no process outlives the first one',
  othersGoOn: 'exchanged a line with each client of the second one',
  noProcessLeft: 'no process of the proxy is left after the last client',
  processesLeft: (left: number, seconds: string) =>
    `${left === 1 ? 'one process' : `${left} processes`} still ran ${seconds} later`,
};
