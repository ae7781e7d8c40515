/** npm run watch [1]: judges the learner's program each time a file is saved. Exit code 0, or 2 when it cannot run. */

import { course, type Milestone, stageOf } from '../checkers/course/course.ts';
import { readProgress } from '../checkers/progress/progress.ts';
import { milestonesChosen, milestoneWord } from './choosing.ts';
import { readWords } from './command-line.ts';
import { reportErrors } from './report-errors.ts';
import { onKeys } from './watch/keys.ts';
import { Screen } from './watch/screen.ts';
import { Session } from './watch/session.ts';
import { initialState } from './watch/state.ts';

const vocabulary = { switches: [], options: [], ...milestoneWord };

export function main(typed: string[]): Promise<number> {
  return reportErrors(async () => {
    const { plain } = readWords(typed, vocabulary);
    const first = chooseMilestone(plain[0]);
    await watch(first);
    // A cancelled check may run on for a moment: exit without waiting for it.
    process.exit(0);
  });
}

async function watch(first: Milestone): Promise<void> {
  const keys = process.stdin.isTTY && process.stdout.isTTY;
  const milestones = course.flatMap((stage) => stage.milestones.map(({ id }) => id));
  const session = new Session(initialState(milestones, first.id), new Screen(keys));
  const quit = (): void => session.on({ type: 'wish', wish: 'quit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quit);
  const giveBack = keys ? onKeys((wish) => session.on({ type: 'wish', wish })) : () => {};
  process.stdout.on('resize', () => session.resized());
  try {
    if (!keys) process.stdout.write(`Judging your ${stageOf(first).role} each time you save it. Ctrl-C ends this.\n\n`);
    session.on({ type: 'begin' });
    await session.ended;
  } finally {
    giveBack();
    await session.close();
  }
}

/** The milestone that is named; or the first one of the stage that is not green yet, else its last. */
function chooseMilestone(word: string | undefined): Milestone {
  const { green } = readProgress();
  const meant = milestonesChosen(word);
  const chosen = meant.find(({ id }) => green[id] === undefined) ?? meant.at(-1);
  if (chosen === undefined) throw new Error('a stage without milestones');
  return chosen;
}
