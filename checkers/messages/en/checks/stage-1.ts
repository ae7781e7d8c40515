/** What the checks of stage 1 say: titles, steps, what was expected and observed. */
export const stage1 = {
  letInTitle: (clients: number) =>
    `${clients} clients, one after the other: each is accepted, and when it leaves, its connection is closed`,
  connectedClientWhichSent: (number: number) => `connected client ${number}, which sent nothing and left`,
  afterLeft: 'after it left',
  listeningTitle: 'The server listens on the port that it is given, and stays up',
  restartTitle: 'After a restart the port is free again at once',
  connectedOneClient: 'connected one client',
  killedServerWhileClient: 'killed the server while the client was connected',
  connectedAnotherClient: 'connected another client',
  clientResetsTitle:
    'A client breaks its connection off (RST), in a line or before its answers: the next one is served',
  connectedClientWhichReset: 'connected a client, which reset its connection in the middle of a line',
  hadLineNextClient: 'exchanged a line with the next client',
  connectedOneSentMb: 'connected one that sent 6 MB of lines, read no answer, and reset its connection',
  lineTitle: 'A line comes back reversed, with its newline at the end, and nothing else comes',
  longLineTitle: 'A line of 20,000 bytes is answered like a short one',
  everyByteTitle: 'Blanks, carriage returns, capitals, and bytes that are not text are reversed like any others',
  nextClientTitle: 'A client leaves in the middle of a line: its connection is closed, and the next client is served',
  connectedClientHadLine: 'connected a client, and exchanged a line with it',
  connectedSecondOneWhich: 'connected a second one, which waits; the first sent half a line and left',
  sentTwoLinesSecond: 'sent two lines of the second client',
  didSameThirdClient: 'did the same with a third client',
  piecesTitle: 'A line that arrives in pieces is answered once, when it is whole',
  severalLinesTitle: 'Several lines that arrive in one piece are all answered',
  slowReaderTitle: 'A client that sends megabytes and reads slowly gets every byte of every answer',
};
