/** Phrases that all reports of a class share. */
import type { CheckGrade, MilestoneGrade, SubmissionGrade } from '../contract/result.ts';

/** One check, and the milestone that it belongs to. */
export interface PlacedCheck {
  milestone: MilestoneGrade;
  check: CheckGrade;
}

/** All checks of a submission, in order. */
export function checksOf(grade: SubmissionGrade): PlacedCheck[] {
  return grade.milestones.flatMap((milestone) => milestone.checks.map((check) => ({ milestone, check })));
}

/** The checks that cost points. */
export function failedIn(grade: SubmissionGrade): PlacedCheck[] {
  return checksOf(grade).filter(({ check }) => check.status === 'fail' || check.status === 'flaky');
}

/** '14/20'; a submission that is to be graded again has no mark. */
export function markWords({ status, points, outOf }: SubmissionGrade): string {
  return status === 'broken' ? 'no mark' : `${points}/${outOf}`;
}

/** '4.2 check 3' */
export function placeOf({ milestone, check }: PlacedCheck): string {
  return `${milestone.id} check ${check.number}`;
}

/** '1 day late, 2 points off'; nothing for who was on time. */
export function lateWords({ late }: SubmissionGrade): string | undefined {
  if (late === null || late.days === 0) return undefined;
  return `${counted(late.days, 'day')} late, ${counted(late.cost, 'point')} off`;
}

/** '1 point', '3 points' */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** What to look at first, in one line. */
export function aboutWords(grade: SubmissionGrade): string {
  if (grade.status !== 'graded') return grade.problem ?? '';
  const [first, ...others] = failedIn(grade);
  if (first === undefined) return lateWords(grade) ?? grade.notes[0] ?? '';
  return `${placeOf(first)}: ${first.check.cause ?? first.check.title}${others.length > 0 ? ` (and ${others.length} more)` : ''}`;
}
