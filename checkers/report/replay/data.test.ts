import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult, Evidence, Recording } from '../../contract/check.ts';
import { programPath, stageOf } from '../../course/course.ts';
import { findMilestone } from '../../course/find.ts';
import { fromRoot, root, workshopFolder } from '../../root.ts';
import type { MilestoneResult } from '../../run/run.ts';
import { replayData } from './data.ts';
import { escapeJson } from './escape.ts';
import { recordSolution, replayOfMutant } from './fixtures.ts';
import { linked, timelineOf } from './model/fixtures.ts';
import { unpack } from './model/pack.ts';
import type { ReplayData } from './model/page-data.ts';
import { renderPage } from './render.ts';
import { sourcesFor } from './sources.ts';

const MAX_BYTES = 1_000_000;

/** A made-up result: its first check failed, with this recording. */
function invented(recording: Partial<Evidence>, changes: Partial<CheckResult> = {}): MilestoneResult {
  const milestone = findMilestone('4.2');
  const [check] = milestone?.checks ?? [];
  if (milestone === undefined || check === undefined) throw new Error('no milestone 4.2');
  const stage = stageOf(milestone);
  const evidence: Evidence = {
    failedAt: 100,
    symptom: 'missing-bytes',
    did: ['something'],
    expected: 'this',
    observed: 'that',
    lastLines: [],
    otherPorts: [],
    ports: { proxy: 8080, upstream: 3000 },
    timeline: [],
    trace: [],
    ...recording,
  };
  const failed: CheckResult = {
    number: 1,
    id: check.id,
    title: check.title,
    status: 'fail',
    ms: 100,
    evidence,
    ...changes,
  };
  const candidate = { kind: 'file', path: programPath(stage, 'solutions'), whose: 'learner' } as const;
  return { stage, milestone, candidate, seed: '1', results: [failed], ms: 100, notes: [] };
}

/** Trace lines of a program. */
function traceLines(lines: Record<string, unknown>[]): Recording['trace'] {
  return lines.map((line, index) => ({
    at: index,
    ms: index,
    pid: 1,
    took: 0.1,
    fd: -1,
    args: {},
    result: 0,
    ...line,
  })) as unknown as Recording['trace'];
}

describe.runIf(process.platform === 'linux')('the replay of', () => {
  let passed: MilestoneResult;
  let failed: ReplayData;
  beforeAll(async () => {
    passed = await recordSolution('4.2');
    failed = await replayOfMutant('close-client-only');
  }, 120_000);

  it('our solution has steps for every check, below 1 MB', async () => {
    const data = replayData(passed);
    for (const check of data.checks) {
      expect(check.status, check.id).toBe('pass');
      expect(unpack(check.steps).length, check.id).toBeGreaterThan(20);
      expect(check.traced, check.id).toBe(true);
      expect(check.wrongAt, check.id).toBeUndefined();
    }
    expect(Object.keys(data.sources)).toEqual([fromRoot(programPath(passed.stage, 'solutions'))]);
    expect((await renderPage(data)).length).toBeLessThan(MAX_BYTES);
  });

  it('a wrong proxy opens at the call that went wrong', () => {
    const check = failed.checks[failed.opensAt];
    const step = unpack(check?.steps ?? { parts: [], steps: [] })[check?.opensAt ?? -1];
    expect(step).toMatchObject({ kind: 'call', call: 'recv', result: 0, place: { fn: 'handleClient' } });
    expect(check?.findings.map(([label]) => label)).toContain('Cause');
  });
});

