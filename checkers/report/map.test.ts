import { describe, expect, it } from 'vitest';
import { course, type Stage } from '../course/course.ts';
import { duration, mapLines } from './map.ts';

/** A course of two stages, independent of the real one. */
const two = [1, 2].map((number) => ({
  number,
  title: `Title ${number}`,
  folder: `stage-${number}`,
  file: 'a.ts',
  doc: `docs/stage-${number}.md`,
  milestones: [
    { id: `${number}.1`, title: 'first', minutes: 30, points: 40, checks: [] },
    { id: `${number}.2`, title: 'second', minutes: 45, points: 60, checks: [] },
  ],
})) as unknown as Stage[];

function map(here: number, ...green: string[]): string {
  const days = Object.fromEntries(green.map((id) => [id, '2026-01-31']));
  return mapLines(two, { stage: here, green: days }, here, { columns: 60 }).join('\n');
}

describe('the map of the course', () => {
  it('shows stages, milestones, times, green milestones, the next one, and the current stage', () => {
    expect(map(2, '2.1')).toMatchInlineSnapshot(`
      "  Stage 1: Title 1                                1 h 15 min
          · milestone 1.1: first                            30 min
          · milestone 1.2: second                           45 min

      > Stage 2: Title 2 (you are here)                 1 h 15 min
          edit  stages/stage-2/a.ts
          read  docs/stage-2.md
          ✓ milestone 2.1: first                            30 min
          → milestone 2.2: second                           45 min

      1 of 4 milestones green, about 2 h to go.
      Next: npm run milestone 2.2 (second)"
    `);
  });

  it('goes on with the next stage, then with skipped milestones', () => {
    // In another stage, choosing it comes first, or commands without a number would mean the finished one.
    expect(map(1, '1.1', '1.2')).toContain('Next: npm run stage 2 (Title 2)');
    expect(map(2, '1.1', '1.2')).toContain('Next: npm run milestone 2.1');
    expect(map(2, '2.1', '2.2', '1.1')).toContain('Next: npm run stage 1 (Title 1)');
  });

  it('has nothing next when all is green', () => {
    expect(map(2, '1.1', '1.2', '2.1', '2.2')).toContain('4 of 4 milestones green. That was the whole course.');
    expect(map(2, '1.1', '1.2', '2.1', '2.2')).not.toContain('→');
  });

  it.each([40, 80, 200])('of the real course fits into %i columns', (columns) => {
    for (const { number } of course) {
      const lines = mapLines(course, { stage: number, green: {} }, number, { columns });
      // A path is never broken.
      const long = lines.filter((line) => line.length > columns && !/^ +(edit|read) /.test(line));
      expect(long).toEqual([]);
    }
  });
});

describe('the map at a terminal', () => {
  const rowsOf = (here: number, rows: number, columns = 80, green: Record<string, string> = {}): string[] =>
    mapLines(course, { stage: here, green }, here, { columns, rows });

  it.each([40, 80, 120])('of %i columns and 24 rows shows the current stage and the next milestone', (columns) => {
    for (const { number, milestones } of course) {
      const lines = rowsOf(number, 24, columns);
      // npm prints four lines above it, and the prompt comes below.
      expect(lines.length).toBeLessThanOrEqual(24 - 5);
      const map = lines.join('\n');
      expect(map.replace(/\s+/g, ' ')).toContain('(you are here)');
      for (const { id } of milestones) expect(map).toContain(`milestone ${id}: `);
      expect(map).toContain(`Next: npm run milestone ${number}.1`);
      expect(map.replace(/\s+/g, ' ')).toContain('npm run stage all');
    }
  });

  it('names every stage in 24 rows of 80 columns, and is complete if there is room', () => {
    const folded = rowsOf(3, 24).join('\n');
    for (const { number, title } of course) expect(folded).toContain(`Stage ${number}: ${title}`);
    const whole = mapLines(course, { stage: 3, green: {} }, 3, { columns: 80 });
    expect(rowsOf(3, whole.length + 5)).toEqual(whole);
    expect(rowsOf(3, whole.length + 4)).not.toEqual(whole);
  });

  it('shows the green milestones of a folded stage, and the next one', () => {
    const green = { '1.1': '2026-01-31', '1.2': '2026-01-31', '2.1': '2026-01-31' };
    const map = rowsOf(1, 24, 80, green).join('\n');
    expect(map).toMatch(/^→ Stage 2: .+ \(1 of 2 green\)/m);
    expect(rowsOf(4, 24, 80, green).join('\n')).toMatch(/^✓ Stage 1: /m);
  });

  it('of few rows keeps the current stage', () => {
    for (const rows of [1, 10, 14]) expect(rowsOf(9, rows).join('\n')).toContain('> Stage 9');
    expect(rowsOf(9, 14).length).toBeLessThanOrEqual(9);
  });
});

it.each([
  [45, '45 min'],
  [120, '2 h'],
  [150, '2 h 30 min'],
])('%i minutes are %s', (minutes, words) => {
  expect(duration(minutes)).toBe(words);
});

it('has a time for every milestone', () => {
  for (const { minutes } of course.flatMap(({ milestones }) => milestones)) expect(minutes).toBeGreaterThan(0);
});
