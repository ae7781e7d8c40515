/** Where a submission stands, in sentences, before its checks are looked at one by one. */
import { course } from '../../course/course.ts';
import type { CheckGrade, SubmissionGrade } from '../result.ts';
import { plainLine } from './plain.ts';
import { counted, lateWords } from './words.ts';

/** How a report says it. */
export const STATUS_WORDS: Record<CheckGrade['status'], string> = {
  pass: 'passed',
  fail: 'failed',
  unsteady: 'not the same twice',
  skipped: 'not judged',
  broken: 'to be judged again',
};

/** 'failed, then passed' */
export function attemptWords(attempts: string[]): string {
  return attempts.map((ended) => (STATUS_WORDS as Record<string, string>)[ended] ?? ended).join(', then ');
}

/** 'Stage 4: TCP proxy' */
export function stageTitle(number: number): string {
  const stage = course.find((one) => one.number === number);
  return stage === undefined ? `Stage ${number}` : `Stage ${number}: ${stage.title}`;
}

/** The mark and what else one should know; plain sentences. */
export function standingLines(grade: SubmissionGrade): string[] {
  const late = lateWords(grade);
  return [markSentence(grade), ...(late === undefined ? [] : [`It came ${late}.`]), ...grade.notes].map(plainLine);
}

function markSentence({ status, points, outOf, problem }: SubmissionGrade): string {
  const why = problem === null ? '' : `: ${problem}`;
  if (status === 'broken') {
    return `There is no mark yet, and that is not the student's fault: the grader could not do its part${why}`;
  }
  if (status === 'refused') return `${points} of ${counted(outOf, 'point')}: there was nothing that could be run${why}`;
  return `${points} of ${counted(outOf, 'point')}.`;
}
