/** What the checks of stage 5 say: titles, steps, what was expected and observed. */
export const stage5 = {
  thisSystemDoesNotLet: 'this system does not let us fill the queue of a listening socket',
  upstreamAcceptsNext: 'the proxy opens an upstream connection for its client',
  noneCameWithin: (seconds: string) => `none came within ${seconds}`,
  silentUpstreamTitle: 'An upstream that does not answer a handshake stalls no other client',
  connectedClientServed: 'connected a client, and exchanged a line each way',
  filledQueueThenConnected:
    'filled the queue of the upstream, so that it answers no handshake, and connected two more clients',
  exchangedLineWithFirst: 'exchanged a line each way with the first client',
  otherHangingClientReset:
    'had the third client reset its connection, watched how busy the program is, and exchanged a line with the first one',
  hangingClientLeft: 'had the second client leave, and exchanged a line with the first one again',
  earlyBytesTitle: 'What a client sends before its upstream connection is established arrives later, all of it',
  sentBeforeHandshake: (bytes: string) =>
    `filled the queue of the upstream, so that it answers no handshake; a client connected and sent ${bytes} bytes`,
  emptiedQueue: 'emptied the queue: the handshake succeeds when the kernel repeats it',
  stalledClientTitle: 'A client that does not read stalls no other client',
  sentToClientThatReadsNothing: 'sent to a client that reads nothing, until no more was taken',
  exchangedWithOthers: 'exchanged a line each way with a client that was connected before, then with a new one',
  stalledUpstreamTitle: 'An upstream that does not read stalls no other client',
  sentToUpstreamThatReadsNothing:
    'had a client send to an upstream connection that reads nothing, until no more was taken',
  pacesDownTitle: 'To clients: slow and fast, sending and reading, in all four pairings every byte arrives',
  sentDownInFourPairs: 'had four upstream connections send, two fast and two slow, each to a fast or a slow client',
  pacesUpTitle: 'To the upstream: slow and fast, in all four pairings every byte arrives',
  sentUpInFourPairs: 'had four clients send, two fast and two slow, each to an upstream that reads fast or slowly',
  otherDirectionTitle: 'While a client does not read, what it sends still arrives',
  hadItSend: 'had the same client send 4 MiB',
  takesNoMoreTitle: '1 GiB for a peer that does not read: the proxy takes a few MiB of it, and leaves the rest',
  offeredGibibyte: (who: string) =>
    `offered 1 GiB to ${who === 'client' ? 'a client that' : 'an upstream that'} reads nothing`,
  resetWithoutReading: 'had the client reset its connection, with all of that unread',
  answeredMeanwhile: 'had that upstream send a line meanwhile',
  proxyStopsReading: (from: string, to: string) => `the proxy stops reading from ${from} while ${to} takes nothing`,
  tookMiBWithout: (mebibytes: number) => `it took ${mebibytes} MiB, and would have gone on`,
  sleepsTitle: 'While bytes have to wait the proxy sleeps, and goes on when there is room',
  blockedTwoPairs:
    'blocked two pairs: the client of one reads nothing, the upstream of the other neither; watched how busy the program is',
  letFirstGoOn: 'let the first client read on, then watched again',
  resetBlockedSender: 'had the client of the second pair reset its connection, and watched again',
  roundTripStaysTitle: "With a stalled reader and a fast sender beside it, another client's round trip stays as it was",
  measuredRoundTrip: 'measured how long a line each way takes a client',
  sentFastToStalled: 'sent to another client, which reads nothing, until no more was taken; measured again',
  asFastAsBefore: (ms: string) => `a line each way takes about as long as before: ${ms} ms`,
  tookWhile: (ms: string) => `it took ${ms} ms while another client did not read`,
  lastBytesTitle: 'The upstream answers with 8 MiB and closes: a slow client gets all of it, and then the end',
  answeredAndClosed: 'had the upstream send 8 MiB and close, to a client that reads slowly',
  uploadedAndClosed: 'had a client send 8 MiB and close, to an upstream that reads slowly',
  closedWhileHeld: (sender: string, reader: string) =>
    `had ${sender} send until the proxy had bytes that ${reader} had no room for, and close; then ${reader} read slowly`,
  whenAllHadArrived: 'when all had arrived',
};
