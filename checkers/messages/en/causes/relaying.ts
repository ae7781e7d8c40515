/** Causes of bytes that arrive changed, elsewhere, too many or too few, while nothing blocks. */
export const relaying = {
  peeks: 'recv() was called with MSG_PEEK, which leaves the bytes where they are: the same bytes come again and again',
  sentBack: (fromKind: string) => `the bytes went back to the ${fromKind} that they came from`,
  answersItself: (fd: number) =>
    `the program answered the client on ${fd} itself: what it sent is not what had come, and the upstream was not asked`,
  sentUnasked: (bytes: number, kind: string, fd: number) =>
    `${bytes} bytes were sent to the ${kind} on ${fd} before any bytes had come: a proxy sends no bytes of its own`,
  routeTable: (tableInWords: string) => ` The route table was ${tableInWords}.`,
  noRowFound: (recvFd: string | number, table: string) =>
    `the look-up in the route table found no partner for descriptor ${recvFd}, and the -1 was used as a socket.${table}`,
  rowPairGoneStill: (stale: string) =>
    `the row [${stale}] of a closed pair is still in the route table, and was found first`,
  bytesWentWhichBelongs: (fromKind: string, fromFd: number, strayFd: number, toFd: number) =>
    `bytes of the ${fromKind} on ${fromFd} went to ${strayFd}, which belongs to another pair; its own partner is ${toFd}`,
  theRouteTableWas: (tableInWords: string) => `the route table was ${tableInWords}`,
  sentMoreThanReceived: (result: number, sent: number, sent2: number) =>
    `recv() returned ${result} bytes, and send() was given ${sent}: ${sent2} more than came`,
  firstWereSkipped: (offset: number) => `; the first ${offset} were skipped`,
  sentLessThanReceived: (result: number, sent: number, skipped: string, cutAt: string) =>
    `recv() returned ${result} bytes, and only ${sent} of them were offered to send()${skipped}${cutAt}`,
  firstOneLeftOut: '; the first one left out is a NUL (00): bytes are not a C string',
  theFirstOneLeftOutIsWhiteSpace: '; the first one left out is white space',
  thoughAsManyBytes: 'though as many bytes',
  bytesCameWereLeave: (result: number, length: number) => `${result} bytes came and ${length} were to be sent`,
  bytesWereTurnedInto: 'the bytes were turned into a string and back on their way; what is not UTF-8 became ef bf bd',
  whatGivenSendNot: (how: string) => `send() was given other bytes than recv() had returned: ${how}`,
  bufferReused: 'bytes that waited to be sent were overwritten: the next recv() wrote into the same buffer',
  theseWereNoLonger: (later: string) => `${later}, and these were no longer the bytes that had come`,
  receivedNotSent: (result: number, fromKind: string, fromFd: number) =>
    `${result} bytes came from the ${fromKind} on ${fromFd}, and no send() followed before the program waited for the next event`,
  nextCall: (waitedCall: string, waitedFd: number) => `the next call was ${waitedCall}(${waitedFd})`,
  neverRead: (kind: 'client' | 'upstream', fd: number) =>
    `bytes came from the ${kind}, and the program never called recv() on the socket that leads there (${fd})`,
  noRecv: (fd: number) => `no recv(${fd}) followed`,
};
