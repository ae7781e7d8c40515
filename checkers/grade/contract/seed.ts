/** A seed per student, so that answers cannot be shared, and every mark can be reproduced. */
import { createHmac } from 'node:crypto';
import type { Submission } from './submission.ts';

/** The checkers take seeds of up to so many hexadecimal digits. */
const DIGITS = 16;

/**
 * The seed of one student.
 *
 * @param classSeed what the instructor chose, any text
 * @param id the student's
 */
export function studentSeed(classSeed: string, id: string): string {
  return createHmac('sha256', classSeed).update(id).digest('hex').slice(0, DIGITS);
}

/** The seed with which a submission is judged: of those that are judged together, that of the first. */
export function seedFor(classSeed: string, { student, group, twin }: Submission): string {
  return studentSeed(classSeed, twin?.first ?? group?.first ?? student.id);
}
