/**
 * A harmless program that tries to set its own mark, at the levels that the packs require: it looks for the seed, the
 * settings and the solution, writes to the result, and leaves a process behind that does so later. It reports what it could.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processIds } from '../../kernel/process-tree.ts';
import { root } from '../../root.ts';
import type { Isolation, SubmissionGrade } from '../contract/result.ts';
import { gradeOne } from '../grade-one.ts';
import { escapesAt, verdict } from '../isolation/prove.ts';
import { running, Survivors, untilNone } from '../isolation/survivors.ts';
import { packGithub } from './index.ts';

const SEED = 'the-seed-of-this-class';
const LEFT = `left-behind-${process.pid}`;
/** As where a service keeps its results; every user may enter it. */
const place = mkdtempSync(join(tmpdir(), 'workshop-own-mark-'));
const result = join(place, 'results', 'results.json');
const settings = join(place, 'source', 'grading.json');
/** Classroom 50 lays the pack beside the checkout, and its runner has one user. */
const bundle = join(place, 'bundle');
const started: ChildProcess[] = [];

beforeAll(() => {
  for (const path of [settings, result]) {
    mkdirSync(join(path, '..'), { mode: 0o700 });
    writeFileSync(path, SEED, { mode: 0o600 });
  }
  packGithub({ stage: 1, classSeed: SEED, rubric: null, into: bundle });
});

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(place, { recursive: true, force: true });
});

/** A process like the grader's, with the seed where it is handed over. */
function standIn(words: string[], env: NodeJS.ProcessEnv): void {
  const code = 'setTimeout(() => {}, 600_000)';
  started.push(spawn(process.execPath, ['-e', code, ...words], { env: { ...process.env, ...env }, stdio: 'ignore' }));
}

const program = `
import { spawn } from 'node:child_process';
import { openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
const could: string[] = [];
const look = (action: () => unknown, what: string) => { try { if (action()) could.push(what); } catch {} };
const seed = ['the-seed', 'of-this-class'].join('-');
for (const pid of readdirSync('/proc').filter((name) => /^\\d+$/.test(name)))
  for (const file of ['cmdline', 'environ'])
    look(() => Number(pid) !== process.pid && readFileSync('/proc/' + pid + '/' + file, 'utf8').includes(seed), 'the seed in ' + file);
look(() => readFileSync(${JSON.stringify(settings)}), 'read the settings');
const inPack = (folder: string): boolean => readdirSync(folder, { withFileTypes: true }).some((entry) => {
  const path = folder + '/' + entry.name;
  return entry.isDirectory() ? inPack(path) : /json$|yml$|py$/.test(path) && readFileSync(path, 'utf8').includes(seed);
});
look(() => inPack(${JSON.stringify(bundle)}), 'the seed in the pack');
look(() => readFileSync(${JSON.stringify(result)}), 'read the result');
look(() => { writeFileSync(openSync(${JSON.stringify(result)}, 'r+'), 'mine'); return true; }, 'wrote the result');
look(() => { writeFileSync(${JSON.stringify(join(place, 'results', 'more.json'))}, 'mine'); return true; }, 'wrote beside the result');
look(() => { readFileSync(${JSON.stringify(join(root, 'solutions'))} + '/stage-1-tcp-server/server.ts'); return true; }, 'read the solution');
const later = 'setInterval(() => { try { require("fs").writeFileSync(process.argv[2], "mine") } catch {} }, 20)';
spawn(process.execPath, ['-e', later, '${LEFT}', ${JSON.stringify(result)}], { detached: true, stdio: 'ignore', env: {} }).unref();
console.error(could.length === 0 ? 'it could do nothing' : 'it could: ' + [...new Set(could)].join(', '));
`;

function grade(isolation: Isolation): Promise<SubmissionGrade> {
  const path = join(place, 'hand-in', isolation);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'server.ts'), program);
  const submission = { student: { id: isolation, name: '' }, path, kind: 'folder' as const, submittedAt: null };
  return gradeOne(submission, { stage: 1, classSeed: SEED, rubric: null, deadline: null, isolation, patience: 0.3 });
}

/** What it printed in its first check. */
function said({ milestones }: SubmissionGrade): string {
  return milestones[0]?.checks[0]?.lastLines?.join('\n') ?? '';
}

function leftBehind(): number[] {
  return processIds().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(LEFT);
    } catch {
      return false;
    }
  });
}

async function holds(level: Isolation): Promise<boolean> {
  if (process.platform !== 'linux' || (level === 'user' && process.getuid?.() !== 0)) return false;
  return escapesAt(level).then(
    (escapes) => verdict(level, escapes) === null,
    () => false,
  );
}

describe.each<[level: Isolation, pack: string, own: string[]]>([
  ['bubblewrap', 'Classroom 50 and GitHub', []],
  // Without a mount namespace, what all users may read can be read: Gradescope’s pack closes its folder.
  ['user', 'Gradescope', ['read the solution']],
])('at the level %s, which is required for %s', async (level, _, may) => {
  const works = await holds(level);
  if (!works) console.warn(`Left out: the level ${level} does not hold on this machine.`);

  it.runIf(works)(
    'a program reads no seed, writes no result, and leaves no process behind',
    async () => {
      standIn([], { GRADE_SEED: SEED });
      const graded = await grade(level);
      expect(graded).toMatchObject({ status: 'graded', points: 0 });
      expect(said(graded)).toContain(may.length === 0 ? 'it could do nothing' : `it could: ${may.join(', ')}`);
      expect(said(graded)).not.toContain('seed');
      expect(leftBehind()).toEqual([]);
      await pause(100);
      expect(readFileSync(result, 'utf8')).toBe(SEED);
    },
    120_000,
  );

  it.runIf(works && level === 'user')(
    'a seed in a command line would be read',
    async () => {
      standIn([SEED], {});
      expect(said(await grade(level))).toContain('the seed in cmdline');
    },
    120_000,
  );
});

describe.runIf(process.platform === 'linux')('before a result is used', () => {
  it('it is waited for what was killed, and refused if something goes on', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], { stdio: 'ignore' });
    started.push(child);
    const pid = child.pid ?? 0;
    await expect(untilNone(() => [pid], 100)).rejects.toThrow(Survivors);
    await expect(untilNone(() => [pid], 100)).rejects.toThrow(`could not be ended (${pid})`);
    const look = () => running({ user: statSync(`/proc/${process.pid}`).uid }).filter((id) => id === pid);
    expect(look()).toEqual([pid]);
    child.kill('SIGKILL');
    await untilNone(look);
  });
});
