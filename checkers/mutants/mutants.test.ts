import { describe, expect, it } from 'vitest';
import { course } from '../course/course.ts';
import { mutants } from './index.ts';
import { judgeMutant } from './mutant.ts';

describe('the catalogue of mutants', () => {
  it('has at least one mutant for each check', () => {
    const checks = course.flatMap((stage) =>
      stage.milestones.flatMap(({ id, checks }) => checks.map((check) => `${id} ${check.id}`)),
    );
    const caught = new Set(mutants.map((mutant) => `${mutant.milestone} ${mutant.caughtBy}`));
    expect(checks.filter((check) => !caught.has(check))).toEqual([]);
  });

  it('has unique ids', () => {
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  });
});

describe.concurrent('each mutant fails first at its check', () => {
  it.each(mutants)('$id: $bug', async (mutant) => {
    const { results } = await judgeMutant(mutant, '7f3a');
    expect(results.filter((result) => result.status === 'broken')).toEqual([]);
    expect(results.find((result) => result.status === 'fail')?.id).toBe(mutant.caughtBy);
  });
});
