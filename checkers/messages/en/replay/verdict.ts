/** How the check went, beside the picture. */
export const verdict = {
  passed: 'passed',
  failed: 'failed',
  broken: 'broken',
  notSameTwice: 'flaky',
  notJudged: 'not judged',
  seed: (seed: string) => `Seed ${seed}.`,
  firstTimeWhenFailed: (title: string) => `${title} (the first time, when it failed)`,
  secondTimeWhenPassed: (title: string) => `${title} (the second time, when it passed)`,
  check: (checkNumber: number, checkId: string, words: string) => `Check ${checkNumber}, ${checkId}: ${words}`,
  checkerHasSeenWhat: 'The checker has seen what it wanted to see: the check passes.',
  checkerGivesUp: (observed: string) => `The checker gives up: ${observed}.`,
  checkFailedAndPassed:
    'The check failed, and passed when it was tried again with the same bytes: often a race in the program.',
  weDoNotKnow: 'we do not know why; walk through the steps and see',
  traceHasLinesThis: (all: undefined | string, half: undefined | string) =>
    `The trace has ${all} lines. This page knows the first ${half} and the last ${half}; what came between may be missing from the picture.`,
  fromByteOn: (from: string) => `from byte ${from} on:`,
  due: (hexLine: string) => `due   ${hexLine}`,
  came: (hexLine: string) => `came  ${hexLine}`,
  programPrintedLast: 'the program printed last:',
};
