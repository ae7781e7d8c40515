/**
 * Skeletons, made from the solutions. The solution marks each gap: the text for the learner, in a comment that begins with
 * `// TODO 4.1.1:`, then the code that replaces it, between `// region 4.1.1` and `// endregion`. The original text of a
 * file in stages/ cannot come from there: the learner edits it, git may be absent, or may know only what the learner
 * committed, and a copy made at the first run may come too late. `npx vitest run checkers/course -u` rewrites these files.
 */
import { readFileSync } from 'node:fs';
import { programPath, type Stage } from './course.ts';

/** Indentation, comment, number and code of a gap. */
const GAP =
  /^(?<blanks> *)(?<comment>\/\/ TODO (?<number>\d+\.\d+\.\d+): (?:.*\n)+?) *\/\/ region \k<number>\n(?<code>(?:.*\n)*?) *\/\/ endregion\n/gm;

const LINUX_IMPORT = /^import [^;]* from '#linux';\n/m;
const TODO_IMPORT = "import { todo } from '#todo';\n";

/**
 * The text of a stage's skeleton.
 *
 * @throws Error with a code, e.g. 'ENOENT', when the solution cannot be read
 */
export function skeletonOf(stage: Stage): string {
  return marked(stage)
    .replace(GAP, "$<blanks>$<comment>$<blanks>todo('$<number>');\n")
    .replace(LINUX_IMPORT, `$&${TODO_IMPORT}`);
}

/**
 * The text of a stage's solution as shown and judged: without the marks.
 *
 * @throws Error with a code, e.g. 'ENOENT', when it cannot be read
 */
export function solutionOf(stage: Stage): string {
  return withoutMarks(marked(stage));
}

/** A solution's text without the marks of its gaps; any other text as it is. */
export function withoutMarks(text: string): string {
  return text.replace(GAP, '$<code>');
}

function marked(stage: Stage): string {
  return readFileSync(programPath(stage, 'solutions'), 'utf8').replaceAll('\r\n', '\n');
}

/** Whether two texts differ only in their line endings, which git may change on Windows. */
export function sameText(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n') === other.replaceAll('\r\n', '\n');
}
