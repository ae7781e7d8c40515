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
  makingReplay: 'Making the replay …',
  replayIsStillBeing: 'The replay is still being made.',
  noCheckHasFailed: 'No check has failed, so there is none to run alone.',
  passesNowNextRun: (beforeId: string) => `${beforeId} passes now. The next run takes all checks.`,
};
