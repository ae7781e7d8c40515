/** The course as a map: its stages and milestones, what is green, what is next, and how long it may take. */
import { stripVTControlCharacters } from 'node:util';
import chalk from 'chalk';
import type { Milestone, Stage } from '../course/course.ts';
import type { Progress } from '../course/progress.ts';
import { text as messages } from '../messages/index.ts';
import { labelled, width, wrap } from './layout.ts';

/** Times stand in a column of their own, this wide at most: '12 h 30 min' and a gap. */
const TIME = 13;
const INDENT = '    ';

/**
 * The map as lines.
 *
 * @param course all stages
 * @param progress what is green
 * @param here number of the stage that the learner is on
 * @param columns of the terminal
 */
export function mapLines(course: Stage[], progress: Progress, here: number, columns?: number): string[] {
  const room = width(columns);
  const next = nextOf(course, progress, here);
  return [
    ...course.flatMap((stage) => [...stageLines(stage, stage.number === here, progress, next, room), '']),
    ...closing(course, progress, next).flatMap((text) => wrap(text, room)),
  ];
}

/** The first milestone of this stage that is not green, else the first one after it, else any. */
function nextOf(course: Stage[], { green }: Progress, here: number): Milestone | undefined {
  const from = course.findIndex(({ number }) => number === here);
  const inOrder = [...course.slice(from), ...course.slice(0, from)].flatMap(({ milestones }) => milestones);
  return inOrder.find(({ id }) => green[id] === undefined);
}

function stageLines(
  stage: Stage,
  here: boolean,
  { green }: Progress,
  next: Milestone | undefined,
  room: number,
): string[] {
  const { number, title, folder, file, doc, milestones } = stage;
  const sign = here ? chalk.cyan('>') : ' ';
  const names = here ? [`${INDENT}edit  stages/${folder}/${file}`, `${INDENT}read  ${doc}`] : [];
  const heading = timed(messages.report.stageOnMap(number, title, here), chalk.bold, sumOf(milestones), room - 2);
  // Where there is no room for the time, the milestones' own times have to do.
  const fits = stripVTControlCharacters(heading).length <= room - 2;
  return [
    `${sign} ${fits ? heading : chalk.bold(messages.report.stageAndTitle(number, title))}`,
    ...names.map((line) => chalk.dim(line)),
    ...milestones.flatMap((milestone) => {
      const done = green[milestone.id] !== undefined;
      return milestoneLines(milestone, done, milestone === next, room);
    }),
  ];
}

function milestoneLines({ id, title, minutes }: Milestone, done: boolean, next: boolean, room: number): string[] {
  const sign = done ? chalk.green('✓') : next ? chalk.cyan('→') : '·';
  const [first = '', ...rest] = labelled('', 0, messages.report.milestone(id, title), room - TIME - INDENT.length - 2);
  return [
    `${INDENT}${sign} ${timed(first, (text) => text, minutes, room - INDENT.length - 2)}`,
    ...rest.map((line) => `${INDENT}    ${line}`),
  ];
}

/** A line with a time at its right end. */
function timed(text: string, paint: (text: string) => string, minutes: number, room: number): string {
  const time = duration(minutes);
  const gap = Math.max(2, room - text.length - time.length);
  return `${paint(text)}${' '.repeat(gap)}${chalk.dim(time)}`;
}

function closing(course: Stage[], { green }: Progress, next: Milestone | undefined): string[] {
  const all = course.flatMap(({ milestones }) => milestones);
  const left = all.filter(({ id }) => green[id] === undefined);
  const count = messages.report.milestonesGreen(all.length - left.length, all.length);
  if (next === undefined) return [messages.report.wholeCourseDone(count)];
  return [messages.report.aboutToGo(count, duration(sumOf(left))), messages.report.nextMilestone(next.id, next.title)];
}

function sumOf(milestones: Milestone[]): number {
  return milestones.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** '45 min', '2 h', '2 h 30 min' */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return messages.report.minutes(rest);
  return rest === 0 ? `${hours} h` : messages.report.hoursAndMinutes(hours, rest);
}
