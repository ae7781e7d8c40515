/** Which submissions a batch has to grade, and whose result still holds. */
import { ISOLATION_LEVELS, type Isolation } from '../result.ts';
import type { GradeOrder, Submission } from '../submission.ts';
import type { Basis, Grader, StoredGrade } from './grader.ts';

/** What a mark would depend on if it were given now. */
export interface Current {
  stage: number;
  basis: Basis;
  versions: StoredGrade['versions'];
  /** results that were judged less far apart do not hold; null: any will do */
  weakest: Isolation | null;
}

/** What holds now for a submission. */
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
  { submittedAt }: Submission,
  { classSeed, deadline }: Pick<GradeOrder, 'classSeed' | 'deadline'>,
): Basis {
  return { classSeed, deadline, submittedAt };
}

/** Why a result does not hold any more, as it would stand behind 'graded again: '; null: it holds. */
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
    [isWeaker(stored.isolation, now.weakest), 'more isolation is required'],
  ];
  const found = reasons.flatMap(([differs, reason]) => (differs ? [reason] : []));
  return found.length === 0 ? null : found.join(', ');
}

function isWeaker(level: Isolation, weakest: Isolation | null): boolean {
  return weakest !== null && ISOLATION_LEVELS.indexOf(level) > ISOLATION_LEVELS.indexOf(weakest);
}
