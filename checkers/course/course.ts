/** The one list of stages and milestones. A new stage is a folder each in stages, solutions, checkers and docs, and a row here. */
import { join } from 'node:path';
import type { Check } from '../check.ts';
import { acceptChecks } from '../checks/4.1/index.ts';
import { relayChecks } from '../checks/4.2/index.ts';
import { root } from '../root.ts';

/** One goal within a stage. */
export interface Milestone {
  /** stage and milestone: '4.1' */
  id: string;
  title: string;
  /** in the order in which a learner meets them; the report numbers them from 1 */
  checks: Check[];
}

/** One lesson of the course. */
export interface Stage {
  number: number;
  title: string;
  /** folder below stages/ and solutions/ */
  folder: string;
  /** the file that the learner edits */
  file: string;
  /** the lesson, from the repository's root */
  doc: string;
  milestones: Milestone[];
}

export const course: Stage[] = [
  {
    number: 4,
    title: 'TCP proxy',
    folder: 'stage-4-tcp-proxy',
    file: 'proxy.ts',
    doc: 'docs/stage-4-tcp-proxy.md',
    milestones: [
      { id: '4.1', title: 'accept clients, connect upstream', checks: acceptChecks },
      { id: '4.2', title: 'relay both ways', checks: relayChecks },
    ],
  },
];

/** The stage that a learner is on who has not chosen one: the document's own. */
export const FIRST_STAGE = 4;

/** The stage with this number. */
export function findStage(number: number): Stage | undefined {
  return course.find((stage) => stage.number === number);
}

/** The stage that a milestone belongs to. */
export function stageOf(milestone: Milestone): Stage {
  const stage = course.find((candidate) => candidate.milestones.includes(milestone));
  if (stage === undefined) throw new Error(`milestone ${milestone.id} belongs to no stage`);
  return stage;
}

/** Absolute path of a stage's program: the learner's, or ours. */
export function programPath(stage: Stage, whose: 'stages' | 'solutions'): string {
  return join(root, whose, stage.folder, stage.file);
}

/** The milestone that comes after this one, in its stage or the next. */
export function nextMilestone(milestone: Milestone): Milestone | undefined {
  const all = course.flatMap((stage) => stage.milestones);
  return all[all.indexOf(milestone) + 1];
}
