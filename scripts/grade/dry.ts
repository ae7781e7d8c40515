/** npm run grade dry […]: what a rubric gives our solution and the skeleton. */

import type { SubmissionGrade } from '../../checkers/grade/contract/result.ts';
import type { GradeOrder } from '../../checkers/grade/contract/submission.ts';
import { dryRun as gradeBoth } from '../../checkers/grade/dry-run.ts';
import { checksOf } from '../../checkers/grade/formats/phrases.ts';
import { unlessStopped } from './stopping.ts';

/** Exit code 1 where the solution does not get everything, or the skeleton gets something. */
export async function dryRun(order: GradeOrder): Promise<number> {
  const { solution, skeleton, problems } = await unlessStopped((signal) => gradeBoth(order, signal));
  process.stdout.write(`${[...rows(solution, skeleton), ...problems].join('\n')}\n`);
  return problems.length === 0 ? 0 : 1;
}

/** A line per check: its number, its points, and the points of the two programs. */
function rows(solution: SubmissionGrade, skeleton: SubmissionGrade): string[] {
  const places = new Map(
    checksOf(skeleton).map(({ milestone, check }) => [`${milestone.id} ${check.id}`, check.points]),
  );
  const lines = checksOf(solution).map(({ milestone, check }) => {
    const place = `${milestone.id} ${check.id}`;
    return columns(place, check.outOf, check.points, places.get(place) ?? 0);
  });
  return [
    columns('check', 'points', 'solution', 'skeleton'),
    ...lines,
    columns('all', solution.outOf, solution.points, skeleton.points),
  ];
}

function columns(place: string, ...numbers: (number | string)[]): string {
  return `${place.padEnd(36)}${numbers.map((number) => String(number).padStart(10)).join('')}`;
}
