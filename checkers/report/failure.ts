/** The full report of a failed check, for the terminal. */
import chalk from 'chalk';
import type { CheckResult, Evidence, Explanation, TimelineEntry } from '../contract/check.ts';
import { hexLine } from '../contract/compare.ts';
import { type Complaint, complaintIn } from '../explain/exit.ts';
import { stateLines } from '../explain/state.ts';
import type { MilestoneResult } from '../run/run.ts';
import { castOf } from './cast.ts';
import { LEAST_COLUMNS, sequenceDiagram } from './diagram.ts';
import { labels } from './labels.ts';
import { labelled, printable, unbroken, wrap } from './layout.ts';
import { againCommand, exitInWords } from './naming.ts';

/** Labels of the paragraphs are this wide. */
const LABEL = 12;
const INDENT = '  ';
/** How many of a program's last output lines are shown. */
const LAST_LINES = 6;
/** The most lines of the report for each of them. */
const PRINTED_LINES = 3;
/** A frame of Node's stack. */
const STACK = /^\s+at .*:\d+:\d+\)?$/;

/** Titles of pictures. */
const ONLY = 'as seen from outside, times in ms';
const FIRST = 'the first time, when it failed';
const SECOND = 'the second time, when it passed; then the checker ended it';

const FLAKY = [
  'It failed, and when it was tried again with the same bytes, it passed.',
  'Often this is a race: what the program does depends on which of two things happens first.',
  'Or the run before left something behind.',
  'Compare the two pictures: the first line that differs shows where to look.',
].join(' ');

/** The action for the next step, if the usual command would be wrong: a key of the watcher, another stage. */
export interface Ways {
  hint?: string;
  again?: string;
}

/** A check that failed twice: its steps, expectation and observation, the cause, and the next step. */
export function failureLines(result: MilestoneResult, check: CheckResult, room: number, ways: Ways = {}): string[] {
  const { evidence, explanation } = check;
  if (evidence === undefined || explanation === undefined) return [];
  return [
    chalk.bold.red(`Check ${check.number} failed: ${check.id}`),
    ...findingLines(result, evidence, room),
    ...picture(ONLY, untilFailure(evidence), markOf(evidence, explanation), result, room),
    ...paragraph(labels.cause, explanation.cause ?? 'we do not know why; what was seen is above', room),
    ...(explanation.proof ?? []).flatMap((text, index) =>
      paragraph(index === 0 ? labels.proof : '', printable(text), room),
    ),
    ...paragraph(labels.next, explanation.next, room),
    ...hintLine(result, room, ways),
    ...againLines(result, check, explanation.doc, room, ways),
  ];
}

/** A check that failed and then passed: both runs, side by side if the terminal is wide enough. */
export function flakyLines(result: MilestoneResult, check: CheckResult, room: number, ways: Ways = {}): string[] {
  const { evidence, recording, explanation } = check;
  if (evidence === undefined || recording === undefined) return [];
  const failed = markOf(evidence, {});
  return [
    chalk.bold.yellow(`Check ${check.number} is flaky: ${check.id}`),
    ...paragraph(labels.twice, FLAKY, room),
    ...findingLines(result, evidence, room),
    ...picture(FIRST, untilFailure(evidence), failed, result, room),
    ...picture(SECOND, recording.timeline, { mark: false }, result, room),
    ...againLines(result, check, explanation?.doc, room, ways),
  ];
}

function findingLines({ stage }: MilestoneResult, evidence: Evidence, room: number): string[] {
  const { did, expected, observed, exit } = evidence;
  return [
    ...did.flatMap((step, index) => paragraph(index === 0 ? labels.did : '', step, room)),
    ...paragraph(labels.expected, expected, room),
    ...paragraph(labels.observed, exit ? withExit(observed, exitInWords(exit)) : observed, room),
    ...differenceLines(evidence, room),
    ...lastLines(evidence, room),
    ...stateLines(evidence, stage.role).flatMap((line, index) =>
      paragraph(index === 0 ? labels.state : '', printable(line), room),
    ),
  ];
}

/** Hints are about the learner's own functions. */
function hintLine({ candidate }: MilestoneResult, room: number, { hint = 'npm run hint' }: Ways): string[] {
  return candidate.kind === 'file' && candidate.whose === 'learner' ? paragraph(labels.hint, hint, room) : [];
}

function againLines(
  result: MilestoneResult,
  check: CheckResult,
  doc: string | undefined,
  room: number,
  { again = againCommand(result, check) }: Ways,
): string[] {
  return [
    ...(doc === undefined ? [] : paragraph(labels.read, doc, room)),
    ...paragraph(labels.seed, result.seed, room),
    ...paragraph(labels.again, again, room),
  ];
}

function paragraph(label: string, text: string, room: number): string[] {
  // One line, even if the program's own command contains blanks or line breaks.
  const whole = label === labels.again ? unbroken(text) : text;
  const lines = labelled(`${INDENT}${label}`, INDENT.length + LABEL, whole, room);
  return label === '' ? lines : lines.map((line) => line.replace(label, chalk.cyan(label)));
}

interface Mark {
  wrongAt?: number;
  mark?: string | false;
}

