import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../root.ts';
import { exampleRace } from './fixtures.ts';
import { standings } from './goals.ts';
import { raceFromJson, raceJson } from './json.ts';
import { pageWith, plotFiles } from './performance.ts';
import type { RaceResult } from './race.ts';

test('a race comes back from its JSON as it was', () => {
  const race = exampleRace();
  const back = raceFromJson(JSON.stringify(raceJson(race)));
  expect(back.cells['bulk-1']).toEqual(race.cells['bulk-1']);
  expect(back.rows).toEqual(race.rows);
  expect(back.entrants).toEqual(race.entrants);
});

test('a goal is reached, or is not, by the ratio within the rounds', () => {
  const race = exampleRace();
  const bulk = standings(race).find(({ goal }) => goal === 'Bulk, 1 stream, to default HAProxy');
  expect(bulk).toMatchObject({ measured: 0.75, wanted: 2, is: 'least', reached: false });
  const cpu = standings(race).find(({ goal }) => goal === 'CPU time per GB, 1 stream, to default HAProxy');
  expect(cpu).toMatchObject({ measured: undefined, reached: false });
});

test('a page gets its parts, and the rest stays', () => {
  const page = 'before\n\n<!-- race: goals -->\nold\n<!-- /race -->\n\nafter\n';
  const written = pageWith(page, exampleRace(), exampleRace());
  expect(written).toMatch(/^before\n[\s\S]*\| at least 2 x \| 0\.75 x \| not reached \|[\s\S]*\nafter\n$/);
  expect(pageWith(written, exampleRace(), exampleRace())).toBe(written);
});

test('docs/performance.md and its plots say what docs/performance.json and docs/performance-apart.json say', () => {
  const [result, apart] = ['performance', 'performance-apart'].map((name) =>
    raceFromJson(readFileSync(join(root, 'docs', `${name}.json`), 'utf8')),
  ) as [RaceResult, RaceResult];
  const page = readFileSync(join(root, 'docs', 'performance.md'), 'utf8');
  expect(pageWith(page, result, apart), 'write it anew: npm run performance draw').toBe(page);
  for (const { name, svg } of plotFiles(result)) {
    expect(
      readFileSync(join(root, 'assets', 'performance', name), 'utf8') === svg,
      `npm run performance draw: ${name}`,
    ).toBe(true);
  }
});
