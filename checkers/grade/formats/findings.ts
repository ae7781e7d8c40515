/** The report on a failed check: the same paragraphs in every format. */
import { hexLine } from '../../contract/compare.ts';
import { text as messages } from '../../messages/index.ts';
import type { CheckGrade } from '../result.ts';
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
  const { labels: shared } = messages;
  const { labels: own } = messages.feedback;
  const all: Finding[] = [
    text(own.notJudged, check.reason === null ? null : [check.reason]),
    text(shared.did, check.did),
    text(shared.expected, one(check.expected)),
    text(shared.observed, one(check.observed)),
    code(own.bytes, differenceLines(check)),
    text(own.stopped, one(check.ended)),
    code(own.printed, check.lastLines?.slice(-LAST_LINES) ?? null),
    text(shared.state, check.state),
    text(shared.cause, one(check.cause ?? (check.expected === null ? null : messages.feedback.causeNotKnown))),
    code(shared.proof, check.proof),
    text(shared.next, one(check.next)),
    code(shared.read, one(check.doc)),
    code(own.again, one(check.again)),
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
    messages.feedback.firstThatDiffers(offset, from),
    ...(due ? [messages.report.due(due)] : []),
    messages.report.came(came ?? ''),
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
