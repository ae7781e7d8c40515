/** A hint for the terminal. */
import chalk from 'chalk';
import { HINT_LEVELS } from '../explain/hints.ts';
import type { Hint } from '../messages/en/hints/hint.ts';
import { text as messages } from '../messages/index.ts';
import { width, wrap } from './layout.ts';

const INDENT = '  ';

export interface ShownHint {
  /** its subject: 'check 3 of milestone 4.1, one-each' */
  about: string;
  hint: Hint;
  /** 1 to 3; above that, all three are shown again */
  level: number;
  /** further reading */
  doc: string;
  /** the file of the solution */
  solution: string;
  /** the action for the next level: 'type npm run hint' */
  more: string;
}

/** One level of a hint, and how to go on. */
export function hintLines({ about, hint, level, doc, solution, more }: ShownHint, columns?: number): string[] {
  const room = width(columns);
  const all = level > HINT_LEVELS;
  const levels = all ? hint : hint.slice(level - 1, level);
  const title = all ? messages.report.allHintsFor(about) : messages.report.hintFor(level, HINT_LEVELS, about);
  const ending = level < HINT_LEVELS ? [messages.report.forNextOne(more)] : lastWords(all, doc, solution);
  return [
    ...wrap(title, room).map((line) => chalk.bold(line)),
    ...levels.flatMap((text) => ['', ...textLines(text, room)]),
    '',
    ...ending.flatMap((text) => wrap(text, room)),
  ];
}

function lastWords(all: boolean, doc: string, solution: string): string[] {
  return [
    all ? messages.report.thereAreNoMore : messages.report.wasLastHintFor,
    messages.report.lessonGoesThroughStep(doc),
    messages.report.oneWayToWrite(solution),
  ];
}

/** Paragraphs are wrapped; lines of code, which begin with blanks, stay as they are. */
function textLines(text: string, room: number): string[] {
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('  ')) return [INDENT + chalk.cyan(line)];
    return wrap(line, room - INDENT.length).map((part) => INDENT + part);
  });
}
