/** A result for a person at a terminal. */
import chalk from 'chalk';
import type { CheckResult, Evidence, Status } from '../check.ts';
import type { MilestoneResult } from '../run.ts';
import { hexLine } from '../verdict/compare.ts';
import { labelled, printable, width, wrap } from './layout.ts';
import { againCommand, exitInWords, judged, titleOf } from './words.ts';

/** Labels of the paragraphs of a failed check are this wide. */
const LABEL = 12;
const INDENT = '  ';
/** Of what a program printed last, so many lines are shown. */
const LAST_LINES = 6;

const signs: Record<Status, string> = { pass: '✓', fail: '✗', unsteady: '~', skipped: '-', broken: '!' };
const colours: Record<Status, (text: string) => string> = {
  pass: chalk.green,
  fail: chalk.red,
  unsteady: chalk.yellow,
  skipped: chalk.dim,
  broken: chalk.yellow,
};

/** The first line of every report, and who is judged. */
export function headLines(
  result: Pick<MilestoneResult, 'stage' | 'milestone' | 'candidate'>,
  columns?: number,
): string[] {
  const room = width(columns);
  return [...wrap(titleOf(result), room).map((line) => chalk.bold(line)), chalk.dim(`Judging ${judged(result)}.`), ''];
}

/** One line for each check, the first failure in full, a summary. */
export function terminalReport(result: MilestoneResult, columns?: number): string[] {
  const room = width(columns);
  const failed = result.results.filter((check) => check.status === 'fail');
  const broken = result.results.filter((check) => check.status === 'broken');
  const [first] = failed;
  return [
    ...result.results.flatMap((check) => checkLines(check, room)),
    ...(first ? ['', ...failureLines(result, first, room)] : []),
    ...broken.flatMap((check) => ['', ...brokenLines(check, room)]),
    ...result.notes.flatMap((note) => ['', ...wrap(`Note: ${note}`, room)]),
    '',
    summaryLine(result),
  ];
}

function checkLines(check: CheckResult, room: number): string[] {
  const number = String(check.number).padStart(2);
  const lines = labelled(`${INDENT}${signs[check.status]} ${number}`, INDENT.length + 6, check.title, room);
  if (check.status === 'skipped') lines.push(`${' '.repeat(INDENT.length + 6)}not judged: ${check.reason}`);
  return lines.map((line) => colours[check.status](line));
}

function failureLines(result: MilestoneResult, check: CheckResult, room: number): string[] {
  const { evidence, explanation } = check;
  if (evidence === undefined || explanation === undefined) return [];
  const say = (label: string, text: string): string[] =>
    labelled(`${INDENT}${label}`, INDENT.length + LABEL, text, room).map((line) => paintLabel(line, label));
  return [
    chalk.bold.red(`Check ${check.number} failed: ${check.id}`),
    ...evidence.did.flatMap((step, index) => say(index === 0 ? 'Did' : '', step)),
    ...say('Expected', evidence.expected),
    ...say('Observed', evidence.exit ? `${evidence.observed} ${exitInWords(evidence.exit)}` : evidence.observed),
    ...differenceLines(evidence),
    ...lastLines(evidence, room),
    ...say('Cause', explanation.cause ?? 'we do not know why; what was seen is above'),
    ...say('Next', explanation.next),
    ...say('Read', explanation.doc),
    ...say('Seed', result.seed),
    ...say('Again', againCommand(result, check)),
  ];
}

function paintLabel(line: string, label: string): string {
  return label === '' ? line : line.replace(label, chalk.cyan(label));
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

function lastLines({ lastLines, exit }: Evidence, room: number): string[] {
  if (lastLines.length === 0) return [];
  const label = exit === undefined ? 'It printed' : 'Last words';
  const shown = lastLines.slice(-LAST_LINES).map((line) => printable(line).slice(0, room - INDENT.length - LABEL));
  return shown.map((line, index) => {
    const head = (index === 0 ? label : '').padEnd(LABEL);
    return `${INDENT}${chalk.cyan(head)}${chalk.dim(line)}`;
  });
}

function brokenLines(check: CheckResult, room: number): string[] {
  const sorry = `Check ${check.number} (${check.id}) could not be judged. That is a fault of the checker or the machine, not of the proxy:`;
  const reason = (check.reason ?? '').split('\n').map((line) => `${INDENT}${printable(line)}`);
  return [...wrap(sorry, room).map((line) => chalk.yellow(line)), ...reason];
}

function summaryLine(result: MilestoneResult): string {
  const count = (status: Status): number => result.results.filter((check) => check.status === status).length;
  const parts = [`${count('pass')} of ${result.results.length} checks passed`];
  if (count('fail') > 0) parts.push(`${count('fail')} failed`);
  if (count('skipped') > 0) parts.push(`${count('skipped')} not judged`);
  if (count('broken') > 0) parts.push(`${count('broken')} broken`);
  const line = `${parts.join(', ')} in ${(result.ms / 1000).toFixed(2)} s (seed ${result.seed}).`;
  return count('pass') === result.results.length ? chalk.green(line) : line;
}
