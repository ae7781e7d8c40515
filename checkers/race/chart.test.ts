import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { barOf, progressLine, raceReport } from './chart.ts';
import { exampleRace } from './fixtures.ts';
import { racePage } from './page.ts';
import { standalone } from './plot.ts';
import { generatorNotes, planTurns } from './race.ts';

describe('the chart in a terminal', () => {
  test('draws the median as a bar, with its spread and its ratio', () => {
    const lines = raceReport(exampleRace(), 80).map(stripVTControlCharacters);
    const bar = (name: string): string => lines.find((line) => line.startsWith(name)) ?? '';
    expect(bar('direct')).toMatch(/^direct {9,}4,000 █+ +±\d+ % +2\.00 x$/);
    expect(bar('HAProxy')).toMatch(/2,000 █+.*1\.00 x$/);
    const count = (line: string): number => line.split('█').length - 1;
    expect(count(bar('direct'))).toBeGreaterThan(1.8 * count(bar('HAProxy')));
  });

  test.each([40, 60, 80, 200])('fits in %i columns', (columns) => {
    const lines = raceReport(exampleRace(), columns).map(stripVTControlCharacters);
    for (const line of lines.slice(1)) expect(line.length).toBeLessThanOrEqual(Math.max(columns, 62));
  });

  test('says why a number is missing', () => {
    expect(raceReport(exampleRace(), 80).join('\n')).toContain('the proxy closed it');
  });

  test('bars grow by eighths of a character and never past their room', () => {
    expect([0, 0.05, 0.5, 1, 7].map((share) => barOf(share, 4))).toEqual(['', '▎', '██', '████', '████']);
  });

  test('progress fits in one line', () => {
    expect(progressLine(5, 10, 'HAProxy, bulk-8', 80)).toBe('[██████████          ] 5 of 10  HAProxy, bulk-8');
    expect(progressLine(5, 10, 'x'.repeat(90), 40).length).toBe(39);
  });
});

describe('the page', () => {
  test('is self-contained, and escapes text', () => {
    const page = racePage(exampleRace());
    expect(page).not.toMatch(/<script|href=|src=|style="/);
    expect(page).toContain('&lt;b&gt;');
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page.match(/<svg/g)?.length).toBe(2);
  });

  test('a single plot contains its colours', () => {
    expect(standalone('<svg><title>x</title></svg>')).toContain('<style>');
  });
});

describe('the order of turns', () => {
  test('every entrant has every load in every round, and each round starts with another one', () => {
    const turns = planTurns(['bulk-1', 'idle', 'memory'], 4, 4);
    expect(turns.filter(({ load }) => load === 'bulk-1')).toHaveLength(16);
    expect(turns.filter(({ load }) => load === 'bulk-1').map(({ lane }) => lane)).toEqual([
      0, 1, 2, 3, 1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2,
    ]);
    // These are slow: three rounds are enough.
    expect(turns.filter(({ load }) => load === 'idle')).toHaveLength(12);
    expect(turns.filter(({ load }) => load === 'memory')).toHaveLength(12);
  });
});

test('the notes say whether the generator was the bottleneck', () => {
  const race = exampleRace();
  expect(generatorNotes(race)[0]).toMatch(/2\.00 times the fastest proxy; the generator is not the limit/);
  const slow = race.cells['bulk-1']?.direct?.figure;
  if (slow) slow.median = 1000;
  expect(generatorNotes(race)[0]).toMatch(/0\.50 times the fastest proxy; here the generator or the machine is/);
});
