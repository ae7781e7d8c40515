/** A hint for the terminal. */
import chalk from 'chalk';
import type { Hint } from '../contract/hint.ts';
import { HINT_LEVELS } from '../explain/hints.ts';
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
  const title = all ? `All hints for ${about}` : `Hint ${level} of ${HINT_LEVELS} for ${about}`;
  const ending = level < HINT_LEVELS ? [`For the next one, ${more}.`] : lastWords(all, doc, solution);
  return [
    ...wrap(title, room).map((line) => chalk.bold(line)),
    ...levels.flatMap((text) => ['', ...textLines(text, room)]),
    '',
    ...ending.flatMap((text) => wrap(text, room)),
  ];
}

function lastWords(all: boolean, doc: string, solution: string): string[] {
  return [
    all ? 'There are no more hints for this.' : 'That was the last hint for this.',
    `The lesson goes through it step by step: ${doc}`,
    `One way to write it is in ${solution}. Reading it is allowed; whether you want to is up to you.`,
  ];
}

/** Paragraphs are wrapped; lines of code, which begin with blanks, stay as they are. */
function textLines(text: string, room: number): string[] {
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('  ')) return [INDENT + chalk.cyan(line)];
    return wrap(line, room - INDENT.length).map((part) => INDENT + part);
  });
}
