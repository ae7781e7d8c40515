/** Which submissions a batch has to grade, and which results are still valid. */
import { ISOLATION_LEVELS, type Isolation } from '../contract/result.ts';
import type { GradeOrder, Submission } from '../contract/submission.ts';
import type { Basis, Grader, StoredGrade } from './grader.ts';

/** The current inputs of a mark. */
export interface Current {
  stage: number;
  basis: Basis;
  versions: StoredGrade['versions'];
  /** results judged at a weaker level are not valid; null: any level will do */
  weakest: Isolation | null;
}

/** The current inputs of one submission's mark. */
export async function currentOf(
  submission: Submission,
  order: GradeOrder,
  grader: Grader,
  weakest: Isolation | null,
): Promise<Current> {
  return {
    stage: order.stage,
    basis: basisOf(submission, order),
    versions: {
      submission: await grader.submissionVersion(submission),
      checks: grader.checksVersion(),
      rubric: grader.rubricVersion(order.stage, order.rubric),
    },
    weakest,
  };
}

export function basisOf(
  { submittedAt, allowance }: Submission,
  { classSeed, deadline }: Pick<GradeOrder, 'classSeed' | 'deadline'>,
): Basis {
  const granted = allowance === undefined ? {} : { allowance: JSON.stringify(allowance) };
  return { classSeed, deadline, submittedAt, ...granted };
}

/** Why a result is not valid any more, as the text after 'graded again: '; null: it is valid. */
export function whyAgain(stored: StoredGrade | undefined, now: Current): string | null {
  if (stored === undefined) return 'not graded yet';
  if (stored.status === 'broken') return 'it had no mark';
  const reasons: [boolean, string][] = [
    [stored.stage !== now.stage, 'another stage'],
    [stored.versions.submission !== now.versions.submission, 'other files'],
    [stored.versions.checks !== now.versions.checks, 'other checks'],
    [stored.versions.rubric !== now.versions.rubric, 'another rubric'],
    [stored.basis.classSeed !== now.basis.classSeed, 'another seed'],
    [stored.basis.deadline !== now.basis.deadline, 'another deadline'],
    [stored.basis.submittedAt !== now.basis.submittedAt, 'another time of handing in'],
    [stored.basis.allowance !== now.basis.allowance, 'another extension'],
    [isWeaker(stored.isolation, now.weakest), 'more isolation is required'],
  ];
  const found = reasons.flatMap(([differs, reason]) => (differs ? [reason] : []));
  return found.length === 0 ? null : found.join(', ');
}

function isWeaker(level: Isolation, weakest: Isolation | null): boolean {
  return weakest !== null && ISOLATION_LEVELS.indexOf(level) > ISOLATION_LEVELS.indexOf(weakest);
}
