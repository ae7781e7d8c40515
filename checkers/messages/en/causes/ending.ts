/** Causes of a program that is gone, from its exit status and its last words. */
export const ending = {
  uncaughtError: (message: string, part: string) =>
    `the program died of an error that nothing caught: ${message}${part}`,
  lastSystemCall: (last: string) => `the last system call: ${last}`,
  callFailedExit: (call: string, inPlainWords: undefined | string) =>
    `the program ended because ${call}() failed: ${inPlainWords}`,
  theProgramEndedAfterHadFailed: (lastCall: string, inPlainWords: undefined | string) =>
    `the program ended after ${lastCall}() had failed: ${inPlainWords}`,
  commandNotFound: 'the command was not found',
  killed: (signal: string) => `the program was ended by the signal ${signal}`,
  loopEnded: (role: string) => `the program came to its end by itself: a ${role} has to go on for ever`,
};
