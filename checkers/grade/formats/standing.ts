/** Where a submission stands, in sentences, before its checks are looked at one by one. */
import { course } from '../../course/course.ts';
import { text } from '../../messages/index.ts';
import type { CheckGrade, SubmissionGrade } from '../result.ts';
import { plainLine } from './plain.ts';
import { lateWords } from './words.ts';

/** How a report says it. */
export const STATUS_WORDS: Record<CheckGrade['status'], string> = text.feedback.status;

/** 'It was tried 2 times: failed, then passed.' */
export function attemptsSentence(attempts: string[]): string {
  const words: Record<string, string> = { ...STATUS_WORDS, blocked: text.feedback.waited };
  return text.feedback.attempts(attempts.map((ended) => words[ended] ?? ended));
}

/** 'Stage 4: TCP proxy' */
export function stageTitle(number: number): string {
  const stage = course.find((one) => one.number === number);
  return stage === undefined ? text.feedback.stage(number) : text.report.stageAndTitle(number, stage.title);
}

/** The mark and what else one should know; plain sentences. */
export function standingLines(grade: SubmissionGrade): string[] {
  const late = lateWords(grade);
  return [markSentence(grade), ...(late === undefined ? [] : [text.feedback.itCame(late)]), ...grade.notes].map(
    plainLine,
  );
}

function markSentence({ status, points, outOf, problem }: SubmissionGrade): string {
  if (status === 'broken') return text.feedback.noMarkYet(problem);
  if (status === 'refused') return text.feedback.nothingToRun(points, outOf, problem);
  return text.feedback.mark(points, outOf);
}
