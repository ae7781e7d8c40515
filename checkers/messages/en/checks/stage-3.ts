/** What the checks of stage 3 say: titles, steps, what was expected and observed. */
export const stage3 = {
  asleepTitle: 'While its clients say nothing the server sleeps; it survives being stopped and continued',
  connectedClientsWhichSend: (clients: number) =>
    `connected ${clients} clients, which send nothing, and watched how busy the program is`,
  connectedOneMore: 'connected one more client',
  letInTitle: (clients: number) => `${clients} clients at once, which say nothing: all of them are accepted, and stay`,
  connectedClientsAtOnce: (clients: number) => `connected ${clients} clients at once, which send nothing and stay`,
  listeningTitle: 'The server listens on the port that it is given, and stays up',
  idleTitle: 'When some clients have left and the others say nothing, the server sleeps',
  hadFourClientsAsk: 'four clients sent a line; one stayed, one left, one closed at once, one reset its connection',
  watchedHowBusyProgram: 'watched how busy the program is',
  hadFirstAnswered: 'exchanged a line with the first client',
  leavesTitle: 'Clients leave, or break off (RST), in a line or before their answers: the others are served',
  connectedThreeClientsHad: 'connected three clients, and exchanged a line with each',
  hadSecondLeaveMiddle: 'had the second leave in the middle of a line, and the third reset its connection in one',
  afterLeft: 'after it left',
  hadLineFirstClient: 'exchanged a line with the first client, then with a new one',
  connectedOneSentMb: 'connected one that sent 6 MB of lines, read no answer, and reset its connection',
  lineTitle: 'A line comes back reversed, with its newline at the end, and nothing else comes',
  ownLinesTitle: (clients: number) =>
    `${clients} clients send their lines piece by piece, all at the same time: none are mixed up`,
  connectedClientsAtTime: (clients: number, wave: number) => `connected ${clients} clients, ${wave} at a time`,
  letEachSendLine: (pieces: number) => `let each send a line of its own in ${pieces} pieces, all at the same time`,
  everyByteTitle: 'Blanks, carriage returns, capitals, and bytes that are not text are reversed like any others',
  patientTitle: 'A client that says nothing, and one in the middle of a line, do not delay the others',
  connectedOneClientSays: 'connected one client that says nothing, and one that sent half a line',
  connectedTwoMoreHad: 'connected two more, and exchanged a line with each, twice',
  sentOtherHalfLine: 'sent the other half of the line',
  piecesTitle: 'Several lines in one piece, one line in pieces, and a line of 20,000 bytes: each is answered once',
  sequenceTitle: (visitors: number) =>
    `${visitors} clients, one after the other, each leave half a line: no other client gets it, and no socket stays open`,
  hadClientsComeOne: (visitors: number) =>
    `had ${visitors} clients come one after the other: a line, its answer, half a line, and gone`,
  hadLineClientAnswered: 'exchanged a line with a client that was connected all the time',
  countedServersOpenSockets: "counted the server's open sockets",
  asManyOpenSockets: (visitors: number, before: number) =>
    `as many open sockets as before the ${visitors} clients: ${before}`,
  socketsAreOpen: (now: number) => `${now} sockets are open`,
};
