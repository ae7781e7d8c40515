/** What the checks of stage 6 say: titles, steps, what was expected and observed. */
export const stage6 = {
  clientFinishesTitle: 'A client finishes sending: the upstream is told, and its answer still arrives',
  upstreamFinishesTitle: 'The upstream finishes sending: the client is told, and what it sends still arrives',
  sentLineAndFinished: (who: string) => `had ${who} send a line and finish, which ends one direction (FIN)`,
  answeredAfterThat: (who: string, bytes: string) => `had ${who} send ${bytes} bytes after that, and finish, too`,
  afterOtherFinished: 'after the other side had finished',
  seesEndOfStream: (who: string) => `${who} sees an ordinary end (FIN)`,
  itWasReset: 'its connection was reset (RST)',
  afterOtherReset: 'after the other side had reset its connection',
  isResetToo: (who: string) => `${who}'s connection is reset, too (RST)`,
  itSawAnEnd: 'it saw an ordinary end (FIN), as if the stream were complete',
  bothFinishTitle: 'A half-closed pair costs no time, and when both sides have finished it is gone',
  halfOfEachFinished: (pairs: number) => `connected ${pairs} pairs; of each, one side finished`,
  watchedHowBusy: 'watched how busy the program is',
  otherHalfFinished: 'had the other sides finish, too',
  asManyAsBefore: (count: number) => `as many sockets are open as before: ${count}`,
  socketsOpen: (count: number) => `${count} are open`,
  idleTimeoutTitle: 'A pair that is silent for IDLE_TIMEOUT_MS is closed, and one that talks is not',
  twoPairsTalk: (talk: number, idle: number) =>
    `connected five pairs, with IDLE_TIMEOUT_MS=${idle}: in one the client says something every ${talk} ms, in one the upstream; one older and one younger than these are silent, and so is one whose client has finished`,
  machineTooBusy: 'this machine was too busy to keep a pair talking',
  othersSilentToo: 'had the other pairs fall silent, too',
  afterSilence: 'after it was silent for too long',
  connectTimeoutTitle: 'A client whose upstream does not answer within CONNECT_TIMEOUT_MS is let go, and no other',
  connectedToSilentUpstream: (ms: number) =>
    `connected a client, with CONNECT_TIMEOUT_MS=${ms}, while the upstream answers no handshake`,
  whenHandshakeTakesTooLong: 'when the handshake takes too long',
  clientResetTitle: 'A client resets its connection: the upstream sees a reset, too, and no ordinary end',
  upstreamResetTitle: 'The upstream resets a connection: its client sees a reset, too, and no ordinary end',
  resetConnection: (who: string) => `exchanged a line each way; then ${who} reset its connection (RST)`,
  resetAfterOtherFinished: (who: string) => `exchanged a line each way; the other side finished, then ${who} reset`,
  resetAfterOwnEnd: (who: string) => `had ${who} finish, and reset once the other side had been told`,
  sentToWhoIsGone: (who: string) => `had ${who}, which could still send, send a line now and then`,
  endsWhoSendsToNobody: (who: string) => `the connection to ${who} ends, since no peer is left for what it sends`,
  stillOpen: (seconds: string) => `after ${seconds} it is still open`,
  resetWhileBytesWait: (who: string, reader: string) =>
    `had ${who} send to ${reader}, which reads nothing, until nothing more was taken; then ${who} reset`,
  slowLastBytesTitle: 'Both sides have finished, and one reads slowly: the proxy sleeps, and all bytes arrive',
  finishedAndReadsNothing: (reader: string, sender: string) =>
    `had ${reader} finish and read nothing, and ${sender} send until the proxy left some of it unread, and finish; watched how busy the program is`,
  finishedBehindMuch: (reader: string, sender: string) =>
    `had ${sender} send to ${reader}, which reads nothing, until the proxy left some of it unread, and 1 MiB more; had ${reader} finish, then ${sender}; watched how busy the program is`,
  resetBehindBoth: (reader: string, sender: string) =>
    `had ${reader} finish and read nothing, and ${sender} send until the proxy left some of it unread, and finish; ${reader} reset its connection, and another client exchanged a line each way`,
  readsOn: (reader: string) => `let ${reader} read on`,
  endingsTitle: (pairs: number) =>
    `${pairs.toLocaleString('en-US')} connections that end in every possible way leave nothing behind`,
  endedInEveryWay: (ways: number, wave: number, rounds: number) =>
    `ended pairs in ${ways} ways, ${wave} at a time, in ${rounds} rounds; counted sockets after each wave`,
  refusedWave: (wave: number) =>
    `had the upstream die, and connected ${wave} clients whose upstream connections were refused; started it again`,
  whenUpstreamRefuses: 'when the upstream refuses its connection',
  whenClientIsGone: 'when its client is gone',
  whenUpstreamIsGone: 'when its upstream connection is gone',
};
