import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../root.ts';
import { course } from './course.ts';
import { findMilestone, milestonesMeant, stageOfFolder } from './find.ts';

describe.each(course)('stage $number', (stage) => {
  it('has milestones that are found by their ids', () => {
    for (const milestone of stage.milestones) expect(findMilestone(milestone.id)).toBe(milestone);
  });

  it('is meant by a bare number while one is on it', () => {
    stage.milestones.forEach((milestone, index) => {
      expect(milestonesMeant(String(index + 1), stage.number)).toEqual([milestone]);
    });
  });

  it('is meant as a whole, in order, when no milestone is named', () => {
    expect(milestonesMeant(undefined, stage.number)).toEqual(stage.milestones);
  });

  it('can be named from any other stage', () => {
    for (const other of [...course.map(({ number }) => number), 99]) {
      for (const milestone of stage.milestones) expect(milestonesMeant(milestone.id, other)).toEqual([milestone]);
    }
  });

  it('is known by its folders, from the inside, on every system', () => {
    for (const path of [
      join(root, 'stages', stage.folder),
      join(root, 'solutions', stage.folder, 'deeper'),
      `C:\\workshop\\stages\\${stage.folder}`,
    ]) {
      expect(stageOfFolder(path), path).toBe(stage);
    }
  });

  it('is not known by a name that only begins like its folder', () => {
    expect(stageOfFolder(join(root, 'stages', `${stage.folder}-old`))).toBeUndefined();
    expect(stageOfFolder(join(root, 'docs', `${stage.folder}.md`))).toBeUndefined();
  });
});

it('finds nothing for a milestone or stage that does not exist', () => {
  expect(findMilestone('4.99')).toBeUndefined();
  expect(findMilestone('')).toBeUndefined();
  expect(milestonesMeant('99', 4)).toEqual([]);
  expect(milestonesMeant('1', 99)).toEqual([]);
  expect(milestonesMeant(undefined, 99)).toEqual([]);
});

it('knows no stage by the folder of the repository, or by none', () => {
  expect(stageOfFolder(root)).toBeUndefined();
  expect(stageOfFolder('')).toBeUndefined();
});
