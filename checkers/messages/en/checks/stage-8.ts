/** What the checks of stage 8 say: titles, steps, what was expected and observed. */
export const stage8 = {
  inTurnTitle: (clients: number) =>
    `${clients} clients, one after the other: any three in a row go to three different upstreams`,
  connectedInARow: (clients: number) => `connected ${clients} clients, one after the other, and kept them all`,
  exchangedWithEach: 'exchanged a line each way with each of them',
  threeDifferent: 'any three clients in a row go to three different upstreams: A, B and C, in some order',
  wentTo: (letters: string) => `they went to ${letters}`,
  clientReachesOne: (client: string) => `${client} is linked to one of the upstreams`,
  reachedNone: (seconds: string) => `none of them accepted a connection within ${seconds}`,
  reachedNoneAndClosed: "none of them accepted a connection, and the client's was closed",
  atOnceTitle: (clients: number, share: number) =>
    `${clients} clients at once: ${share} for each upstream, and none of their bytes are crossed`,
  connectedAtOnce: (clients: number) => `connected ${clients} clients at once, and kept them all`,
  letEachClientSay: 'let each client say which one it is, all at once; answered each with other bytes of its own',
  eachHasAccepted: (share: number) => `each upstream has accepted ${share} connections`,
  haveAccepted: (counts: string) => `they have accepted ${counts}`,
  countsAt: (counts: [count: number, letter: string][]) =>
    counts.map(([count, letter]) => `${count} at ${letter}`).join(', '),
  fewestOpenTitle: 'BALANCE=least-connections: when the clients of one upstream leave, the next ones go there',
  clientsOfOneLeft: (letter: string) => `had the clients of upstream ${letter} leave`,
  connectedAsManyAgain: (clients: number) => `connected ${clients} more, one after the other`,
  allGoTo: (letter: string) => `all of them go to upstream ${letter}, which has the fewest connections`,
  cameAndWent: (clients: number) => `had ${clients} clients come and go: each left before the next one came`,
  notAllToOne: 'all upstreams have equally few connections each time, so not all of these clients go to the same one',
  crowdCame: (clients: number) => `connected ${clients} clients at once`,
  crowdIsShared: (letter: string) =>
    `not all of them go to upstream ${letter}: it has the fewest connections when the first of them comes, not the last`,
  ofThemAccepted: (counts: string) => `these clients went to the upstreams so: ${counts}`,
  statusTitle: 'A client of STATUS_PORT gets one line about the upstreams, and then the end of the stream',
  clientsCameOneLeft: (clients: number) =>
    `connected ${clients} clients, one after the other, and exchanged a line with each; had the last one leave`,
  askedForStatus: (port: number) => `connected to port ${port}, STATUS_PORT, and read to the end`,
  askedElsewhere: (address: string, port: number) => `connected to ${address}, port ${port}`,
  nobodyListensElsewhere: (address: string) => `nothing listens at ${address}: the status port is on 127.0.0.1 alone`,
  statusIs: (line: string) => `one line: ${line}`,
  statusWas: (line: string) => `it was: ${line}`,
  statusIsOneLine: 'one line for all upstreams, then the end of the stream, such as: 3000 up open=2 total=17 failed=0',
  nobodyListensThere: 'nothing listens there',
  streamDidNotEnd: (text: string, seconds: string) => `the stream had not ended ${seconds} later; so far came: ${text}`,
  streamWasReset: (text: string) => `the connection was reset; before that came: ${text}`,
  cameText: (text: string) => `this came: ${text}`,
  nothing: 'nothing',
  oneRefusesTitle: (clients: number) =>
    `One of three upstreams is dead: ${clients} clients in a row are served by the others, for each value of BALANCE`,
  oneIsNotThere: (letter: string) => `left out upstream ${letter}: its port refuses connections`,
  oneHangsTitle: 'One upstream answers no handshake: its client is handed on, with all that it has sent',
  oneAnswersNothing: (letter: string) => `had upstream ${letter} answer no handshake`,
  threeSentAtOnce: 'connected three clients, each of which sent its bytes at once; one of them has to be handed on',
  bytesReachOne: (client: string) => `the bytes of ${client} reach one of the upstreams`,
  bytesReachedNone: (seconds: string) => `they reached none of them within ${seconds}`,
  bytesReachedNoneAndClosed: 'they reached none of them, and its connection was closed',
  rememberedTitle: 'An upstream that failed is passed over as long as RETRY_AFTER_MS says',
  oneStarted: (letter: string) => `started upstream ${letter}`,
  noneGoThere: (letter: string, ms: string) =>
    `none of them goes to upstream ${letter}: it has failed less than ${ms} ms ago`,
  othersShareAlike: (one: string, other: string, least: number) =>
    `upstreams ${one} and ${other} share these clients in turns: at least ${least} go to each`,
  comesBackTitle: 'An upstream that is back gets its share again when RETRY_AFTER_MS is over, and no client is lost',
  connectedUntilThere: (letter: string) => `connected one client after the other, until upstream ${letter} got one`,
  getsOneAgain: (letter: string, ms: number) =>
    `upstream ${letter}, which is back, is tried again ${ms} ms after it failed`,
  getsItsShare: (letter: string, least: number) =>
    `upstream ${letter}, which is back, gets its share of these clients, at least ${least}`,
  hasNoneYet: (letter: string, seconds: string, clients: number) =>
    `${clients} clients came within ${seconds}, and none of them went to upstream ${letter}`,
  diesTitle: 'An upstream dies at work: its clients are told, the others go on, new ones are served',
  oneDied: (letter: string) => `had upstream ${letter} die: its connections are reset, its port refuses new ones`,
  whenItsUpstreamDied: 'when its upstream has died',
  othersWentOn: 'exchanged a line with the clients of the others, then connected six new clients',
  allDeadTitle:
    'All upstreams are dead: a client is let go, the proxy lives, and the next client finds the one that is back',
  noneIsThere: 'started no upstream',
  whenAllRefuse: 'when no upstream takes it',
  nextFindsIt: (letter: string) =>
    `connected another client at once, and exchanged a line each way at upstream ${letter}`,
  statusDownTitle: 'The status line tells that an upstream is down, and that it is up again',
  oneIsDown: (most: number, a = 0, b = 0, c = 0) =>
    `${a} up … failed=0; ${b} down open=0 total=0 failed=1${most > 1 ? ` (${most} at most)` : ''}; ${c} up … failed=0`,
  twoAnswerNothing: (one: string, other: string) => `had upstreams ${one} and ${other} answer no handshake`,
  twoAreDown: (a = 0, b = 0, c = 0) =>
    `${a} down open=0 total=0 failed=1 (or more); ${b} down open=0 total=0 failed=1 (or more); ${c} up …`,
  allAreUp: (a = 0, b = 0, c = 0) => `${a} up …; ${b} up … total=1 (or more) …; ${c} up …`,
  connectedUntilUp: 'connected one client after the other, until the status line said that it is up',
  leftoversTitle: (clients: number) =>
    `${clients} clients with two of three upstreams dead, and ${clients} with none alive: nothing is left of them`,
  visitedAndLeft: (clients: number) =>
    `connected ${clients} clients, one after the other, exchanged a line with each, and let one side leave`,
  triedInVain: (clients: number) =>
    `had upstream A die, too, and connected ${clients} clients, all of which were closed`,
  asManyAsBefore: (count: number) => `as many sockets are open as before: ${count}`,
  socketsOpen: (count: number) => `${count} are open`,
  drainTitle:
    'SIGTERM with work to do and two of three upstreams dead: the old clients keep every byte, then exit code 0',
};
