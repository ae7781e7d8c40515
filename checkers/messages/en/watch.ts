/** npm run watch. */
export const watch = {
  keyAllChecks: 'f all checks',
  keyOnlyFailed: 'f only the failed',
  keyRunAgain: 'r run again',
  keyNextMilestone: 'n next milestone',
  onlyFailedCheck: 'only the failed check',
  thenLater: (later: string) => `, then: ${later}`,
  checksDoneRStart: (done: number, total: number, value: string) =>
    `  ${done} of ${total} checks done${value}   r start again   n next milestone   q quit`,
  pressH: 'press h',
  pressF: 'press f: only this check, with the same bytes',
  pressR: 'press r: this check, with the same bytes',
  nextMilestonePress: (id: string, title: string, doc: string, stage: undefined | number) => {
    const choice =
      stage === undefined ? '' : ` When you have left with q, npm run stage ${stage} makes stage ${stage} your stage.`;
    return `Next: milestone ${id}, ${title}. Read ${doc}, then press n.${choice}`;
  },
  pressHintAgain: 'press h again',
  noHintYet: (id: string) =>
    `No check of milestone ${id} has failed yet, so there is nothing to help with. Press r to run its checks.`,
  nextKey: 'Next: press n.',
  makingReplay: 'Making the replay …',
  replayIsStillBeing: 'The replay is still being made.',
  noCheckHasFailed: 'No check has failed, so there is none to run alone.',
  passesNowNextRun: (beforeId: string) => `${beforeId} passes now. The next run takes all checks.`,
};
