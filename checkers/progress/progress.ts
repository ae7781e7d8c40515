/** A learner's progress, kept in .workshop/progress.json (ignored by git). */
import { course, FIRST_STAGE, findStage, type Milestone, nextMilestone, type Stage } from '../course/course.ts';
import { stageOfFolder } from '../course/find.ts';
import { readWorkshopFile, writeWorkshopFile } from './workshop-file.ts';

export interface Progress {
  /** number of the stage chosen with `npm run stage N` */
  stage: number;
  /** ids of the milestones that were green once, and when (ISO 8601) */
  green: Record<string, string>;
}

const FILE = 'progress.json';

/** Reads it; a missing or damaged file means a fresh start. */
export function readProgress(): Progress {
  const { stage, green } = (readWorkshopFile(FILE) ?? {}) as Partial<Progress>;
  const known = typeof stage === 'number' && findStage(stage) !== undefined;
  return { stage: known ? stage : FIRST_STAGE, green: typeof green === 'object' && green !== null ? green : {} };
}

/** Writes it atomically. */
export function writeProgress(progress: Progress): void {
  writeWorkshopFile(FILE, progress);
}

/** Remembers that a milestone was green. */
export function rememberGreen(milestone: Milestone): void {
  const progress = readProgress();
  progress.green[milestone.id] ??= new Date().toISOString();
  writeProgress(progress);
}

/** The first milestone after this one that is not green yet; where all are, just the next one; undefined: it is the last. */
export function nextOpen(milestone: Milestone): Milestone | undefined {
  const { green } = readProgress();
  const all = course.flatMap(({ milestones }) => milestones);
  const after = all.slice(all.indexOf(milestone) + 1);
  return after.find(({ id }) => green[id] === undefined) ?? nextMilestone(milestone);
}

/** A learner's current stage: the folder in which npm was called, else the chosen one, else the default. */
export function currentStage(calledFrom = process.env.INIT_CWD): number {
  return stageOfFolder(calledFrom ?? '')?.number ?? readProgress().stage;
}

/** The stage that "proxy" means: the current one, or the first that has a proxy. */
export function currentProxyStage(): Stage | undefined {
  const current = findStage(currentStage());
  return current?.role === 'proxy' ? current : course.find(({ role }) => role === 'proxy');
}
