/** Causes of what goes wrong when send() takes only a part, or nothing. */
export const sending = {
  resentFromStart: (result: number, offered: number) =>
    `send() took ${result} of ${offered} bytes, and the next one began again at the first byte: those ${result} arrive twice`,
  skipsAfterPartial: (
    result: number,
    offered: number,
    left: number,
    args: undefined | string | number,
    left2: number,
  ) =>
    `send() took ${result} of ${offered} bytes, so ${left} were left; the next one was given ${args} and skipped ${left2}`,
  minusOneAdded: (errno: undefined | string) =>
    `send() failed with ${errno}, and its -1 was added to the number of bytes written`,
  cameNextOneByte: (next: string) => `${next} came next: one byte more than before`,
  sendErrorIgnored: (errno: undefined | string, count: string) =>
    `send() failed with ${errno} and was called again and again, ${count} times: the connection takes no more bytes`,
  sendsNothing: (fd: number, count: string) =>
    `send(${fd}) was offered 0 bytes again and again, ${count} times: it takes none, so the loop around it never ends`,
  sendSaidThereNo: 'send() had no room at the moment (EAGAIN), and the program closed the connection',
  sendTookBytesProgram: (result: number, args: undefined | string | number) =>
    `send() took ${result} of ${args} bytes, and the program closed the connection`,
  eagainCloses: 'recv() had no bytes at the moment (EAGAIN), and the program closed the connection',
  sendSaidThatThereIsNoRoomAt: (left: number) =>
    `send() said that there is no room at the moment (EAGAIN), and the ${left} bytes that it did not take were never offered again`,
  sendTookBytesOther: (result: number, args: undefined | string | number, left: number) =>
    `send() took ${result} of ${args} bytes, and the other ${left} were never offered again`,
  theNextOn: (lastFd: number, later: string) => `the next on ${lastFd}: ${later}`,
  noOtherSendFollowed: (lastFd: number) => `no other send(${lastFd}) followed`,
  bufferReused: 'bytes that waited to be sent were overwritten: a later recv() wrote into the same buffer',
  asManyBytesBut: (again: string) => `${again}: as many bytes, but others`,
  restSentAgain: (length: number, fd: number) =>
    `the same ${length} bytes were given to send(${fd}) twice, although it had taken all of them the first time: the program has to forget bytes once they are sent`,
};
