import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { processIds } from '../kernel/process-tree.ts';
import { root } from '../root.ts';
import { direct, peers } from './entrants.ts';
import { raceJson } from './json.ts';
import { type RaceResult, runRace } from './race.ts';
import { commandRacer, fileRacer, proxyFile, RACER } from './racer.ts';
import { rows, rowsMeant } from './rows.ts';

const pace = { bulkMs: 60, tripsMs: 40, connectsMs: 40, rttMs: 20, mostIdle: 100, warmMs: 10 };
const nodeNet = peers.filter(({ id }) => id === 'node-net');
const builds = join(root, '.workshop', 'races', `test-${process.pid}`);

/** All processes of a race inherit this variable. */
process.env.RACE_TEST = `${process.pid}`;

/** Processes of a race that are still running. */
function children(): number[] {
  return processIds().filter((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      return pid !== process.pid && environment.includes(`RACE_TEST=${process.pid}`);
    } catch {
      return false;
    }
  });
}

describe("a quick race of stage 4's solution against node:net", () => {
  let result: RaceResult;
  beforeAll(async () => {
    const racer = await fileRacer(proxyFile(4, 'solutions') ?? '', 'solution 4', builds);
    result = await runRace({ title: 'test', entrants: [direct, racer, ...nodeNet], rows, rounds: 1, pace });
  }, 60_000);
  // The reaper shell needs a moment to notice the end.
  afterAll(() => vi.waitFor(() => expect(children()).toEqual([]), 5000));

  test.each(rows.filter(({ id }) => !['rtt-1000', 'rtt-5000'].includes(id)))('gives a number for $id', ({ id }) => {
    for (const entrant of [RACER, 'node-net']) {
      const cell = result.cells[id]?.[entrant];
      expect(cell?.problem).toBeUndefined();
      // A process with spare memory does not grow with 90 connections.
      if (id === 'memory') expect(cell?.figure?.median).toBeGreaterThanOrEqual(0);
      else expect(cell?.figure?.median).toBeGreaterThan(0);
    }
  });

  test('matches the documented schema', () => {
    const schema = JSON.parse(readFileSync(join(root, 'docs', 'race-result.schema.json'), 'utf8'));
    const validate = new Ajv({ strict: false }).compile(schema);
    expect(validate(JSON.parse(JSON.stringify(raceJson(result)))), JSON.stringify(validate.errors)).toBe(true);
  });
});

test('a proxy that passes nothing on gets a reason instead of numbers', async () => {
  const silent = 'node -e "require(\'net\').createServer((s) => s.destroy()).listen(process.env.PORT)"';
  const wanted = rowsMeant('bulk-1');
  const result = await runRace({ title: 't', entrants: [commandRacer(silent, root)], rows: wanted, rounds: 1, pace });
  expect(result.cells['bulk-1']?.[RACER]?.figure).toBeUndefined();
  expect(result.cells['bulk-1']?.[RACER]?.problem).toMatch(/closed|broke|sending failed/);
}, 30_000);

test('a program that does not start takes no part, and the race says why', async () => {
  const entrants = [direct, commandRacer('echo no such file >&2; exit 3', root)];
  const result = await runRace({ title: 't', entrants, rows: rowsMeant('bulk-1'), rounds: 1, pace });
  expect(result.missing).toEqual([{ name: 'your command', why: 'it has ended: no such file' }]);
  expect(result.cells['bulk-1']?.direct?.figure?.median).toBeGreaterThan(0);
}, 30_000);

test('rows are named one by one, or by their load', () => {
  expect(rowsMeant('bulk-1').map(({ id }) => id)).toEqual(['bulk-1', 'cpu-per-gb']);
  expect(rowsMeant('bulk-8').map(({ id }) => id)).toEqual(['bulk-8', 'cpu-per-gb-8']);
  expect(rowsMeant('memory').map(({ id }) => id)).toEqual(['memory']);
  expect(rowsMeant('idle')).toHaveLength(4);
  expect(rowsMeant('nothing')).toEqual([]);
});
