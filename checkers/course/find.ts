/** Finding stages and milestones from the words that a learner types. */
import { course, findStage, type Milestone, type Stage } from './course.ts';

/** The milestone with this id, e.g. '4.1'. */
export function findMilestone(id: string): Milestone | undefined {
  return course.flatMap((stage) => stage.milestones).find((milestone) => milestone.id === id);
}

/**
 * The milestones that a word means.
 *
 * @param word '4.1': stage 4, milestone 1; '1': milestone 1 of the current stage; undefined: all of its milestones
 * @param current number of the stage that the learner is on
 * @returns an empty list when there is no such milestone
 */
export function milestonesMeant(word: string | undefined, current: number): Milestone[] {
  const stage = findStage(current);
  if (word === undefined) return stage?.milestones ?? [];
  const found = findMilestone(word.includes('.') ? word : `${current}.${word}`);
  return found === undefined ? [] : [found];
}

/** The stage whose folder (below stages/ or solutions/) this path lies in. */
export function stageOfFolder(path: string): Stage | undefined {
  return course.find((stage) => path.split(/[\\/]/).includes(stage.folder));
}