/** The explanation's event; without one, the last event before the check failed. */
function markOf({ timeline, failedAt, observed }: Evidence, { wrongAt }: Pick<Explanation, 'wrongAt'>): Mark {
  const last = Math.max(
    0,
    timeline.findLastIndex(({ ms }) => ms <= failedAt),
  );
  return wrongAt === undefined || wrongAt === last ? { wrongAt: last, mark: observed } : { wrongAt };
}

/** The timeline without events that the checker caused by killing the program; the program's own exit stays. */
function untilFailure({ timeline, failedAt, exit }: Evidence): TimelineEntry[] {
  return exit === undefined ? timeline.filter(({ ms }) => ms <= failedAt) : timeline;
}

/** Empty if only the program itself had events: then the text above says it all. */
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
  return [...paragraph(labels.picture, title, room), ...lines.map((line) => INDENT + line)];
}

/** Bytes in a row of the dump: the most that fit into a line. */
const ROWS = [16, 8, 4];

/** Expected and observed bytes, row by row, and a mark below the first byte that differs. */
function differenceLines({ difference }: Evidence, room: number): string[] {
  if (difference === undefined) return [];
  const { offset, from, expected, observed } = difference;
  const label = 'due   '.length;
  const space = room - INDENT.length - LABEL;
  const count = ROWS.find((bytes) => label + 4 * bytes + 1 <= space) ?? 4;
  const lines = [`from byte ${from.toLocaleString('en-US')} on:`];
  for (let at = 0; at < Math.max(expected.length, observed.length); at += count) {
    const [due, came] = [expected, observed].map((bytes) => bytes.subarray(at, at + count)) as [Buffer, Buffer];
    if (due.length > 0) lines.push(`due   ${hexLine(due, count)}`);
    if (came.length > 0) lines.push(`came  ${hexLine(came, count)}`);
    const marked = offset - from - at;
    if (expected.length > 0 && marked >= 0 && marked < count) {
      lines.push(
        ...markUnder(label + marked * 3, `the first difference: byte ${offset.toLocaleString('en-US')}`, space),
      );
    }
  }
  return lines.map((line) => ' '.repeat(INDENT.length + LABEL) + line);
}

/** '^^ the first that differs', below a column; in several lines if one is too short. */
function markUnder(column: number, words: string, space: number): string[] {
  const mark = '^^ ';
  return wrap(words, Math.max(words.length / 3, space - column - mark.length)).map(
    (line, index) => ' '.repeat(column) + (index === 0 ? mark : ' '.repeat(mark.length)) + line,
  );
}

/** The observation, and how the program exited, if that is not part of it. */
function withExit(observed: string, how: string): string {
  return observed.endsWith('the program stopped') ? `${observed} ${how}` : `${observed}; the program stopped ${how}`;
}

function lastLines({ lastLines: all, exit, symptom }: Evidence, room: number): string[] {
  if (symptom === 'unreadable') return sourceLines(all, room);
  if (all.length === 0) return [];
  const complaint = complaintIn(all);
  const label = exit === undefined ? 'It printed' : 'Last words';
  const shown = complaint === undefined ? all.slice(-LAST_LINES) : errorLines(all, complaint);
  return shown.flatMap((line, index) => printedLines(index === 0 ? label : '', printable(line), room));
}

/** The line with the mistake and the caret under it, which stand behind the first message. */
function sourceLines([, line = '', caret = '']: string[], room: number): string[] {
  if (!/^ +\d+ \| /.test(line) || !/^ +\^$/.test(caret)) return [];
  return [line, caret].map((each) => chalk.dim(cut(' '.repeat(LABEL) + printable(each), room)));
}

/** One line of a program's output, wrapped between words, so that a path in it can be copied. */
function printedLines(label: string, text: string, room: number): string[] {
  const blanks = /^ */.exec(text)?.[0] ?? '';
  const head = `${INDENT}${label}`;
  const lines = labelled(head, INDENT.length + LABEL + blanks.length, text.slice(blanks.length), room);
  const most = lines[0] === head ? PRINTED_LINES + 1 : PRINTED_LINES;
  const kept = lines.length > most ? [...lines.slice(0, most - 1), `${lines[most - 1]} …`] : lines;
  return kept.map((each, index) => {
    const start = index === 0 ? head : '';
    return chalk.cyan(start) + chalk.dim(cut(each, room).slice(start.length));
  });
}

/** The error's message and its place in the learner's own file, for any length of the backtrace. */
function errorLines(all: string[], { message, at, place }: Complaint): string[] {
  const isStack = STACK.test(all[at + 1] ?? '');
  const stack = isStack ? all.slice(at + 1, at + 3).filter((line) => STACK.test(line)) : [];
  const told = place === undefined || stack.some((line) => line.includes(place));
  const where = told ? [] : [`  at ${fromHere(place)}`];
  return [isStack ? (all[at] ?? message) : message, ...stack, ...where];
}

/** A path relative to the folder of the command. */
function fromHere(path: string): string {
  const typedIn = process.env.INIT_CWD ?? process.cwd();
  return path.startsWith(`${typedIn}/`) ? path.slice(typedIn.length + 1) : path;
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}
