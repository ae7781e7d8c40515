import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { course, programPath } from './course.ts';
import { sameText, skeletonOf, solutionOf, withoutMarks } from './skeleton.ts';

describe.each(course)('the skeleton of stage $number', (stage) => {
  it('is what is made from the solution (after a change there: npx vitest run checkers/course -u)', async () => {
    await expect(skeletonOf(stage)).toMatchFileSnapshot(programPath(stage, 'stages'));
  });

  it('has one gap for each mark in the solution, and the solution as it is shown has no marks', () => {
    const solution = readFileSync(programPath(stage, 'solutions'), 'utf8');
    const marks = solution.match(/^ *\/\/ (?:region \d|endregion|TODO)/gm) ?? [];
    expect(skeletonOf(stage).match(/^ *todo\('/gm)?.length).toBe(marks.length / 3);
    expect(solutionOf(stage)).not.toMatch(/region|TODO|#todo/);
  });
});

it('leaves text without marks as it is', () => {
  const text = '// TODO 4.1.1: what to do\n  todo();\n// region other\nx\n// endregion\n';
  expect(withoutMarks(text)).toBe(text);
});

it('is the same with the line endings of another system', () => {
  expect(sameText('a\r\nb\r\n', 'a\nb\n')).toBe(true);
  expect(sameText('a\nb\n', 'a\n b\n')).toBe(false);
});
