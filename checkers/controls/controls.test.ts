import { describe, expect, it } from 'vitest';
import { course } from '../course/course.ts';
import { runMilestone } from '../run.ts';
import { asCandidate, controls } from './controls.ts';

const cases = controls.flatMap((control) =>
  course
    .filter(({ number }) => control.stages.includes(number))
    .flatMap(({ milestones }) => milestones.map((milestone) => ({ control, milestone }))),
);

describe('right programs that are not ours', () => {
  for (const { control, milestone } of cases) {
    const missing = control.missing();
    it.skipIf(missing !== undefined)(
      `${control.id} passes ${milestone.id}${missing ? ` (${missing})` : ''}`,
      async () => {
        const { results } = await runMilestone({ milestone, candidate: asCandidate(control), seed: '7f3a' });
        const others = results.filter((result) => result.status !== 'pass');
        expect(others).toEqual([]);
      },
    );
  }
});
