/** Judges every mutant: it must fail at its check (thoroughly: there at the latest) with the expected cause. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../contract/check.ts';
import { course } from '../course/course.ts';
import { goldenMutants, goldenReport } from '../report/golden.ts';
import { root } from '../root.ts';
import { mutants } from './index.ts';
import { judgeMutant, type Mutant } from './mutant.ts';
import * as parts from './parts.ts';

/** Mutants need less patience than a learner's program. */
const PATIENCE = 0.4;
/** Also runs every check before its own, and each failure twice, without and with the trace: takes four times as long. */
const thoroughly = process.env.THOROUGH !== undefined;
/** In ms; generous, because a mutant that never sleeps slows down every check. */
const timeout = thoroughly ? 400_000 : 120_000;
/** At least this share of the named causes must be right; an uncertain cause must be left open, not guessed. */
const RIGHT_SHARE = 0.95;

const named = new Map<string, string | undefined>();

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

  it('has the pieces that the example in CONTRIBUTING.md names', () => {
    const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const example = /edits: \[\n[\s\S]*?```/.exec(guide)?.[0] ?? '';
    const names = example.match(/\b[A-Z]+(?:_[A-Z]+)*\b/g) ?? [];
    expect(names.length).toBeGreaterThan(0);
    expect(Object.keys(parts)).toEqual(expect.arrayContaining(names));
  });

  it('has every mutant whose report is kept', () => {
    expect(goldenMutants.filter((id) => !mutants.some((mutant) => mutant.id === id))).toEqual([]);
  });
});

describe.concurrent('each mutant fails at its check', () => {
  // On a busy machine a mutant may be flaky; a correct proxy never is, and gets no retry.
  it.for(mutants)('$id: $bug', { retry: 2, timeout }, async (mutant, { expect }) => {
    const result = await judgeMutant(mutant, { seed: '7f3a', patience: PATIENCE, thoroughly });
    const first = firstFailure(result.results);
    named.set(mutant.id, first?.explanation?.causeId);
    // Thoroughly, it has failed without the trace and with it: 'flaky' would mean that tracing changes a verdict. And a
    // check before its own may see the same mistake, now and then or always: its own is proven by the usual run.
    expect(first?.status).toBe('fail');
    if (!thoroughly) expect(first?.id).toBe(mutant.caughtBy);
    // What a thorough run says besides, of checks before this one, is not kept.
    if (goldenMutants.includes(mutant.id) && !thoroughly) {
      await expect(goldenReport(result)).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `${mutant.id}.txt`));
    }
  });
});

function firstFailure(results: CheckResult[]): CheckResult | undefined {
  return results.find(({ status }) => status !== 'pass' && status !== 'skipped');
}

afterAll(() => {
  // Only when the whole catalogue was run, not one mutant by its name, and each at its own check.
  if (named.size !== mutants.length || thoroughly) return;
  const wrong = mutants.filter((mutant) => !isRight(mutant));
  writeFileSync(join(root, 'docs', 'wrong-proxies.md'), table(wrong.length));
  const list = wrong.map(({ id, cause }) => `${id}: ${cause} expected, ${named.get(id)} named`);
  expect(wrong.length, list.join('\n')).toBeLessThanOrEqual(mutants.length * (1 - RIGHT_SHARE));
});

function isRight({ id, cause, orCause }: Mutant): boolean {
  const given = named.get(id);
  return given === cause || (given !== undefined && given === orCause);
}

function table(wrong: number): string {
  return [
    '# Wrong programs, and what the checker says of them',
    '',
    'Written by the test run (`npx vitest run checkers/mutants`). Each row is a wrong program from',
    '[checkers/mutants](../checkers/mutants): what it does wrong, the first check that fails, the cause that the explanation',
    'names first, and whether that is the right one.',
    '',
    `${mutants.length - wrong} of ${mutants.length} causes are right.`,
    '',
    '| wrong program | what it does wrong | caught by | cause named | right |',
    '|---|---|---|---|---|',
    ...mutants.map(row),
    '',
  ].join('\n');
}

function row(mutant: Mutant): string {
  const { id, bug, milestone, caughtBy, cause } = mutant;
  const given = named.get(id);
  const safe = bug.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return `| ${id} | ${safe} | ${milestone} ${caughtBy} | ${given ?? 'not known'} | ${isRight(mutant) ? 'yes' : `no: ${cause}`} |`;
}
