/** Wrong proxies that keep the checks honest: each is a small edit of the solution, or a program of its own. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPath, stageOf } from '../course/course.ts';
import { findMilestone } from '../course/find.ts';
import { workshopFolder } from '../root.ts';
import { type MilestoneResult, runMilestone } from '../run.ts';

/** One wrong proxy. */
export interface Mutant {
  /** short name, unique */
  id: string;
  /** what its code does wrong, one sentence */
  bug: string;
  /** the milestone that judges it */
  milestone: string;
  /** id of the first check that must fail */
  caughtBy: string;
  /** pieces of the solution and what stands in their place; each piece occurs exactly once */
  edits: [piece: string, replacement: string][];
}

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
  let source = readFileSync(programPath(stageOf(milestone), 'solutions'), 'utf8');
  for (const [piece, replacement] of mutant.edits) {
    const count = source.split(piece).length - 1;
    if (count !== 1) throw new MutantError(`${mutant.id}: this piece occurs ${count} times in the solution: ${piece}`);
    source = source.replace(piece, () => replacement);
  }
  return source;
}

/** Runs the mutant's milestone up to the first failure. */
export async function judgeMutant(mutant: Mutant, seed: string): Promise<MilestoneResult> {
  const milestone = findMilestone(mutant.milestone);
  if (milestone === undefined) throw new MutantError(`${mutant.id}: there is no milestone ${mutant.milestone}`);
  const folder = join(workshopFolder, 'mutants', `${mutant.id}-${process.pid}`);
  const path = join(folder, stageOf(milestone).file);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, mutantSource(mutant));
  try {
    return await runMilestone({
      milestone,
      candidate: { kind: 'file', path, whose: 'learner' },
      seed,
      stopAtFirstFailure: true,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
