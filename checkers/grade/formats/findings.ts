/** The report on a failed check: the same paragraphs in every format. */
import { hexLine } from '../../contract/compare.ts';
import { labels } from '../../report/labels.ts';
import type { CheckGrade } from '../contract/result.ts';
import { plainLine, plainText } from './plain.ts';

/** One paragraph. */
export interface Finding {
  label: string;
  lines: string[];
  /** code keeps its columns */
  kind: 'text' | 'code';
}

/** Limits on the quoted output of a program: its last lines, each up to this length. */
const LAST_LINES = 12;
const LONGEST_LINE = 400;

/** In reading order: observation, cause, advice. Safe to print to a terminal. */
export function findingsOf(check: CheckGrade): Finding[] {
  const all: Finding[] = [
    text('Not judged', check.reason === null ? null : [check.reason]),
    text(labels.did, check.did),
    text(labels.expected, one(check.expected)),
    text(labels.observed, one(check.observed)),
    code('Bytes', differenceLines(check)),
    text('The program stopped', one(check.ended)),
    code('It printed', check.lastLines?.slice(-LAST_LINES) ?? null),
    text(labels.state, check.state),
    text(labels.cause, one(check.cause ?? (check.expected === null ? null : 'not known; what was seen is above'))),
    code(labels.proof, check.proof),
    text(labels.next, one(check.next)),
    code(labels.read, one(check.doc)),
    code('See it again', one(check.again)),
  ];
  return all.filter(({ lines }) => lines.length > 0);
}

function one(words: string | null): string[] | null {
  return words === null ? null : [words];
}

function text(label: string, lines: string[] | null): Finding {
  return {
    label,
    kind: 'text',
    lines: (lines ?? [])
      .map(plainLine)
      .map(cut)
      .filter((line) => line !== ''),
  };
}

function code(label: string, lines: string[] | null): Finding {
  return { label, kind: 'code', lines: (lines ?? []).flatMap((line) => plainText(line).split('\n')).map(cut) };
}

function cut(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE - 1)}…`;
}

function differenceLines({ difference }: CheckGrade): string[] | null {
  if (difference === null) return null;
  const { offset, from, expected, observed } = difference;
  const [due, came] = [expected, observed].map((hex) => hexLine(Buffer.from(hex, 'hex')));
  return [
    `the first byte that differs is byte ${offset.toLocaleString('en-US')}; from byte ${from.toLocaleString('en-US')} on`,
    ...(due ? [`due   ${due}`] : []),
    `came  ${came ?? ''}`,
  ];
}

/** All of it as plain text, for formats without markup. */
export function findingsAsText(check: CheckGrade): string {
  return findingsOf(check)
    .map(({ label, lines }) =>
      lines.length === 1 ? `${label}: ${lines[0]}` : [`${label}:`, ...lines.map(indent)].join('\n'),
    )
    .join('\n');
}

function indent(line: string): string {
  return `  ${line}`;
}
