/** A level holds if a program that tries to escape fails; without isolation, the same program escapes. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ownerOf, processIds } from '../../kernel/process-tree.ts';
import { ISOLATION_LEVELS } from '../contract/result.ts';
import { isTaken } from './nobody.ts';
import { escapesAt, isolationNotes, proveIsolation, refusal, verdict, whyUnreadable } from './prove.ts';
import { isRoot } from './system.ts';

it('finds a level that holds on this machine, and tries the stronger ones first', async () => {
  const { level, proofs } = await proveIsolation();
  expect(proofs.map((proof) => proof.level)).toEqual(ISOLATION_LEVELS.slice(0, ISOLATION_LEVELS.indexOf(level) + 1));
  expect(proofs.at(-1)).toEqual({ level, problem: null });
  for (const { problem } of proofs.slice(0, -1)) expect(problem).toMatch(/\.$/);
});

it('detects an escape, and finds limits and a bare environment at every level', async () => {
  const escapes = await escapesAt('process-group');
  expect(escapes).toMatchObject({ network: true, solution: true, environment: [] });
  if (process.platform === 'linux') expect(escapes).toMatchObject({ worker: true, signals: true });
  expect(escapes.unlimited.filter((name) => name !== 'Max processes')).toEqual([]);
});

describe('a level that is required', async () => {
  const { level } = await proveIsolation();

  it.runIf(level === 'bubblewrap')('prevents every escape that it should', async () => {
    const nothing = {
      network: false,
      files: false,
      results: false,
      grader: false,
      solution: false,
      worker: false,
      signals: false,
      program: false,
    };
    expect(await escapesAt('bubblewrap')).toEqual({ ...nothing, environment: [], unlimited: [] });
    expect((await proveIsolation('bubblewrap')).level).toBe('bubblewrap');
  });

  it.runIf(level === 'bubblewrap' && isRoot)(
    'has its own user of the machine, so that it exhausts no other user’s quota',
    async () => {
      const seen = new Set<number>();
      const look = setInterval(() => {
        for (const owner of processIds().map(ownerOf)) if (owner !== undefined && isTaken(owner)) seen.add(owner);
      }, 10);
      await Promise.all([escapesAt('bubblewrap'), escapesAt('bubblewrap')]);
      clearInterval(look);
      expect(seen.size).toBeGreaterThanOrEqual(2);
    },
  );

  it('is refused with a message if it does not hold', async () => {
    const problem = verdict('bubblewrap', await escapesAt('process-group'));
    expect(problem).toMatch(
      /^a program that tried reached the network of this machine, and .*, and read the solution, and .*\.$/,
    );
    expect(refusal('bubblewrap', [{ level: 'bubblewrap', problem }])).toContain(
      'The level bubblewrap is required, and does not hold on this machine. bubblewrap: a program that tried reached',
    );
  });
});

describe('the report on a level', () => {
  const proofs = [
    { level: 'bubblewrap' as const, problem: 'bwrap is not installed.' },
    { level: 'unshare' as const, problem: null },
  ];
  const strongest = { level: 'bubblewrap' as const, proofs: [{ level: 'bubblewrap' as const, problem: null }] };

  it('is empty if the strongest one holds', () => {
    expect(isolationNotes(strongest, undefined)).toEqual([]);
    expect(isolationNotes(strongest, 'unshare')).toEqual([]);
  });

  it('says why a stronger one does not hold, and that it did before', () => {
    const reason = 'Isolation bubblewrap does not hold here: bwrap is not installed.';
    expect(isolationNotes({ level: 'unshare', proofs }, 'unshare')).toEqual([reason]);
    expect(isolationNotes({ level: 'unshare', proofs }, 'bubblewrap')).toEqual([
      reason,
      'Isolation is unshare; the last time it was bubblewrap. To insist on that: require bubblewrap',
    ]);
  });
});

describe('with a restrictive umask', () => {
  it.runIf(isRoot).each([0o027, 0o077])('umask %o leaves a level as it is', async (mask) => {
    const usual = (await proveIsolation()).level;
    const before = process.umask(mask);
    try {
      expect((await proveIsolation()).level).toBe(usual);
    } finally {
      process.umask(before);
    }
  });
});

describe('a workshop that other users', () => {
  let place = '';
  afterEach(() => rmSync(place, { recursive: true }));
  const clone = (): string => {
    place = mkdtempSync(join(tmpdir(), 'workshop-test-'));
    mkdirSync(join(place, 'linux'));
    writeFileSync(join(place, 'linux', 'index.ts'), '');
    chmodSync(place, 0o755);
    chmodSync(join(place, 'linux'), 0o755);
    chmodSync(join(place, 'linux', 'index.ts'), 0o644);
    return place;
  };

  it('can read is no reason', () => {
    expect(whyUnreadable(clone())).toBeUndefined();
  });

  it.each([
    ['.', 0o750],
    ['linux', 0o700],
    ['linux/index.ts', 0o640],
  ])('cannot read is reported with the command to type (%s)', (name, mode) => {
    chmodSync(join(clone(), name), mode);
    expect(whyUnreadable(place)).toMatch(/^its user cannot read .* \('chmod -R go\+rX .*' lets it\)\.$/);
  });
});
