/** What each check is worth: as a rubric file says, and where it says nothing, as the course table does. */
import { readFileSync } from 'node:fs';
import type { Milestone, Stage } from '../../course/course.ts';
import { textVersion } from '../contract/versions.ts';
import { parseRubric, RubricError, type RubricFile } from './read.ts';

/** How days after the deadline cost points: each begun day so many percent of what it would get, or so many points. */
export type LatePolicy = NonNullable<RubricFile['late']>;

export interface Rubric {
  /** '4.2/idle' → points; for every check of the stage */
  points: Map<string, number>;
  late: LatePolicy | null;
  /** majority: what more of its tries ended with counts; pass: one pass is enough; fail: one failure is enough */
  flaky: RubricFile['flaky'];
  /** differs between rubrics that can give different marks */
  version: string;
}

/** The key of a check in a rubric's points. */
export function checkKey(milestone: string, check: string): string {
  return `${milestone}/${check}`;
}

/**
 * The rubric of a stage.
 *
 * @param path of a rubric file; null: the course table's points, nothing for being late
 * @throws RubricError when the file makes no sense
 */
export function readRubric(stage: Stage, path: string | null): Rubric {
  try {
    return rubricOf(stage, path === null ? '{}' : readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof RubricError)
      throw new RubricError(path === null ? error.message : `${path}: ${error.message}`);
    throw new RubricError(`The rubric ${path} cannot be read: ${(error as Error).message}.`);
  }
}

/** The rubric that a text says. */
export function rubricOf(stage: Stage, text: string): Rubric {
  const file = parseRubric(text, stage);
  const points = new Map(stage.milestones.flatMap((milestone) => [...milestonePoints(milestone, file)]));
  if ([...points.values()].every((worth) => worth === 0))
    throw new RubricError('Nothing in this rubric gives a point.');
  const { late, flaky } = file;
  return { points, late, flaky, version: textVersion(JSON.stringify([[...points], late, flaky])) };
}

/** Checks with explicit points get those; the others share the rest of the milestone's points. */
function milestonePoints({ id, points, checks }: Milestone, file: RubricFile): Map<string, number> {
  const own = checks.map((check) => file.checks.get(checkKey(id, check.id)) ?? file.checks.get(check.id));
  const named = own.reduce<number>((sum, worth) => sum + (worth ?? 0), 0);
  const others = own.filter((worth) => worth === undefined).length;
  const total = file.milestones.get(id) ?? (others === 0 ? named : points);
  if (named > total)
    throw new RubricError(
      `The checks of milestone ${id} have ${named} points by name, and the milestone only ${total}.`,
    );
  if (others === 0 && named < total) {
    throw new RubricError(
      `The checks of milestone ${id} have ${named} points together, and the milestone ${total}: nothing gives the rest.`,
    );
  }
  const shares = split(total - named, others);
  return new Map(checks.map((check, index) => [checkKey(id, check.id), own[index] ?? shares.shift() ?? 0]));
}

/** Divides points into whole shares that differ by 1 at most and add up exactly; the first ones get what is left over. */
export function split(points: number, shares: number): number[] {
  const [least, left] = [Math.floor(points / shares), points % shares];
  return Array.from({ length: shares }, (_, index) => least + (index < left ? 1 : 0));
}
