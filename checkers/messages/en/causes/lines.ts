/** Causes of wrong answers of a server of lines: what was made of the bytes of a client. */
export const lines = {
  answersPieces:
    'a piece of a line was answered as if it were a whole one: TCP carries bytes, and a line ends only at its newline',
  newlineReversed: 'the newline was reversed with the line, so it comes first instead of last',
  notReversed: 'the line went back as it had come',
  reversedTogether: 'several lines came in one piece, and the piece was reversed as a whole instead of line by line',
  firstLineOnly: (split: number) => `${split} lines came in one piece, and only the first of them was answered`,
  thenCame: (next: string) => `then came ${next}`,
  newlineLost: 'the answer has no newline at its end, so the client never learns that it is whole',
  beginningLost: (begun: string) =>
    `the line came in pieces, and what had come before the last one, ${begun}, was forgotten`,
  halfLineClientBefore: `half a line that the previous client left behind was answered together with the line of the next one`,
  halfLineClientAnswered: (clientFd: number, clientFd2: number) =>
    `half a line of the client on ${clientFd} was answered together with the line of the one on ${clientFd2}: each client needs its own place for the beginning of its line`,
  beginningOverwritten: (begun: string) =>
    `the beginning of a line, ${begun}, was overwritten by the bytes of the next client: subarray() is a view of the shared buffer, and Buffer.from() makes a copy`,
  sentMoreThanReceived: (came: number, args: undefined | string | number) =>
    `${came} bytes of this client waited for their answer, and send() was given ${args}: the other bytes were left in the buffer from before, or no client had sent them`,
  lineLostAtEagain: (lines: string) =>
    `the line ${lines} had come, the next recv() failed with EAGAIN, and no send() followed: that -1 is no number of bytes to add, and the line has still to be answered`,
  receivedNotSent: (lines: string) => `the line ${lines} had come, and no send() followed`,
  partialSendIgnored: (result: number, args: undefined | string | number, left: number) =>
    `send() took ${result} of ${args} bytes, and the other ${left} were never offered again`,
  theNextOn: (partialFd: number, next: string) => `the next on ${partialFd}: ${next}`,
  lineTrimmed: (lost: string) =>
    `blanks at the ends of a line, or its carriage return, were left out (${lost}): a line is every byte before its newline`,
  textConversion:
    'bytes were turned into a string and back: what is not UTF-8 became the bytes ef bf bd, which stand for "unreadable"',
  capitalsChanged: 'capitals became small letters, or the other way round: only their order may change',
  answeredTwice: (lines: string) => `the line ${lines} came once and was answered twice`,
};
