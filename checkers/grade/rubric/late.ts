/** What handing in after the deadline costs. */
import type { Submission } from '../contract/submission.ts';
import type { LatePolicy } from './rubric.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The deadline of one student: the class's, or what an extension of theirs says. */
export function deadlineOf({ allowance }: Pick<Submission, 'allowance'>, deadline: string | null): string | null {
  const extension = allowance?.extension ?? null;
  if (extension === null) return deadline;
  if ('until' in extension) return extension.until;
  return deadline === null ? null : new Date(Date.parse(deadline) + extension.days * DAY_MS).toISOString();
}

/**
 * Whole days after the deadline, a begun one counted as one, and their cost.
 *
 * @param points that it would get on time; it never costs more than those
 * @param free late days that cost this student nothing
 * @returns null when it is on time, or the time is unknown
 */
export function lateness(
  submittedAt: string | null,
  deadline: string | null,
  policy: LatePolicy | null,
  points: number,
  free = 0,
): { days: number; cost: number } | null {
  if (submittedAt === null || deadline === null) return null;
  const grace = (policy?.graceMinutes ?? 0) * MINUTE_MS;
  const over = Date.parse(submittedAt) - Date.parse(deadline) - grace;
  if (!(over > 0)) return null;
  const days = Math.ceil(over / DAY_MS);
  if (policy === null) return { days, cost: 0 };
  const amount = Math.min(Math.max(0, days - free) * policy.costPerDay, policy.most);
  // Halves are rounded in the student's favour.
  const cost = policy.unit === 'percent' ? Math.ceil((points * amount) / 100 - 0.5) : amount;
  return { days, cost: Math.max(0, Math.min(cost, points)) };
}
