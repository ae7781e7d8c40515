/** npm run race: the rows, who races, and what can go wrong. */
const bulk = (streams: number): string => `Bulk throughput, ${streams === 1 ? '1 stream' : `${streams} streams`}`;

/** Rows are named in their title, unit and which way is better. */
const better = { more: 'more is better', less: 'less is better' };

export const race = {
  bulk,
  cpuPerGb: (streams: number) => `Proxy's CPU time per GB, ${streams === 1 ? '1 stream' : `${streams} streams`}`,
  roundTrips: (bytes: number, connections: number) => `Round trips of ${bytes} bytes, ${connections} connections`,
  latencyMedian: 'Latency under that load, median',
  latencyP99: 'Latency under that load, p99',
  newConnections: (atOnce: number) => `New connections, ${atOnce} at once`,
  cpuPer1000Trips: "Proxy's CPU time per 1,000 round trips",
  cpuPer1000: "Proxy's CPU time per 1,000 connections",
  memory: 'Memory per idle connection',
  roundTripBeside: (count: number) => `Round trip beside ${count.toLocaleString('en')} idle connections`,
  roundTripBesideIdle: 'Round trip beside idle connections',
  idleConnections: 'idle connections',
  row: (title: string, unit: string, way: 'more' | 'less') => `${title} (${unit}; ${better[way]})`,
  rowColumn: 'Row',

  race: (title: string) => `Race: ${title}`,
  howMeasured: (rounds: number, processors: number, seconds: number) =>
    `${rounds} interleaved rounds on ${processors} processors in ${seconds} s. Medians; ±: half the range; x: ratio to default HAProxy, round by round.`,
  howDrawn: (rounds: number, processors: number, seconds: number) =>
    `${rounds} interleaved rounds on ${processors} processors in ${seconds} s. Bars are medians, the lines across them go from the least to the most, and x is the median ratio to default HAProxy of the same round.`,
  allNumbers: 'All numbers',
  whoRaced: 'Proxies in this race, and their settings',
  doesNotApply: 'does not apply',
  notMeasured: 'not measured',
  tookNoPart: (why: string) => `took no part: ${why}`,
  progress: (done: number, total: number) => `${done} of ${total}`,
  warmsUp: (name: string, load: string) => `${name} warms up, ${load}`,
  withoutProxy: (row: string, times: string, isGenerator: boolean) =>
    `${row}: without a proxy ${times} times the fastest proxy; ${isGenerator ? 'here the generator or the machine is the limit' : 'the generator is not the limit'}.`,

  apart:
    "Each proxy had a processor to itself, and clients and upstream had the others: look at the processor time, which is steadier so. Throughput may be the clients' and the upstream's own limit.",
  notApart: "'apart' gives each proxy a processor to itself. That takes two processors and taskset (from util-linux).",

  direct: 'direct',
  directIs: 'no proxy: clients connect to the upstream itself',
  solution: (stage: number) => `solution ${stage}`,
  yourProxy: 'your proxy',
  yourCommand: 'your command',
  twoWorkers: '2 workers',
  alwaysSplice: 'always splice',
  noSplice: 'no splice',
  settingsWith: (settings: string, variables: string) => `${settings} with ${variables}`,
  haproxyIs: 'TCP mode, nbthread 1, otherwise its defaults',
  haproxyTunedIs: 'TCP mode, nbthread 1, tune.bufsize 1048576',
  haproxySpliceIs: 'TCP mode, nbthread 1, option splice-request and splice-response, tune.pipesize 1048576',
  nginxIs: 'stream module, one worker, otherwise its defaults',
  nginxTunedIs: 'stream module, one worker, proxy_buffer_size 1m, tcp_nodelay on',
  socatIs: 'TCP-LISTEN with fork, backlog=1024: a process for each connection',
  nodeNetIs: 'two sockets of node:net, piped into one another (checkers/controls/node-net.mjs)',
  aProcessForEach: 'it starts a process for each connection',
  notInstalled: (program: string) => `${program} is not installed`,
  noStreamModule: 'nginx has no stream module',

  didNotListen: (seconds: number) => `it did not listen on its port within ${seconds} s`,
  hasEnded: (lastWords: string) => `it has ended: ${lastWords}`,
  exitCode: (code: number | null) => `exit code ${code}`,
  notConnected: (seconds: number) => `a client could not connect within ${seconds} s`,
  connectFailed: (why: string) => `connecting failed: ${why}`,
  noMoreSockets: (why: string) => `no more sockets for the clients: ${why}`,
  couldNotSend: (why: string) => `a client could not send: ${why}`,
  noByte: (seconds: number) => `no byte came for ${seconds} s`,
  noAnswer: (seconds: number) => `no answer came for ${seconds} s`,
  broke: (why: string) => `the connection broke: ${why}`,
  closedInTheMiddle: 'the connection was closed in the middle',
  closedUnanswered: 'a new connection was closed without an answer',
  closedByProxy: 'the proxy closed it',
  openingTook: (seconds: number) => `opening took more than ${seconds} s`,
  withIdle: (problem: string, connections: number) => `${problem} (with ${connections} idle connections)`,
  noGenerator: 'The load generator does not answer.',
  generatorEnded: (complaints: string) => `The load generator has ended: ${complaints}`,

  stageSuchAs: 'a stage such as 4',
  written: (path: string) => `Written: ${path}`,
  cannotBeWritten: (path: string, why: string) => `'${path}' cannot be written: ${why}`,
  noRow: (word: string, near: string, names: string) => `The race has no row '${word}'.${near} Its rows: ${names}.`,
  rounds: (word: string) => `'rounds' is a whole number from 1 to 100; '${word}' is not.`,
  nobodyCalled: (word: string, near: string, names: string) =>
    `The race has no proxy '${word}'.${near} There are: ${names}.`,
  stageOrCommand: "Either a stage or '--command', not both: whose proxy is to race?",
  noProxyIn: (stage: number | undefined, stages: string) =>
    `There is no proxy in stage ${stage}. There is one in: ${stages}.`,
  onlyStageHasTricks: (stage: number) =>
    `Only a proxy of stage ${stage} has tricks to leave out. For example: npm run race ${stage} solution tricks`,
};
