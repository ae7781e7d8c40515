/** What a learner has done so far, kept in .workshop/progress.json (ignored by git). */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workshopFolder } from '../root.ts';
import { FIRST_STAGE, findStage, type Milestone } from './course.ts';
import { stageOfFolder } from './find.ts';

export interface Progress {
  /** number of the stage chosen with `npm run stage N` */
  stage: number;
  /** ids of the milestones that were green once, and when (ISO 8601) */
  green: Record<string, string>;
}

const file = join(workshopFolder, 'progress.json');

/** Reads it; a missing or damaged file means a fresh start. */
export function readProgress(): Progress {
  try {
    const { stage, green } = JSON.parse(readFileSync(file, 'utf8'));
    const known = typeof stage === 'number' && findStage(stage) !== undefined;
    return { stage: known ? stage : FIRST_STAGE, green: typeof green === 'object' && green !== null ? green : {} };
  } catch {
    return { stage: FIRST_STAGE, green: {} };
  }
}

/** Writes it whole or not at all. */
export function writeProgress(progress: Progress): void {
  mkdirSync(workshopFolder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(progress, null, 2)}\n`);
  renameSync(unfinished, file);
}

/** Remembers that a milestone was green. */
export function rememberGreen(milestone: Milestone): void {
  const progress = readProgress();
  progress.green[milestone.id] ??= new Date().toISOString();
  writeProgress(progress);
}

/** The stage that a learner is on: where npm was called, else what they chose, else the document's own. */
export function currentStage(calledFrom = process.env.INIT_CWD): number {
  return stageOfFolder(calledFrom ?? '')?.number ?? readProgress().stage;
}