describe('a recording that was forged or broken', () => {
  const evil = '</script><img src=x onerror=alert(1)><!--\u202e\u001b[2J';

  it('cannot break out of its element in the page', async () => {
    const trace = traceLines(linked.map((line) => ({ ...line, file: evil, line: 1, fn: evil })));
    const result = invented(
      { trace, lastLines: [evil], observed: evil, timeline: timelineOf([1, 'client 1', 'connects']) },
      { explanation: { cause: evil, next: evil, doc: evil, proof: [evil] } },
    );
    const page = await renderPage(replayData(result));
    expect(page.match(/<\/script>/g)?.length).toBe(2);
    expect(page).not.toContain('<img');
    expect(['\u202e', '\u001b'].filter((strange) => page.includes(strange))).toEqual([]);
  });

  it('is cut to a limit', async () => {
    const lines = Array.from({ length: 6000 }, (_, index) => ({
      call: ['recv', 'accept', 'epoll_wait', 'x'.repeat(30)][index % 4],
      fd: index % 200,
      result: (index * 7919) % 5000,
      file: `stages/${'y'.repeat(250)}${index}.ts`,
      line: index,
      fn: 'z'.repeat(1000),
      head: index.toString(16).padStart(64, '0'),
      rows: Array.from({ length: 20 }, (_, row) => [row, index]),
    }));
    const page = await renderPage(replayData(invented({ trace: traceLines(lines) })));
    expect(page.length).toBeLessThan(MAX_BYTES);
  });

  it('makes a page all the same', () => {
    const trace = [null, 7, 'text', {}, { call: 'recv' }, { ms: Number.NaN, call: 'x', fd: 1, args: 5 }];
    const timeline = [null, { ms: 'x' }, { who: 'client 1' }];
    const data = replayData(
      invented({ trace, timeline } as unknown as Recording, { explanation: { next: '', doc: '', wrongAt: 1 } }),
    );
    expect(data.checks[0]?.opensAt).toBe(0);
  });

  it('by several processes at once is omitted, and one after the other is not', () => {
    const two = traceLines(linked).map((line, index) => ({ ...line, pid: index % 2 }));
    const restarted = traceLines(linked).map((line, index) => ({ ...line, pid: index < 5 ? 1 : 2 }));
    const traced = (trace: Recording['trace']): boolean | undefined =>
      replayData(invented({ trace })).checks[0]?.traced;
    expect([traced(two), traced(restarted)]).toEqual([false, true]);
  });
});

it('JSON in a script element has no "<", and means the same', () => {
  const data = { text: '</script><!-- \u2028', number: 1 };
  expect(escapeJson(data)).not.toMatch(/[<\u2028]/);
  expect(JSON.parse(escapeJson(data))).toEqual(data);
});

describe('sources', () => {
  const folder = join(workshopFolder, 'sources-test');
  const judged = join(folder, 'mine.ts');
  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(judged, 'const mine = 1;\u202e\n');
    writeFileSync(join(folder, 'other.ts'), 'const secret = 1;\n');
    symlinkSync('/etc/passwd', join(folder, 'link.ts'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are those of the course and the judged file', () => {
    const solution = 'solutions/stage-4-tcp-proxy/proxy.ts';
    const sources = sourcesFor([solution], { kind: 'file', path: judged });
    expect(Object.keys(sources)).toEqual([fromRoot(judged), solution]);
    expect(sources[fromRoot(judged)]).toBe('const mine = 1;\ufffd\n');
  });

  it.each([
    '/etc/passwd',
    '../../../../etc/passwd',
    'stages/../package.json',
    'stages/../.git/config',
    'package.json',
    'stages',
    'stages/nothing.ts',
    'stages/stage-4-tcp-proxy/README.md',
    fromRoot(join(folder, 'other.ts')),
    fromRoot(join(folder, 'link.ts')),
    join(root, 'scripts', 'help.ts'),
  ])('are never %s', (file) => {
    expect(sourcesFor([file], { kind: 'command' })).toEqual({});
  });
});

it('a milestone of which nothing was judged still has a page', async () => {
  const result = invented({}, { status: 'skipped', reason: 'check 1 failed', evidence: undefined });
  const data: ReplayData = replayData(result);
  expect(data.checks[0]).toMatchObject({ status: 'skipped', findings: [['Reason', 'check 1 failed']] });
  expect(await renderPage(data)).toContain('<!doctype html>');
});
