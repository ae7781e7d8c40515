import { describe, expect, it } from 'vitest';
import type { SubmissionGrade } from '../contract/result.ts';
import { brokenGrade, classOf, gradeOf, refusedGrade } from '../fixtures/class.ts';
import { checkColumns, commonCauses, distribution, median } from './statistics.ts';

function classWith(...grades: SubmissionGrade[]) {
  return { ...classOf(0), grades };
}

describe('statistics', () => {
  it('counts a cause once for each program, most common first, out of those that were judged', () => {
    const causes = commonCauses(
      classWith(
        gradeOf('skeleton', 'a'),
        gradeOf('skeleton', 'b'),
        gradeOf('never-waits', 'c'),
        gradeOf('solution', 'd'),
        refusedGrade('e'),
        brokenGrade('f'),
      ),
    );
    expect(causes.map(({ words }) => words)).toEqual([
      '2 of 4 get to a function that is still to be written',
      '1 of 4 asks epoll_wait() not to wait, so the loop never rests',
    ]);
    expect(causes[0]?.students.map(({ student }) => student.id)).toEqual(['a', 'b']);
  });

  it('sorts marks into ranges; a student without a mark is in none', () => {
    const bins = distribution(
      classWith(
        gradeOf('solution', 'a'),
        gradeOf('solution', 'b', { points: 89 }),
        refusedGrade('c'),
        brokenGrade('d'),
      ),
    );
    expect(bins.filter(({ count }) => count > 0)).toEqual([
      { label: '0 to 9 %', count: 1 },
      { label: '90 to 99 %', count: 1 },
      { label: 'all points', count: 1 },
    ]);
  });

  it('lists every check in order, with how many passed', () => {
    const columns = checkColumns(classWith(gradeOf('skeleton', 'a'), gradeOf('solution', 'b'), refusedGrade('c')));
    expect(columns.map(({ milestone, number }) => `${milestone}.${number}`).slice(3, 7)).toEqual([
      '4.1.4',
      '4.1.5',
      '4.2.1',
      '4.2.2',
    ]);
    expect(columns.every(({ passed, judged }) => passed === 1 && judged === 2)).toBe(true);
  });

  it('has a median of any list', () => {
    expect([median([]), median([3]), median([9, 1]), median([5, 1, 9])]).toEqual([0, 3, 5, 5]);
  });
});
