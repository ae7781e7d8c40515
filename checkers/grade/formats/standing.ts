/** Where a submission stands, in sentences, before its checks are looked at one by one. */
import { course } from '../../course/course.ts';
import type { Adjustment, CheckGrade, SubmissionGrade } from '../contract/result.ts';
import { counted, lateWords } from './phrases.ts';
import { plainLine } from './plain.ts';

/** How a report says it. */
export const STATUS_WORDS: Record<CheckGrade['status'], string> = {
  pass: 'passed',
  fail: 'failed',
  flaky: 'flaky',
  skipped: 'not judged',
  broken: 'to be judged again',
};

/** 'failed'; 'not judged: check 1 has to pass first' */
export function statusInWords({ status, reason }: Pick<CheckGrade, 'status' | 'reason'>): string {
  if (status !== 'skipped') return STATUS_WORDS[status];
  const why = reason === 'stopped' || reason === null ? 'the run was stopped before it' : reason;
  return `${STATUS_WORDS.skipped}: ${plainLine(why)}`;
}

/** 'It was tried 2 times: failed, then passed.' */
export function attemptsSentence(attempts: string[]): string {
  const words: Record<string, string> = { ...STATUS_WORDS, blocked: 'waiting for another check' };
  return attemptsText(attempts.map((ended) => words[ended] ?? ended));
}

/** 'Stage 4: TCP proxy' */
export function stageTitle(number: number): string {
  const stage = course.find((one) => one.number === number);
  return stage === undefined ? `Stage ${number}` : `Stage ${number}: ${stage.title}`;
}

/** The mark and what else one should know; plain sentences. */
export function standingLines(grade: SubmissionGrade): string[] {
  const late = lateWords(grade);
  const file = grade.file === undefined ? [] : [`Graded file: ${grade.file}`];
  return [
    markSentence(grade),
    ...(grade.adjusted ?? []).map((one) => `Adjusted by ${adjustmentWords(one)}.`),
    ...(late === undefined ? [] : [`It came ${late}.`]),
    ...file,
    ...grade.notes,
  ].map(plainLine);
}

/** '+5 points: reason (who)' */
export function adjustmentWords({ points, reason, who }: Adjustment): string {
  const sign = points > 0 ? '+' : '';
  return `${sign}${points} ${Math.abs(points) === 1 ? 'point' : 'points'}: ${reason}${who === '' ? '' : ` (${who})`}`;
}

function markSentence({ status, points, outOf, problem }: SubmissionGrade): string {
  if (status === 'broken')
    return `There is no mark yet, and that is not the student's fault: the grader could not do its part${problem === null ? '' : `: ${problem}`}`;
  if (status === 'refused') return nothingToRun(points, outOf, problem);
  return markText(points, outOf);
}

function attemptsText(ended: string[]): string {
  return `It was tried ${ended.length} times: ${ended.join(', then ')}.`;
}

function nothingToRun(given: number, outOf: number, problem: string | null): string {
  return `${given} of ${counted(outOf, 'point')}: there was nothing that could be run${problem === null ? '' : `: ${problem}`}`;
}

function markText(given: number, outOf: number): string {
  return `${given} of ${counted(outOf, 'point')}.`;
}
