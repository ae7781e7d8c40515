/** What the commands of npm run print. */
export const words = {
  stageSuchAs: (numbers: undefined | string) => `a stage such as ${numbers}`,
  milestoneSuchAs: (ids: undefined | string) => `a milestone such as ${ids}`,
  isMilestoneAndThis: (word: string, command: string, whole: string) =>
    `${word} is a milestone, but this command takes a whole stage. Type: ${command} ${whole}`,
  thereAre: (numbers: number, numbers2: string) => `There ${numbers === 1 ? 'is' : 'are'}: ${numbers2}`,
  noStage: (word: undefined | string, list: string, command: string, nearest: undefined | string) =>
    `There is no stage ${word}. ${list}. Type: ${command} ${nearest}`,
  noMilestoneHere: (word: undefined | string, current: number, ids: string, others: string) =>
    `There is no milestone ${word} (you are on stage ${current}, which has ${ids}).${others}`,
  stageHas: (number: number, ids: string) => ` Stage ${number} has: ${ids}.`,
  noMilestoneOfStage: (word: string, number: number, ids: string) =>
    `There is no milestone ${word}. Stage ${number} has: ${ids}.`,
  noStageOfMilestone: (word: string, stage: string, last: string) =>
    `There is no milestone ${word}: there is no stage ${stage}. Stages have the numbers 1 to ${last}.`,
  wholeStageMeant: (word: string, command: string, whole: string) =>
    `There is no milestone ${word}, and this command takes a whole stage. Type: ${command} ${whole}`,
  itsChecksAre: (list: string) => ` Its checks are: ${list}.`,
  noSuchCheck: (id: string, word: string, hint: string) => `Milestone ${id} has no check '${word}'.${hint}`,
  baseIsForBuilding: "'base' is for building. Type: npm run docs:build base /course/",
  notAPath: (text: string) =>
    `'${text}' is not a path to put the site at. Type, for example: npm run docs:build base /course/`,
  writtenAnew: (page: string) => `Rewritten: ${page}`,
  everyPageIsUp: 'Every page is up to date.',
  buildingSiteThisTakes: 'Building the site. This takes a few seconds.\n',
  siteNotInFolder: (sign: string, folder: string) =>
    `The site cannot be built in a folder with '${sign}' in its path: ${folder}. Rename the folder, or read docs/README.md.`,
  siteCouldNotBe: (failure: string) => `${failure}\nThe site could not be built: the lines above say why.\n`,
  siteIsInMade: (fromRoot: string, base: string) => `The site is in ${fromRoot}, made to be served at ${base}\n`,
  courseIsAtHttp: (port: number) => `The course is at http://localhost:${port} and Ctrl-C stops it.\n`,
  serverSiteEndedWith: (code: number) => `The server of the site ended with exit code ${code}.\n`,
  couldNotBeStarted: (command: string, message: string) => `${command} could not be started: ${message}\n`,
  allPortsTaken: (first: number, first2: number, word: string) =>
    `All ports from ${first} to ${first2} are taken. Name a free one: ${word} 9000`,
  portSuchAs: 'a port such as 3001',
  portIsNumberFrom: (asked: string) => `A port is a number from 1 to 65535; '${asked}' is not.`,
  portIsTakenBy: (port: number, word: string) =>
    `Port ${port} is taken by another program. Leave '${word}' out: a free one will be found.`,
  npmTook: (flag: string, command: string) =>
    `npm took --${flag} for itself. Put two dashes before it: ${command} -- --${flag} …`,
  typeAgain: (again: string) => `type ${again} again`,
  noCheckOfStage: (stage: number, role: string, next: string, elsewhere: undefined | string) => {
    const other =
      elsewhere === undefined ? '' : ` (For what failed last in milestone ${elsewhere}: npm run hint ${elsewhere})`;
    return `No check of your ${role} of stage ${stage} has failed yet, so there is nothing to help with. Type first: npm run milestone ${next}${other}`;
  },
  noCheckFailedIn: (id: string) =>
    `No check of milestone ${id} has failed yet, so there is nothing to help with. Type first: npm run milestone ${id}`,
  isGreenNoHint: (id: string, next: string) => `Milestone ${id} is green: there is nothing to help with. ${next}`,
  stageIsGreenNoHint: (stage: number, next: string) =>
    `All milestones of stage ${stage} are green: there is nothing to help with. ${next}`,
  nextCommand: (command: string) => `Next: ${command}`,
  checkMilestone: (number: number, milestoneId: string, checkId: string) =>
    `check ${number} of milestone ${milestoneId}, ${checkId}`,
  noTodo: (todo: string, others: string) => `There is no TODO ${todo}.${others}`,
  milestoneHasTodos: (id: string, todos: string) => ` Milestone ${id} has: ${todos}.`,
  theProgram: 'the program',
  thereIsNone: (fromRoot: string) => `There is no ${fromRoot}.`,
  cannotBeRead: (fromRoot: string, error: string) => `${fromRoot} cannot be read (${error}).`,
  bringBackWith: (what: string, back: string) => `${what} Bring it back with: ${back}`,
  noteHintsNot: (message: string) => `Note: the failed check could not be saved (${message}).`,
  noteProgressNot: (message: string) => `Note: your progress could not be saved (${message}).`,
  noteNoCopyYour: (message: string) => `Note: no copy of your file could be saved (${message}).`,
  wasLastMilestoneThere: 'That was the last milestone. Try your proxy in a browser: npm run proxy',
  nextMilestoneReadThen: (nextId: string, nextTitle: string, doc: string) =>
    `Next: milestone ${nextId}, ${nextTitle}. Read ${doc}, then: npm run milestone ${nextId}`,
  nextStageThen: (number: number, title: string) =>
    `Next: stage ${number}, ${title}. Go there: npm run stage ${number}`,
  noChecksDone: (total: number) => `  0 of ${total} checks done`,
  someChecksDone: (done: number, total: number) => `  ${done} of ${total} checks done`,
  replay: (fromRoot: string, opened: boolean) => `Replay: ${fromRoot}${opened ? ' (opening it)' : ''}\n`,
  seedIsToHexadecimal: (seed: string) => `A seed is 1 to 16 hexadecimal digits, e.g. 7f3a; '${seed}' is not.`,
  eitherSolutionOrCommand: "Either 'solution' or '--command', not both: whose program is to be judged?",
  picturesHaveChanged: (drawn: number, pictures: number) => `${drawn} of ${pictures} pictures have changed.\n`,
  screenshotNeedsChromiumOn: 'The screenshot needs Chromium. On Debian: apt-get install chromium\n',
  taken: (fromRoot: string) => `Taken: ${fromRoot}\n`,
  proved: (name: string, milestoneId: string, times: number, spread: string) =>
    `${name} ${milestoneId}  ${times} times, ${spread}\n`,
  allPassedEveryTime: 'All passed, every time.\n',
  tracedSolution: 'traced solution',
  solution: 'solution',
  solutionTimes: (milestoneId: string, times: number, spread: string) =>
    `solution           ${milestoneId}  ${times} times, ${spread}\n`,
  withTraceTimes: (milestoneId: string, times: number, spread: string) =>
    `  with its trace   ${milestoneId}  ${times} times, ${spread}\n`,
  tracedPlainMedians: (milestoneId: string, ratio: string) => `  traced / plain   ${milestoneId}  ${ratio} (medians)\n`,
  complaint: (
    name: string,
    milestoneId: string,
    checkId: string,
    status: string,
    seed: string,
    what: undefined | string,
  ) => `${name} ${milestoneId} ${checkId}: ${status} (seed ${seed}): ${what}`,
  leastMedianMost: (sorted: undefined | string, sorted2: undefined | string, sorted3: undefined | string) =>
    `${sorted} / ${sorted2} / ${sorted3} s (least, median, most)`,
  runningBrowseHttpLocalhost: (fromRoot: string, port: number, upstreamPort: number | string) =>
    `Running ${fromRoot}. Browse http://localhost:${port} while "npm run upstream" serves port ${upstreamPort}. Ctrl-C stops it.`,
  proxyEndedWithExit: (code: number) => `The proxy ended with exit code ${code}.\n`,
  isSkeletonAlreadyNothing: (file: string) => `${file} is already the skeleton. Nothing was changed.`,
  isSkeletonAgain: (file: string) => `${file} is the skeleton again.`,
  milestoneIsNotGreen: (open: undefined | string) => `Milestone ${open} is not green yet`,
  milestonesAreNotGreen: (open: string) => `Milestones ${open} are not green yet`,
  toSeeSolutionAll: (why: string, stageNumber: number) =>
    `${why}. To see the solution anyway, type: npm run solution ${stageNumber} yes`,
  andFindingYourselfIs: (why: string) =>
    `${why}, and finding it yourself is most of the fun. Are you sure that you want to see our solution? [y/N] `,
  thenNotForHelp: 'OK, not showing it. For help in small steps: npm run hint',
  nothingToCompare: (fromRoot: string, fromRoot2: string) =>
    `There is no ${fromRoot} to compare with. The solution is in ${fromRoot2}.`,
  yours: (fromRoot: string) => `${fromRoot} (yours)`,
  ours: (fromRoot: string) => `${fromRoot} (ours)`,
  yourFileAndOur: `Your file and our solution are the same, letter for letter.`,
  solutionGoesWithDiff: (here: string, stageNumber: number) =>
    `'solution' goes with 'diff': ${here}. To read our solution: npm run solution ${stageNumber}`,
  numberCopySuchAs: 'the number of a copy such as 2',
  stageBeginsAnew: (stageNumber: number) =>
    `Stage ${stageNumber} begins with a new program, so there is no earlier one to compare it with.`,
  chosenButInFolder: (chosen: number, here: number, folder: string) =>
    `Stage ${chosen} is chosen, but you are in the folder of stage ${here}, where commands mean stage ${here}. Leave it first: cd ${folder}`,
  theSkeleton: 'the skeleton',
  youHaveNotWritten: (beforeNumber: number, stageNumber: number) =>
    `Stage ${stageNumber} grew from stage ${beforeNumber}, which you have not written here. To write it: npm run stage ${beforeNumber}. To compare with our solution of it: npm run stage ${stageNumber} diff solution`,
  fromInStageTo: (isOurs: boolean, beforeNumber: number, stageNumber: number) =>
    `From ${isOurs ? 'our solution' : 'what you wrote'} in stage ${beforeNumber} to where stage ${stageNumber} begins:`,
  thereIsNoDifference: 'The files are the same.',
  asItIsNow: (row: string) => `${row}, and as it is now`,
  toBringOneBack: (stageNumber: number, copies: number) =>
    `To bring one back: npm run stage ${stageNumber} restore ${copies}. What is in the file now is kept first.`,
  copiesOldestFirst: (file: string) => `Copies of ${file}, oldest first:`,
  isJustLikeCopy: (file: string, number: number) =>
    `${file} is already the same as copy ${number}. Nothing was changed.`,
  isAgainAsWas: (file: string, timeOf: string, reasonOf: string) =>
    `${file} is again as it was on ${timeOf} (${reasonOf}).`,
  allCopiesAlsoWhat: (stageNumber: number) =>
    `All copies, with the one made just now: npm run stage ${stageNumber} restore`,
  toBringBackNpm: (stageNumber: number, number: number) =>
    `To bring it back: npm run stage ${stageNumber} restore ${number}`,
  whatWasThereIs: (fromRoot: string) => `What was there is kept: ${fromRoot}`,
  milestoneGreen: (milestones: number, milestones2: string) =>
    `milestone${milestones === 1 ? '' : 's'} ${milestones2} green`,
  noCopyYet: (file: string) =>
    `There is no copy of ${file} yet. One is made when a milestone turns green, and before a reset.`,
  thereIsOne: 'There is 1',
  thereAreTo: (count: number) => `There are 1 to ${count}`,
  noCopyOfThatNumber: (number: number, range: string, stageNumber: number) =>
    `There is no copy ${number}. ${range}. To see them: npm run stage ${stageNumber} restore`,
  atWork: (fromRoot: string) => `${fromRoot} at work`,
  runningAtHttpLocalhost: (fromRoot: string, proxy: number) =>
    `Running ${fromRoot} at http://localhost:${proxy}. Open that address, and watch here what happens:`,
  openingInYourBrowser: ' (opening it in your browser)',
  upstreamIsWhatListens: (upstream: number) => `The upstream is what listens on port ${upstream} already.`,
  upstreamServesOnPort: (upstream: string, upstream2: number) =>
    `The upstream serves ${upstream} on port ${upstream2}.`,
  ctrlCEndsEverything: 'Ctrl-C ends everything.',
  variableIsPort: (variable: string, text: undefined | string) =>
    `${variable} is a port, 1 to 65535; '${text}' is not.`,
  listensOnPortTalk: (port: number) =>
    `It listens on port ${port}. Talk to it from another terminal: npm run try 2 solution`,
  connectsToPortWhere: (port: number) =>
    `It connects to port ${port}, where "npm run try 1 solution" may listen. Type lines, then Ctrl-D`,
  browseHttpLocalhostWhile: (port: number, upstream: number | string) =>
    `Browse http://localhost:${port} while "npm run upstream" serves port ${upstream}`,
  ctrlCStops: 'Ctrl-C stops it.',
  runningProgram: (fromRoot: string, value: string, stop: string) => `Running ${fromRoot}. ${value}. ${stop}`,
  endedWithExitCode: (role: string, code: number) => `The ${role} ended with exit code ${code}.\n`,
  pythonServer: 'python3 -m http.server',
  httpServerThereIs: 'http-server (there is no python3 on this machine)',
  servingAtHttpLocalhost: (fromRoot: string, port: number, server: string) =>
    `Serving ${fromRoot} at http://localhost:${port} with ${server}. Ctrl-C stops it.`,
  upstreamPortTaken: (port: number, other: number) =>
    `Port ${port} is taken by another program; npm run doctor says by which. To take another port: UPSTREAM_PORT=${other} npm run upstream`,
  fileServerEndedWith: (code: number, port: number) =>
    `The file server ended with exit code ${code}. Is port ${port} taken by another program?\n`,
  judgingYourEachTime: (role: string) => `Judging your ${role} each time you save it. Ctrl-C ends this.\n\n`,
  needsSomethingAfter: (name: string) => `'${name}' needs a value after it.`,
  isOneWordToo: (word: string, plainName: string) =>
    `Unexpected argument '${word}': this command takes only one of that kind, ${plainName}.`,
  itKnows: (all: string) => ` It knows: ${all}.`,
  isNotWordThis: (word: string, hint: string) => `Unknown argument '${word}'.${hint}`,
  didYouMean: (candidate: string) => ` Did you mean '${candidate}'?`,
};
