/** The word `adjust FILE`: marks that a person changes, in each command that writes a folder of results. */
import { type Adjusted, keepAdjustments, keptAdjustments, readAdjustments } from '../../checkers/grade/batch/adjust.ts';
import { nearestId } from '../../checkers/grade/intake/roster.ts';
import type { Words } from '../command-line.ts';
import { placeOf } from './places.ts';

/** The adjustments that the words name; undefined: none. @throws BatchError for a file that makes no sense */
export function adjustmentsNamed({ options }: Pick<Words, 'options'>): Adjusted[] | undefined {
  const file = options.get('adjust');
  return file === undefined ? undefined : readAdjustments(placeOf(file));
}

/**
 * Keeps adjustments in a folder of results, and says which of those that it keeps are of no student of the class.
 *
 * @param named undefined: those that it has stay
 * @param ids of the class
 */
export function keepAndTell(results: string, named: Adjusted[] | undefined, ids: string[]): void {
  if (named !== undefined) keepAdjustments(results, named);
  for (const { id } of keptAdjustments(results).filter((one) => !ids.includes(one.id))) {
    const near = nearestId(id, ids);
    process.stderr.write(
      `The adjustments name ${id}, and no such student is in this class.${near === undefined ? '' : ` Is ${near} meant?`}\n`,
    );
  }
}
