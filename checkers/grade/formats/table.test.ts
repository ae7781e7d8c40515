import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { brokenGrade, classOf, gradeOf, nastyClass, refusedGrade } from '../fixtures/class.ts';
import { classTable } from './table.ts';

describe('classTable', () => {
  it('shows id, mark and the first thing to look at', () => {
    const grades = [
      gradeOf('solution', 'ada'),
      gradeOf('clients-never-taken-out', 'bob'),
      refusedGrade('eve'),
      brokenGrade('joe'),
      gradeOf('solution', 'zoe', { late: { days: 2, cost: 10 }, points: 80 }),
    ];
    const lines = stripVTControlCharacters(classTable({ ...classOf(0), grades }, 200)).split('\n');
    expect(lines[0]).toMatch(/^ada +90\/90$/);
    expect(lines[1]).toMatch(/^bob +\d+\/90 {2}4\.2 check \d+: \S.+/);
    expect(lines[2]).toMatch(/^eve +0\/90 {2}proxy\.ts was looked for and not found/);
    expect(lines[3]).toMatch(/^joe +no mark {2}the file server of the checks did not start/);
    expect(lines[4]).toMatch(/^zoe +80\/90 {2}2 days late, 10 points off/);
  });

  it('has one line per student, no wider than the terminal, for any id', () => {
    const all = nastyClass();
    for (const columns of [20, 40, 80, 200]) {
      const lines = stripVTControlCharacters(classTable(all, columns)).split('\n');
      expect(lines).toHaveLength(all.grades.length);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('is empty for an empty class', () => {
    expect(classTable(classOf(0), 80)).toBe('');
  });
});
