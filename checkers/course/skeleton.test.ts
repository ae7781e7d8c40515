import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { course, programPath } from './course.ts';
import { sameText, skeletonPath } from './skeleton.ts';

describe.each(course)('the skeleton of stage $number', (stage) => {
  it('can be put back as it was delivered (after a change: npx vitest run checkers/course -u)', async () => {
    const delivered = readFileSync(programPath(stage, 'stages'), 'utf8');
    await expect(delivered).toMatchFileSnapshot(skeletonPath(stage));
  });
});

it('has no twin that belongs to no stage', () => {
  const paths = course.map(skeletonPath);
  const strays = readdirSync(dirname(paths[0] ?? '')).filter((name) => !paths.some((path) => basename(path) === name));
  expect(strays).toEqual([]);
});

it('is the same with the line endings of another system', () => {
  expect(sameText('a\r\nb\r\n', 'a\nb\n')).toBe(true);
  expect(sameText('a\nb\n', 'a\n b\n')).toBe(false);
});
