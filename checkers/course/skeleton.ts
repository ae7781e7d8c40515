/**
 * The skeletons as they were delivered. The one in stages/ is the learner's to edit: git may be absent, or may know only
 * what the learner committed, and a copy made at the first run may come too late. So each has a twin here that nobody
 * edits. It is text, which no compiler or editor takes for a second program, and a test holds it equal to the skeleton:
 * `npx vitest run checkers/course -u` writes it anew.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.ts';
import type { Stage } from './course.ts';

/** Absolute path of a skeleton's twin. */
export function skeletonPath({ folder, file }: Stage): string {
  return join(root, 'checkers', 'course', 'skeletons', `${folder}-${file}.txt`);
}

/**
 * The text of a stage's skeleton.
 *
 * @throws Error with a code, e.g. 'ENOENT', when it cannot be read
 */
export function skeletonOf(stage: Stage): string {
  return readFileSync(skeletonPath(stage), 'utf8');
}

/** Whether two texts differ in nothing but how their lines end, which git may change on Windows. */
export function sameText(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n') === other.replaceAll('\r\n', '\n');
}
