/** A failed check, in full, for a person at a terminal. */
import chalk from 'chalk';
import type { CheckResult, Evidence, Explanation, TimelineEntry } from '../check.ts';
import { errorLine } from '../explain/exit.ts';
import { stateLines } from '../explain/state.ts';
import type { MilestoneResult } from '../run.ts';
import { hexLine } from '../verdict/compare.ts';
import { castOf } from './cast.ts';
import { LEAST_COLUMNS, sequenceDiagram } from './diagram.ts';
import { labelled, printable } from './layout.ts';
import { againCommand, exitInWords } from './words.ts';

/** Labels of the paragraphs are this wide. */
const LABEL = 12;
const INDENT = '  ';
/** Of what a program printed last, so many lines are shown. */
const LAST_LINES = 6;

/** Titles of pictures. */
const ONLY = 'what was seen from outside, times in ms';
const FIRST = 'the first time, when it failed';
const SECOND = 'the second time, when it passed; then the checker ended it';

const UNSTEADY = [
  'It failed, and when it was tried again with the same bytes, it passed.',
  'Often this is a race: what the program does depends on which of two things happens first.',
  'Or something was left over from the run before.',
  'Compare the two pictures: the first line that differs shows where to look.',
].join(' ');

/** A check that failed twice: what was done, expected and seen, why, and what to do next. */
export function failureLines(result: MilestoneResult, check: CheckResult, room: number): string[] {
  const { evidence, explanation } = check;
  if (evidence === undefined || explanation === undefined) return [];
  return [
    chalk.bold.red(`Check ${check.number} failed: ${check.id}`),
    ...findingLines(result, evidence, room),
    ...picture(ONLY, untilFailure(evidence), markOf(evidence, explanation), result, room),
    ...paragraph('Cause', explanation.cause ?? 'we do not know why; what was seen is above', room),
    ...(explanation.proof ?? []).flatMap((text, index) => paragraph(index === 0 ? 'Proof' : '', printable(text), room)),
    ...paragraph('Next', explanation.next, room),
    ...hintLine(result, room),
    ...againLines(result, check, explanation.doc, room),
  ];
}

/** A check that failed and then passed: both times, side by side as far as a terminal allows. */
export function unsteadyLines(result: MilestoneResult, check: CheckResult, room: number): string[] {
  const { evidence, recording, explanation } = check;
  if (evidence === undefined || recording === undefined) return [];
  const failed = markOf(evidence, {});
  return [
    chalk.bold.yellow(`Check ${check.number} is not the same twice: ${check.id}`),
    ...paragraph('Twice', UNSTEADY, room),
    ...findingLines(result, evidence, room),
    ...picture(FIRST, untilFailure(evidence), failed, result, room),
    ...picture(SECOND, recording.timeline, { mark: false }, result, room),
    ...againLines(result, check, explanation?.doc, room),
  ];
}

function findingLines({ stage }: MilestoneResult, evidence: Evidence, room: number): string[] {
  const { did, expected, observed, exit } = evidence;
  return [
    ...did.flatMap((step, index) => paragraph(index === 0 ? 'Did' : '', step, room)),
    ...paragraph('Expected', expected, room),
    ...paragraph('Observed', exit ? withExit(observed, exitInWords(exit)) : observed, room),
    ...differenceLines(evidence),
    ...lastLines(evidence, room),
    ...stateLines(evidence, stage.role).flatMap((line, index) =>
      paragraph(index === 0 ? 'State' : '', printable(line), room),
    ),
  ];
}

/** Hints speak of the learner's own functions. */
function hintLine({ candidate }: MilestoneResult, room: number): string[] {
  return candidate.kind === 'file' && candidate.whose === 'learner' ? paragraph('Hint', 'npm run hint', room) : [];
}

function againLines(result: MilestoneResult, check: CheckResult, doc: string | undefined, room: number): string[] {
  return [
    ...(doc === undefined ? [] : paragraph('Read', doc, room)),
    ...paragraph('Seed', result.seed, room),
    ...paragraph('Again', againCommand(result, check), room),
  ];
}

function paragraph(label: string, text: string, room: number): string[] {
  const lines = labelled(`${INDENT}${label}`, INDENT.length + LABEL, text, room);
  return label === '' ? lines : lines.map((line) => line.replace(label, chalk.cyan(label)));
}

interface Mark {
  wrongAt?: number;
  mark?: string | false;
}

/** Where the explanation says that it went wrong; else at the last thing that was seen before the check gave up. */
function markOf({ timeline, failedAt, observed }: Evidence, { wrongAt }: Pick<Explanation, 'wrongAt'>): Mark {
  const last = Math.max(
    0,
    timeline.findLastIndex(({ ms }) => ms <= failedAt),
  );
  return wrongAt === undefined || wrongAt === last ? { wrongAt: last, mark: observed } : { wrongAt };
}

/** Without what the checker brought about afterwards, by ending the program; its own end does belong to the story. */
function untilFailure({ timeline, failedAt, exit }: Evidence): TimelineEntry[] {
  return exit === undefined ? timeline.filter(({ ms }) => ms <= failedAt) : timeline;
}

/** Nothing where only the program itself was seen: then the words above have said it all. */
function picture(
  title: string,
  timeline: TimelineEntry[],
  mark: Mark,
  result: MilestoneResult,
  room: number,
): string[] {
  const columns = room - INDENT.length;
  if (columns < LEAST_COLUMNS || timeline.every(({ who }) => who === 'program')) return [];
  const cast = castOf(result.stage, result.candidate);
  const lines = sequenceDiagram(timeline, { columns, cast, ...mark });
  return [...paragraph('Picture', title, room), ...lines.map((line) => INDENT + line)];
}

function differenceLines({ difference }: Evidence): string[] {
  if (difference === undefined) return [];
  const { offset, from, expected, observed } = difference;
  const column = (offset - from) * 3;
  const pad = ' '.repeat(INDENT.length + LABEL);
  const lines = [`from byte ${from.toLocaleString('en-US')} on:`];
  if (expected.length > 0) lines.push(`due   ${hexLine(expected)}`);
  lines.push(`came  ${hexLine(observed)}`);
  if (expected.length > 0)
    lines.push(`      ${' '.repeat(column)}^^ the first that differs: byte ${offset.toLocaleString('en-US')}`);
  return lines.map((line) => pad + line);
}

/** What was seen, and how the program ended, if that has not been said yet. */
function withExit(observed: string, how: string): string {
  return observed.endsWith('the program stopped') ? `${observed} ${how}` : `${observed}; the program stopped ${how}`;
}

function lastLines({ lastLines: all, exit, symptom }: Evidence, room: number): string[] {
  if (all.length === 0 || symptom === 'unreadable') return [];
  // What Node prints below an error's message and place is of no use to the learner.
  const error = errorLine(all);
  const lastLines = error === -1 ? all : all.slice(error, error + 3);
  const label = exit === undefined ? 'It printed' : 'Last words';
  const shown = lastLines.slice(-LAST_LINES).map((line) => cut(printable(line), room - INDENT.length - LABEL));
  return shown.map((line, index) => {
    const head = (index === 0 ? label : '').padEnd(LABEL);
    return `${INDENT}${chalk.cyan(head)}${chalk.dim(line)}`;
  });
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}
