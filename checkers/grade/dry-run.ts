/** What a rubric gives to the solution and to the skeleton, graded for real, as a preview for the author of a rubric. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findStage, type Stage } from '../course/course.ts';
import { skeletonOf, solutionOf } from '../course/skeleton.ts';
import { ownFolder } from './contract/own-folders.ts';
import type { SubmissionGrade } from './contract/result.ts';
import type { GradeOrder, Submission } from './contract/submission.ts';
import { gradeOne } from './grade-one.ts';

/** Both grades, and what is wrong with the rubric or the machine if the solution has not got everything. */
export interface DryRun {
  solution: SubmissionGrade;
  skeleton: SubmissionGrade;
  problems: string[];
}

/** Grades the solution and the skeleton as if a student had handed them in. */
export async function dryRun(order: GradeOrder, signal?: AbortSignal): Promise<DryRun> {
  const stage = findStage(order.stage);
  if (stage === undefined) throw new Error(`there is no stage ${order.stage}`);
  const folder = mkdtempSync(ownFolder('trial'));
  try {
    const texts = { solution: solutionOf(stage), skeleton: skeletonOf(stage) };
    const solution = await gradeOne(handIn(folder, 'solution', stage, texts.solution), order, signal);
    const skeleton = await gradeOne(handIn(folder, 'skeleton', stage, texts.skeleton), order, signal);
    return { solution, skeleton, problems: problems(solution, skeleton) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function handIn(folder: string, id: string, { file }: Stage, text: string): Submission {
  const path = join(folder, id);
  mkdirSync(path);
  writeFileSync(join(path, file), text);
  return { student: { id, name: `the ${id}` }, path, kind: 'folder', submittedAt: null };
}

function problems(solution: SubmissionGrade, skeleton: SubmissionGrade): string[] {
  const found: string[] = [];
  if (solution.status !== 'graded' || solution.points !== solution.outOf) {
    found.push(
      `The solution gets ${solution.points} of ${solution.outOf} points (${solution.problem ?? solution.status}): do not grade with this machine before that is all of them.`,
    );
  }
  if (skeleton.points > 0)
    found.push(`The skeleton gets ${skeleton.points} points without a line of the student's own.`);
  return found;
}
