/** A seed per student, so that answers cannot be shared, and every mark can be reproduced. */
import { createHmac } from 'node:crypto';

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
