/** npm run soak: what its load is made of, what was looked at, and what can go wrong. */

/** The ways in which a connection goes and ends. */
const stories = {
  question: 'a question and its answer',
  download: 'a download, ended by the upstream',
  upload: 'an upload, ended by the client',
  bothWays: 'much both ways at the same time',
  upstreamFirst: 'the upstream ends first, the client goes on',
  slowClient: 'a client that reads slowly',
  slowUpstream: 'an upstream that reads slowly',
  clientResets: 'a client that resets in the middle',
  upstreamResets: 'an upstream that resets in the middle',
  leavesUnread: 'a client that leaves unread bytes behind',
  leavesWithoutWord: 'a client that leaves without a word',
  silence: 'a long silence',
};

/** How a connection went wrong. */
const trouble = {
  nothingMoved: (seconds: number) => `nothing moved any more after ${seconds} s`,
  neverHeardOf: (story: string) => `${story}: the upstream never heard of it`,
  counts: (got: number, due: number, upstreamGot: number, upstreamDue: number) =>
    `the client got ${got} of ${due} bytes, the upstream ${upstreamGot} of ${upstreamDue}`,
  endedShort: (story: string, counts: string) => `${story}: ended in good order, but ${counts}`,
  brokeOff: (story: string, counts: string) => `${story}: broke off; ${counts}`,
  foreignAtClient: (offset: number) => `a client got a foreign byte at offset ${offset}`,
  foreignAtUpstream: (offset: number) => `the upstream got a foreign byte at offset ${offset}`,
};

/** What a proxy has to do, and what was seen of it. */
const findings = {
  stayedUp: 'the proxy stayed up',
  itDid: 'it did',
  noByteLost: 'no byte was lost or crossed',
  strangers: (count: number) => `${count} ${count === 1 ? 'connection' : 'connections'} began with foreign bytes`,
  noneBroke: 'no connection broke without a reason',
  none: 'none',
  noSocketLeft: 'no socket stayed behind',
  sockets: (numbers: string) => `sockets in quiet moments: ${numbers}`,
  descriptorsFlat: 'descriptors stayed flat',
  descriptors: (numbers: string) => `descriptors in quiet moments: ${numbers}`,
  memoryFlat: 'memory stayed flat',
  memory: (numbers: string) => `MiB in quiet moments: ${numbers}`,
};

export const soak = {
  stories,
  trouble,
  findings,
  title: (whose: string) => `Soak: ${whose}`,
  secondsOf: (second: number, seconds: number) => `${second} of ${seconds} s`,
  connections: (count: string, open: number) => `${count} connections (${open} open)`,
  descriptors: (count: number) => `${count} descriptors`,
  counts: (connections: string, gigabytes: string, seconds: number) =>
    `${connections} connections and ${gigabytes} GB in ${seconds} s`,
  disturbances: (floods: number, restarts: number, cut: number) =>
    `${floods} floods; the upstream was restarted ${restarts} times, which cut ${cut} connections.`,
  held: 'The proxy held.',
  didNotHold: 'The proxy did not hold.',
  memoryLine: 'memory (MiB)',
  descriptorsLine: 'descriptors',
  connectionsLine: 'connections',
  secondsAxis: 'seconds',
  doesNotRun: (reason: string) => `The proxy does not run: ${reason}`,
  secondsSuchAs: 'how many seconds, such as 60',
  noSuchTime: (typed: string) => `A soak takes 3 to 86400 seconds; '${typed}' is not in between.`,
  stage: (number: number | undefined) => `stage ${number}`,
};
