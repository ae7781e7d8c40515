import { describe, expect, it } from 'vitest';
import { course } from '../course/course.ts';
import { runMilestone } from '../run/run.ts';
import { asCandidate, checksFor, controls } from './controls.ts';

const cases = controls.flatMap((control) =>
  course
    .filter(({ number }) => control.stages.includes(number))
    .flatMap(({ milestones }) => milestones.map((milestone) => ({ control, milestone }))),
);

it('exempts controls only from existing checks', () => {
  const all = course.flatMap(({ milestones }) =>
    milestones.flatMap(({ id, checks }) => checks.map((check) => `${id} ${check.id}`)),
  );
  expect(controls.flatMap(({ cannot = [] }) => cannot).filter((name) => !all.includes(name))).toEqual([]);
});

describe('correct third-party programs', () => {
  for (const { control, milestone } of cases) {
    const missing = control.missing();
    it.skipIf(missing !== undefined)(
      `${control.id} passes ${milestone.id}${missing ? ` (${missing})` : ''}`,
      async () => {
        const only = checksFor(control, milestone);
        const { results } = await runMilestone({ milestone, candidate: asCandidate(control), seed: '7f3a', only });
        const others = results.filter((result) => result.status !== 'pass');
        expect(others).toEqual([]);
      },
    );
    const cannot = milestone.checks.map(({ id }) => id).filter((id) => !checksFor(control, milestone).includes(id));
    it.skipIf(missing !== undefined || cannot.length === 0)(
      `${control.id} cannot pass what it is spared of ${milestone.id}`,
      async () => {
        // One by one: a failing check would make others be skipped.
        for (const id of cannot) {
          const request = { milestone, candidate: asCandidate(control), seed: '7f3a', only: [id], secondLook: false };
          const { results } = await runMilestone(request);
          expect(results.map((result) => `${result.id} ${result.status}`)).toEqual([`${id} fail`]);
        }
      },
    );
  }
});
