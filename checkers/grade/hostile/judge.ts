/** Grades a bad submission and compares with the expected grade. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolder } from '../contract/own-folders.ts';
import { ISOLATION_LEVELS, type Isolation, type SubmissionGrade } from '../contract/result.ts';
import type { GradeOrder } from '../contract/submission.ts';
import { gradeOne } from '../grade-one.ts';
import { sharedIn } from '../isolation/shared.ts';
import { isRoot } from '../isolation/system.ts';
import type { Hostile } from './hostile.ts';

/** Shorter timeouts than for an honest program. */
const PATIENCE = 0.25;
/** The report on any submission has to fit on a page. */
const MAX_BYTES = 200_000;
/** Maximum number of sentences quoted in place of the expected one. */
const MAX_TOLD = 4;

/** What came of one. */
export interface Judgement {
  grade: SubmissionGrade;
  /** what is wrong with the grade, one sentence each; empty: as expected */
  problems: string[];
}

/** Whether a level is strong enough to run it. */
export function isSafe({ from = 'process-group' }: Hostile, level: Isolation): boolean {
  return ISOLATION_LEVELS.indexOf(level) <= ISOLATION_LEVELS.indexOf(from);
}

/** Grades it. */
export async function judgeHostile(one: Hostile, isolation: Isolation, signal?: AbortSignal): Promise<Judgement> {
  const folder = mkdtempSync(ownFolder('trial'));
  const path = join(folder, one.id);
  try {
    mkdirSync(path);
    for (const [name, content] of Object.entries(one.files)) writeFileSync(join(path, name), content);
    const order: GradeOrder = {
      ...{ stage: one.stage, classSeed: 'self-test', rubric: null, deadline: null, isolation },
      patience: one.patience ?? (one.deserves === 'all' ? 1 : PATIENCE),
    };
    const student = { id: one.id, name: one.id };
    const grade = await gradeOne({ student, path, kind: 'folder', submittedAt: null }, order, signal);
    return { grade, problems: problemsOf(one, grade) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function problemsOf(one: Hostile, grade: SubmissionGrade): string[] {
  const { status, points, outOf } = grade;
  const problems: string[] = [];
  const wanted = one.deserves === 'refused' ? 'refused' : 'graded';
  if (status !== wanted) problems.push(`it is ${status} instead of ${wanted} (${grade.problem})`);
  else if (!isDeserved(one, points, outOf))
    problems.push(`it got ${points} of ${outOf} points and deserves ${one.deserves}`);
  if (one.words !== undefined && !said(grade).some((text) => one.words?.test(text)))
    problems.push(`the grade does not say ${one.words}, but: ${said(grade).slice(0, MAX_TOLD).join(' / ')}`);
  if (one.leaves !== undefined && isRunning(one.leaves)) problems.push('one of its processes still runs');
  const left = isRoot ? (one.litters ?? []).filter((path) => existsSync(path)) : [];
  if (left.length > 0) problems.push(`it has left ${left.join(', ')}`);
  const shared = (['shm', 'sem', 'msg'] as const).flatMap(sharedIn).map(({ key }) => Number(key));
  if (one.shares?.some((key) => shared.includes(key))) problems.push('it has left System V IPC objects');
  const bytes = JSON.stringify(grade).length;
  if (bytes > MAX_BYTES) problems.push(`its result has ${bytes} bytes`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the check looks for control characters
  const odd = [grade.problem ?? '', ...grade.notes].find((text) => /[\u0000-\u001f\u007f-\u009f]/.test(text));
  if (odd !== undefined) problems.push(`a sentence has control characters: ${JSON.stringify(odd)}`);
  return problems;
}

function isDeserved({ deserves }: Hostile, points: number, outOf: number): boolean {
  if (deserves === 'all') return points === outOf;
  return deserves === 'not all' ? points < outOf : points === 0;
}

/** Everything that a student or an instructor is told. */
function said({ problem, notes, milestones }: SubmissionGrade): string[] {
  const checks = milestones.flatMap((milestone) => milestone.checks);
  const seen = checks.flatMap((check) => [
    check.reason,
    check.expected,
    check.observed,
    check.cause,
    check.ended,
    ...(check.lastLines ?? []),
  ]);
  return [problem, ...notes, ...seen].filter((text) => typeof text === 'string');
}

function isRunning(command: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(command);
    } catch {
      return false;
    }
  });
}
