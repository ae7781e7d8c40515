/** npm run stage N diff: the step to this stage from the one that its program grew from, as a diff. */
import { origin, programPath, type Stage } from '../../checkers/course/course.ts';
import { sameText, skeletonOf, solutionOf } from '../../checkers/course/skeleton.ts';
import { learnersFile } from '../../checkers/progress/replace.ts';
import { diffLines, type NamedText } from '../../checkers/report/diff.ts';
import { width, wrap } from '../../checkers/report/layout.ts';
import { fromRoot } from '../../checkers/root.ts';

/**
 * How this stage's skeleton, as delivered, differs from the program that it grew from.
 *
 * @param whose program of that stage: the learner's, as far as they have begun it, or ours, which is a solution and
 * therefore shown only where it was asked for
 */
export function stepLines(stage: Stage, whose: 'learner' | 'solution'): string[] {
  const room = width(process.stdout.columns);
  const before = origin(stage);
  if (before === undefined)
    return wrap(
      `Stage ${stage.number} begins with a new program, so there is no earlier one to compare it with.`,
      room,
    );
  const from = whose === 'solution' ? ours(before) : begunByLearner(before);
  if (from === undefined)
    return wrap(
      `Stage ${stage.number} grew from stage ${before.number}, which you have not written here. To write it: npm run stage ${before.number}. To compare with our solution of it: npm run stage ${stage.number} diff solution`,
      room,
    );
  const to = named(stage, 'stages', 'the skeleton', skeletonOf(stage));
  const lines = diffLines(from, to);
  const head = `From ${whose === 'solution' ? 'our solution' : 'what you wrote'} in stage ${before.number} to where stage ${stage.number} begins:`;
  return [...wrap(head, room), '', ...(lines.length === 0 ? ['The files are the same.'] : lines)];
}

/** The learner's program of a stage; undefined if missing or still the skeleton. */
function begunByLearner(stage: Stage): NamedText | undefined {
  const text = learnersFile(stage)?.toString();
  if (text === undefined || sameText(text, skeletonOf(stage))) return undefined;
  return named(stage, 'stages', 'yours', text);
}

function ours(stage: Stage): NamedText {
  return named(stage, 'solutions', 'ours', solutionOf(stage));
}

function named(stage: Stage, whose: 'stages' | 'solutions', note: string, text: string): NamedText {
  return { name: `${fromRoot(programPath(stage, whose))} (${note})`, text };
}
