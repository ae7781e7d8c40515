/** Causes of a program that is gone, from its exit status and its last words. */
export const ending = {
  uncaughtError: (message: string, part: string) => `the program died of an uncaught error: ${message}${part}`,
  lastSystemCall: (last: string) => `the last system call: ${last}`,
  callFailedExit: (call: string, inPlainWords: undefined | string) =>
    `the program ended because ${call}() failed: ${inPlainWords}`,
  theProgramEndedAfterHadFailed: (lastCall: string, inPlainWords: undefined | string) =>
    `the program ended after ${lastCall}() had failed: ${inPlainWords}`,
  commandNotFound: 'the command was not found',
  killed: (signal: string) => `the signal ${signal} ended the program`,
  loopEnded: (role: string) => `the program exited on its own: a ${role} has to run for ever`,
};
