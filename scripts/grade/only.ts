/** A few of a class: npm run grade FOLDER only ada,ben. Without a results folder, nothing is written. */
import { gradeSafely } from '../../checkers/grade/batch/grade-safely.ts';
import type { Isolation } from '../../checkers/grade/contract/result.ts';
import type { Submission } from '../../checkers/grade/contract/submission.ts';
import { feedbackMarkdown } from '../../checkers/grade/formats/feedback-markdown.ts';
import { nearestId } from '../../checkers/grade/intake/roster.ts';
import { type Words, WordsError } from '../command-line.ts';
import { grader } from './machine.ts';
import type { ClassOrder } from './order.ts';
import { stopping } from './stopping.ts';

/**
 * The submissions that `only` names; without it, all.
 *
 * @throws WordsError for an id without a submission
 */
export function chosen({ options }: Words, all: Submission[]): Submission[] {
  const only = options.get('only');
  if (only === undefined) return all;
  const ids = all.map(({ student }) => student.id);
  // An id may have a comma in it.
  const wanted = ids.includes(only) ? [only] : only.split(',').filter((id) => id !== '');
  if (wanted.length === 0)
    throw new WordsError(`Whose submission? Name one submission or several, for example: only ${ids[0] ?? 'ada'}`);
  for (const id of wanted) {
    if (ids.includes(id)) continue;
    const near = nearestId(id, ids);
    throw new WordsError(
      `There is no submission of ${id} among these ${ids.length}.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
    );
  }
  return all.filter(({ student }) => wanted.includes(student.id));
}

/** Grades some submissions, and prints their feedback. */
export async function showOnly({
  words,
  all,
  order,
  isolation,
}: {
  words: Words;
  all: Submission[];
  order: ClassOrder;
  isolation: Isolation;
}): Promise<number> {
  // Separate from the feedback, which may be redirected to a file.
  process.stderr.write(`Isolation ${isolation}.\n`);
  const stop = stopping();
  let broken = false;
  for (const submission of chosen(words, all)) {
    const grade = await gradeSafely(grader, submission, { ...order, isolation }, stop.signal);
    if (grade === null) break;
    broken ||= grade.status === 'broken';
    process.stdout.write(`${feedbackMarkdown(grade, () => undefined)}\n`);
  }
  stop.done();
  return stop.exitCode() ?? (broken ? 1 : 0);
}
