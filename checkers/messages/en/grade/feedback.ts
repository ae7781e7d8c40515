/** What students read about their hand-in, on their page and in the files of other systems. */

function points(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'point' : 'points'}`;
}

export const feedback = {
  /** How a check ended. */
  status: {
    pass: 'passed',
    fail: 'failed',
    unsteady: 'flaky',
    skipped: 'not judged',
    broken: 'to be judged again',
  },
  /** How a try ended that was none. */
  waited: 'waiting for another check',
  attempts: (ended: string[]) => `It was tried ${ended.length} times: ${ended.join(', then ')}.`,
  stage: (number: number) => `Stage ${number}`,
  stageOf: (stage: string, student: string) => `${stage}, ${student}`,
  milestone: (id: string, title: string) => `Milestone ${id}: ${title}`,
  place: (milestoneId: string, checkNumber: number) => `${milestoneId} check ${checkNumber}`,
  checkEnded: (place: string, status: string, title: string) => `${place}, ${status}: ${title}`,
  checkInItsMilestone: (number: number) => `Check ${number}`,
  noMarkYet: (problem: string | null) =>
    `There is no mark yet, and that is not the student's fault: the grader could not do its part${problem === null ? '' : `: ${problem}`}`,
  nothingToRun: (given: number, outOf: number, problem: string | null) =>
    `${given} of ${points(outOf)}: there was nothing that could be run${problem === null ? '' : `: ${problem}`}`,
  mark: (given: number, outOf: number) => `${given} of ${points(outOf)}.`,
  late: (days: number, cost: number) => `${days} ${days === 1 ? 'day' : 'days'} late, ${points(cost)} off`,
  itCame: (late: string) => `It came ${late}.`,
  given: (given: number, outOf: number) => `${given} of ${outOf}`,
  walkThrough: 'Walk through what happened, step by step',
  /** Headings of the table of checks. */
  columns: {
    check: 'check',
    title: 'what holds for a correct program',
    result: 'result',
    points: 'points',
  },
  /** In front of a paragraph about a check. */
  labels: {
    notJudged: 'Not judged',
    bytes: 'Bytes',
    stopped: 'The program stopped',
    printed: 'It printed',
    again: 'See it again',
  },
  causeNotKnown: 'not known; what was seen is above',
  firstThatDiffers: (offset: number, from: number) =>
    `the first byte that differs is byte ${offset.toLocaleString('en-US')}; from byte ${from.toLocaleString('en-US')} on`,
  notGradedYet: 'Not graded yet',
  noMarkBecause: (problem: string) => `There is no mark yet, and that is not the student's fault: ${problem}`,
  noMarkRunAgain: (problem: string) => `${problem}\nThis is no mark. The instructor has to run the autograder again.`,
  graderBroke: 'the grader broke',
  notGraded: 'Not graded',
  weightsOfRubric: 'Weights of the rubric',
  canBeGraded: 'can be graded',
};
