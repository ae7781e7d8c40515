/** What students and instructors read about how a submission was judged: what kept it from running, or from a mark. */
export const judging = {
  buildTookMore: (command: string, seconds: number) => `the build command '${command}' took more than ${seconds} s`,
  buildFailed: (command: string, code: number | null) => `the build command '${command}' failed with exit code ${code}`,
  compilerBrokeDown: (name: string) =>
    `${name}: the compiler crashed on this file; perhaps something in it is nested too deeply`,
  moreMistakes: (count: number) => `${count} more like ${count === 1 ? 'this' : 'these'}`,
  importsSolution: (path: string) => `it imports the solution (${path}) instead of being one`,
  importsFile: (path: string, name: string) =>
    `${path} is another file; here ${name} has #linux and what Node brings, nothing else`,
  importsPackage: (path: string, name: string) =>
    `${path} is a package; here ${name} has #linux and what Node brings, nothing else`,
  helpers: (names: string) => `It used other programs: ${names}.`,
  notStarted: (complaint: string) => `the program could not be started in its sandbox: ${complaint}`,
  noStart: (seconds: number) => `a program did not start within ${seconds} s`,
  tooMuchMemory: (name: string, gigabytes: number) =>
    `A process of the program (${name}) was ended: together they held more than ${gigabytes} GB of memory.`,
  timeWasOver: (seconds: number) => `The time for one submission, ${seconds} s, was over before all checks were done.`,
  timeWasOverFor: (seconds: number) => `the time for one submission, ${seconds} s, was over before this check was done`,
  notJudged: (checks: string) => `These checks could not be judged: ${checks}.`,
  noEnd: 'The grader did not finish in time.',
  graderFailed: (complaint: string) => `The grader itself failed: ${complaint}`,
  workerExited: (code: number | null, complaint: string) =>
    `the worker ended with exit code ${code} and no answer${complaint === '' ? '' : `: ${complaint}`}`,
  workerKilled: (signal: string, complaint: string) =>
    `the worker ended with signal ${signal} and no answer${complaint === '' ? '' : `: ${complaint}`}`,
  noTrust: (trouble: string) => `Not reliable, so there is no mark yet: while this was graded, ${trouble}`,
  aCanaryFailed: 'a canary failed.',
  canaryNotJudged: (id: string, problem: string) => `${id} could not be judged: ${problem}`,
  solutionFails: (checks: string) => `our own solution fails ${checks}.`,
  canaryPasses: (id: string, check: string) => `${id}, a buggy program, passes ${check}.`,
  solutionSlow: (now: number, atStart: number) =>
    `our own solution took ${now} s, and ${atStart} s at the start: this machine is too busy for checks that wait.`,
};
