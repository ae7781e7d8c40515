/**
 * Canaries: our solution and a few wrong programs, judged in between the submissions and in the same way. As long as the
 * solution gets all its points and the wrong ones do not, the machine judges rightly.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../../course/course.ts';
import { solutionOf } from '../../course/skeleton.ts';
import { mutants } from '../../mutants/index.ts';
import { mutantSource } from '../../mutants/mutant.ts';
import { ownFolder } from '../contract/own-folders.ts';
import type { SubmissionGrade } from '../contract/result.ts';
import type { Submission } from '../contract/submission.ts';
import { checksOf } from '../formats/phrases.ts';

/** A solution that takes so many times as long as at the start, … */
const SLOWER = 5;
/** … and at least so much longer, in ms, is on a machine that has changed. */
const LONGER_MS = 15_000;

/** A program whose mark is known. */
export interface Canary {
  id: string;
  submission: Submission;
  /** the check that has to fail, as '4.1 listens'; null: none may */
  caughtBy: string | null;
}

/** When a round was run. */
export type Moment = 'start' | 'middle' | 'end';

/** The outcome of one round. */
export interface Round {
  moment: Moment;
  canaries: { id: string; status: SubmissionGrade['status']; points: number; outOf: number; ms: number }[];
  /** one sentence; null: all is well */
  trouble: string | null;
}

/**
 * Writes the canaries of a stage: the solution, and one wrong program for each milestone.
 *
 * @returns them, and what removes their files
 */
export function createCanaries(stage: Stage): { canaries: Canary[]; remove: () => void } {
  const folder = mkdtempSync(ownFolder('canaries'));
  const canaries = [canary(folder, stage, 'solution', solutionOf(stage), null)];
  for (const { id } of stage.milestones) {
    const mutant = mutants.find(({ milestone }) => milestone === id);
    if (mutant === undefined) continue;
    canaries.push(canary(folder, stage, mutant.id, mutantSource(mutant), `${id} ${mutant.caughtBy}`));
  }
  return { canaries, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function canary(folder: string, stage: Stage, name: string, source: string, caughtBy: string | null): Canary {
  const id = `canary-${name}`;
  const path = join(folder, id);
  mkdirSync(path);
  writeFileSync(join(path, stage.file), source);
  return {
    id,
    submission: { student: { id, name: id }, path, kind: 'folder', submittedAt: null, ours: true },
    caughtBy,
  };
}

/**
 * Looks at the marks of a round.
 *
 * @param first the round at the start, to compare times with; null: this is it
 */
export function judgeRound(
  moment: Moment,
  graded: { canary: Canary; grade: SubmissionGrade }[],
  first: Round | null,
): Round {
  const canaries = graded.map(({ canary: { id }, grade: { status, points, outOf, ms } }) => ({
    ...{ id, status, points, outOf, ms },
  }));
  const wrong = graded.map(({ canary, grade }) => wrongWith(canary, grade)).find((problem) => problem !== null);
  return { moment, canaries, trouble: wrong ?? drift(canaries, first) };
}

function wrongWith({ id, caughtBy }: Canary, grade: SubmissionGrade): string | null {
  if (grade.status !== 'graded') return `${id} could not be judged: ${grade.problem ?? grade.status}`;
  const failed = checksOf(grade).filter(({ check }) => check.status !== 'pass' && check.status !== 'skipped');
  const places = failed.map(({ milestone, check }) => `${milestone.id} ${check.id}`);
  if (caughtBy === null) return places.length === 0 ? null : `our own solution fails ${places.join(', ')}.`;
  // A check that it depends on may fail first, so its own check is skipped; then it has not passed either.
  const passed = checksOf(grade).some(
    ({ milestone, check }) => `${milestone.id} ${check.id}` === caughtBy && check.status === 'pass',
  );
  return passed || places.length === 0 ? `${id}, a buggy program, passes ${caughtBy}.` : null;
}

function drift(canaries: Round['canaries'], first: Round | null): string | null {
  const before = first?.canaries[0]?.ms;
  const now = canaries[0]?.ms;
  if (before === undefined || now === undefined) return null;
  if (now < before * SLOWER || now < before + LONGER_MS) return null;
  return `our own solution took ${Math.round(now / 1000)} s, and ${Math.round(before / 1000)} s at the start: this machine is too busy for checks that wait.`;
}
