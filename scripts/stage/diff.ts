/** npm run stage N diff: the step from the stage before to this one, as a diff. */
import { readFileSync } from 'node:fs';
import { programPath, type Stage, stageBefore } from '../../checkers/course/course.ts';
import { learnersFile } from '../../checkers/course/replace.ts';
import { sameText, skeletonOf } from '../../checkers/course/skeleton.ts';
import { text as messages } from '../../checkers/messages/index.ts';
import { diffLines, type Named } from '../../checkers/report/diff.ts';
import { width, wrap } from '../../checkers/report/layout.ts';
import { fromRoot } from '../../checkers/root.ts';

/**
 * How this stage's skeleton, as delivered, differs from the program of the stage before.
 *
 * @param whose program of the stage before: the learner's, as far as they have begun it, or ours
 */
export function stepLines(stage: Stage, whose: 'learner' | 'solution'): string[] {
  const room = width(process.stdout.columns);
  const before = stageBefore(stage);
  if (before === undefined) {
    return wrap(messages.words.stageIsFirstCourse(stage.number), room);
  }
  const text = whose === 'learner' ? begunByLearner(before) : undefined;
  const from = text === undefined ? ours(before) : named(before, 'stages', 'yours', text);
  const to = named(stage, 'stages', messages.words.theSkeleton, skeletonOf(stage));
  const lines = diffLines(from, to);
  const head =
    text === undefined && whose === 'learner'
      ? messages.words.youHaveNotWritten(before.number)
      : messages.words.fromInStageTo(text, before.number, stage.number);
  return [...wrap(head, room), '', ...(lines.length === 0 ? [messages.words.thereIsNoDifference] : lines)];
}

/** What the learner made of a stage; undefined where there is nothing, or nothing but the skeleton. */
function begunByLearner(stage: Stage): string | undefined {
  const text = learnersFile(stage)?.toString();
  return text === undefined || sameText(text, skeletonOf(stage)) ? undefined : text;
}

function ours(stage: Stage): Named {
  return named(stage, 'solutions', 'ours', readFileSync(programPath(stage, 'solutions'), 'utf8'));
}

function named(stage: Stage, whose: 'stages' | 'solutions', note: string, text: string): Named {
  return { name: `${fromRoot(programPath(stage, whose))} (${note})`, text };
}
