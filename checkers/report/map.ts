/** The course as a map: its stages and milestones, the green ones, the next one, and the estimated times. */
import { stripVTControlCharacters } from 'node:util';
import chalk from 'chalk';
import type { Milestone, Stage } from '../course/course.ts';
import type { Progress } from '../progress/progress.ts';
import { labelled, width, wrap } from './layout.ts';

/** The most width of the column of times: '12 h 30 min' and a gap. */
const TIME = 13;
const INDENT = '    ';

/** Lines that npm prints above the map, and the prompt below it. */
const AROUND = 5;

/** The size of a map. */
export interface MapRoom {
  /** of the terminal */
  columns?: number | undefined;
  /** of the terminal; undefined: as many as there are lines */
  rows?: number | undefined;
}

/**
 * The map as lines. If it is higher than the terminal, all stages but the current one are folded to a line each.
 *
 * @param course all stages
 * @param progress the green milestones
 * @param here number of the current stage
 */
export function mapLines(course: Stage[], progress: Progress, here: number, { columns, rows }: MapRoom = {}): string[] {
  const room = width(columns);
  const next = nextOf(course, progress, here);
  const open = (stage: Stage): string[] => stageLines(stage, stage.number === here, progress, next, room);
  const folded = (stage: Stage): string[] => [foldedLine(stage, progress, next, room)];
  const end = closing(course, progress, next, here).flatMap((text) => wrap(text, room));
  const whole = [...course.flatMap((stage) => [...open(stage), '']), ...end];
  if (rows === undefined || whole.length + AROUND <= rows) return whole;
  const all = wrap('Every stage in full: npm run stage all', room).map((line) => chalk.dim(line));
  const at = course.findIndex(({ number }) => number === here);
  const parts = [course.slice(0, at).flatMap(folded), course.slice(at, at + 1).flatMap(open)];
  parts.push(course.slice(at + 1).flatMap(folded), [...end, ...all]);
  const airy = parts
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
  const candidates = [airy, parts.flat(), [...(parts[1] ?? []), ...end, ...all]];
  return candidates.find((lines) => lines.length + AROUND <= rows) ?? [...(parts[1] ?? []), ...end];
}

/** The first milestone of this stage that is not green, else the first one after it, else any. */
function nextOf(course: Stage[], { green }: Progress, here: number): Milestone | undefined {
  const from = course.findIndex(({ number }) => number === here);
  const inOrder = [...course.slice(from), ...course.slice(0, from)].flatMap(({ milestones }) => milestones);
  return inOrder.find(({ id }) => green[id] === undefined);
}

/** A stage in one line: its title, how many of its milestones are green, how long it takes. */
function foldedLine(stage: Stage, { green }: Progress, next: Milestone | undefined, room: number): string {
  const { number, title, milestones } = stage;
  const done = milestones.filter(({ id }) => green[id] !== undefined).length;
  const isNext = next !== undefined && milestones.includes(next);
  const sign = done === milestones.length ? chalk.green('✓') : isNext ? chalk.cyan('→') : ' ';
  const name = `Stage ${number}: ${title}`;
  const part = done > 0 && done < milestones.length ? ` (${done} of ${milestones.length} green)` : '';
  const heading = timed(`${name}${part}`, (text) => text, sumOf(milestones), room - 2);
  const fits = stripVTControlCharacters(heading).length <= room - 2;
  return `${sign} ${fits ? heading : name}`;
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
  const heading = timed(stageOnMap(number, title, here), chalk.bold, sumOf(milestones), room - 2);
  // Without room for the total time, the milestones' own times remain.
  const plain = wrap(stageOnMap(number, title, here), room - 2).map((line) => chalk.bold(line));
  const fits = stripVTControlCharacters(heading).length <= room - 2;
  return [
    ...(fits ? [heading] : plain).map((line, index) => `${index === 0 ? sign : ' '} ${line}`),
    ...names.map((line) => chalk.dim(line)),
    ...milestones.flatMap((milestone) => {
      const done = green[milestone.id] !== undefined;
      return milestoneLines(milestone, done, milestone === next, room);
    }),
  ];
}

function milestoneLines({ id, title, minutes }: Milestone, done: boolean, next: boolean, room: number): string[] {
  const sign = done ? chalk.green('✓') : next ? chalk.cyan('→') : '·';
  const [first = '', ...rest] = labelled('', 0, `milestone ${id}: ${title}`, room - TIME - INDENT.length - 2);
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

function closing(course: Stage[], { green }: Progress, next: Milestone | undefined, here: number): string[] {
  const all = course.flatMap(({ milestones }) => milestones);
  const left = all.filter(({ id }) => green[id] === undefined);
  const count = `${all.length - left.length} of ${all.length} milestones green`;
  if (next === undefined) return [`${count}. That was the whole course.`];
  const stage = course.find(({ milestones }) => milestones.includes(next));
  return [
    `${count}, about ${duration(sumOf(left))} to go.`,
    stage === undefined || stage.number === here
      ? `Next: npm run milestone ${next.id} (${next.title})`
      : `Next: npm run stage ${stage.number} (${stage.title})`,
  ];
}

function sumOf(milestones: Milestone[]): number {
  return milestones.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** '45 min', '2 h', '2 h 30 min' */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

function stageOnMap(number: number, title: string, here: boolean): string {
  return `Stage ${number}: ${title}${here ? ' (you are here)' : ''}`;
}
