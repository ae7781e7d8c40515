/** A unified diff of two texts, with colours if the terminal has them. */
import chalk from 'chalk';
import { structuredPatch } from 'diff';
import { printable } from './layout.ts';

/** A text and its name. */
export interface NamedText {
  /** 'stages/stage-4-tcp-proxy/proxy.ts (yours)' */
  name: string;
  text: string;
}

/** Lines around a change that are the same in both. */
const CONTEXT = 3;

/**
 * The difference as lines; empty if there is none. Lines are code, so they are not wrapped.
 *
 * @param before the source of lines with '-'
 * @param after the source of lines with '+'
 */
export function diffLines(before: NamedText, after: NamedText): string[] {
  const [old, young] = [before, after].map(({ text }) => text.replaceAll('\r\n', '\n')) as [string, string];
  const { hunks } = structuredPatch(before.name, after.name, old, young, '', '', { context: CONTEXT });
  if (hunks.length === 0) return [];
  const lines = hunks.flatMap((hunk) => [
    chalk.cyan(`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`),
    ...hunk.lines.map(coloured),
  ]);
  return [chalk.bold(`--- ${before.name}`), chalk.bold(`+++ ${after.name}`), ...lines, '', summary(hunks)];
}

function coloured(line: string): string {
  const shown = printable(line);
  if (line.startsWith('+')) return chalk.green(shown);
  return line.startsWith('-') ? chalk.red(shown) : shown;
}

function summary(hunks: { lines: string[] }[]): string {
  const count = (sign: string): string => {
    const number = hunks.flatMap(({ lines }) => lines).filter((line) => line.startsWith(sign)).length;
    return number === 1 ? '1 line' : `${number} lines`;
  };
  return `${count('-')} less, ${count('+')} more.`;
}
