/** Mutants, which test the checks: each is a small edit of the solution, or a separate program. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Milestone, stageOf } from '../course/course.ts';
import { findMilestone } from '../course/find.ts';
import { solutionOf } from '../course/skeleton.ts';
import { workshopFolder } from '../root.ts';
import { type MilestoneResult, type RunRequest, runMilestone } from '../run/run.ts';

/** One mutant. */
export interface Mutant {
  /** short name, unique */
  id: string;
  /** the mistake in its code, one sentence */
  bug: string;
  /** the milestone that judges it */
  milestone: string;
  /** id of the first check that must fail */
  caughtBy: string;
  /** stable name of the expected cause */
  cause: string;
  /** another name of the same cause, if the kernel decides which of the two the trace shows */
  orCause?: string;
  /** pieces of the solution and their replacements; each piece occurs exactly once */
  edits: [piece: string, replacement: string][];
}

/** A mutant as it stands in a list of one milestone, which `index.ts` names; another milestone is said. */
export type ListedMutant = Omit<Mutant, 'milestone'> & { milestone?: string };

/** Error in the catalogue itself. */
export class MutantError extends Error {}

/**
 * The mutant's source.
 *
 * @throws MutantError when a piece is not in the solution, or more than once
 */
export function mutantSource(mutant: Mutant): string {
  const milestone = findMilestone(mutant.milestone);
  if (milestone === undefined) throw new MutantError(`${mutant.id}: there is no milestone ${mutant.milestone}`);
  let source = solutionOf(stageOf(milestone));
  for (const [piece, replacement] of mutant.edits) {
    const count = source.split(piece).length - 1;
    if (count !== 1) throw new MutantError(`${mutant.id}: this piece occurs ${count} times in the solution: ${piece}`);
    source = source.replace(piece, () => replacement);
  }
  return source;
}

/** How to judge a mutant. */
export interface Judging {
  seed: string;
  /** as in RunRequest */
  patience: number;
  /** true: with all checks before its own, and each failure tried twice, as a learner would have it */
  thoroughly: boolean;
}

/**
 * Runs the check that must catch a mutant, once and with the trace on; or, thoroughly, as a learner would have it.
 *
 * @throws MutantError when the catalogue is wrong
 */
export async function judgeMutant(mutant: Mutant, { seed, patience, thoroughly }: Judging): Promise<MilestoneResult> {
  const milestone = findMilestone(mutant.milestone);
  if (milestone === undefined) throw new MutantError(`${mutant.id}: there is no milestone ${mutant.milestone}`);
  return judgeSource(milestone, mutant.id, mutantSource(mutant), {
    seed,
    only: thoroughly ? upTo(milestone, mutant.caughtBy) : [mutant.caughtBy],
    stopAtFirstFailure: true,
    patience,
    ...(!thoroughly && { record: true, secondLook: false }),
  });
}

/** Runs a milestone on a program that stands in no file yet, as if it were the learner's. */
export async function judgeSource(
  milestone: Milestone,
  name: string,
  source: string,
  request: Omit<RunRequest, 'milestone' | 'candidate'>,
): Promise<MilestoneResult> {
  const folder = join(workshopFolder, 'mutants', `${name}-${process.pid}`);
  const path = join(folder, stageOf(milestone).file);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, source);
  try {
    return await runMilestone({ milestone, candidate: { kind: 'file', path, whose: 'learner' }, ...request });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function upTo({ checks }: Milestone, id: string): string[] {
  return checks.slice(0, checks.findIndex((check) => check.id === id) + 1).map((check) => check.id);
}
