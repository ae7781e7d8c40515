/** A result for the terminal. */
import chalk from 'chalk';
import type { CheckResult, Status } from '../contract/check.ts';
import type { MilestoneResult } from '../run/run.ts';
import { failureLines, flakyLines, type Ways } from './failure.ts';
import { labelled, printable, width, wrap } from './layout.ts';
import { judged, titleOf } from './naming.ts';

const INDENT = '  ';

const signs: Record<Status, string> = { pass: '✓', fail: '✗', flaky: '~', skipped: '-', broken: '!' };
const colours: Record<Status, (text: string) => string> = {
  pass: chalk.green,
  fail: chalk.red,
  flaky: chalk.yellow,
  skipped: chalk.dim,
  broken: chalk.yellow,
};

/** The first line of every report, and the judged program. */
export function headLines(
  result: Pick<MilestoneResult, 'stage' | 'milestone' | 'candidate' | 'simulated'>,
  columns?: number,
): string[] {
  const room = width(columns);
  return [
    ...wrap(titleOf(result), room).map((line) => chalk.bold(line)),
    ...wrap(`Judging ${judged(result)}${result.simulated ? ' on the simulated kernel' : ''}.`, room).map((line) =>
      chalk.dim(line),
    ),
    '',
  ];
}

/** One line for each check, the first failure in full, a summary. */
export function terminalReport(result: MilestoneResult, columns?: number, ways?: Ways): string[] {
  const room = width(columns);
  const broken = result.results.filter((check) => check.status === 'broken');
  return [
    ...foldSkipped(result.results).flatMap((group) => groupLines(group, room)),
    ...worstLines(result, room, ways),
    ...broken.flatMap((check) => ['', ...brokenLines(result, check, room)]),
    ...result.notes.flatMap((note) => ['', ...wrap(`Note: ${note}`, room)]),
    '',
    ...summaryLines(result, room),
    ...(result.look ?? []).flatMap((what) => wrap(`Passed; worth a look: ${what}.`, room)),
  ];
}

/** The check to look at first: the first that fails each time, or else the first flaky one. */
function worstLines(result: MilestoneResult, room: number, ways?: Ways): string[] {
  const failed = result.results.find((check) => check.status === 'fail');
  if (failed) return ['', ...failureLines(result, failed, room, ways)];
  const flaky = result.results.find((check) => check.status === 'flaky');
  return flaky ? ['', ...flakyLines(result, flaky, room, ways)] : [];
}

/** Checks that were skipped for the same reason share one line. */
function foldSkipped(results: CheckResult[]): CheckResult[][] {
  const groups: CheckResult[][] = [];
  for (const check of results) {
    const [first] = groups.at(-1) ?? [];
    const same = first?.status === 'skipped' && check.status === 'skipped' && first.reason === check.reason;
    if (same) groups.at(-1)?.push(check);
    else groups.push([check]);
  }
  return groups;
}

function groupLines(group: CheckResult[], room: number): string[] {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (group.length === 1) return checkLines(first, room);
  const label = `${INDENT}${signs.skipped} ${String(first.number).padStart(2)} to ${last.number}`;
  const text = `${group.length} more checks, not judged: ${first.reason}`;
  return labelled(label, INDENT.length + 12, text, room).map((line) => colours.skipped(line));
}

function checkLines(check: CheckResult, room: number): string[] {
  const number = String(check.number).padStart(2);
  const lines = labelled(`${INDENT}${signs[check.status]} ${number}`, INDENT.length + 6, check.title, room);
  const below = (text: string): string[] => labelled('', INDENT.length + 6, text, room);
  if (check.status === 'skipped') lines.push(...below(`not judged: ${check.reason}`));
  if (check.status === 'flaky') lines.push(...below('flaky: it failed, then passed'));
  return lines.map((line) => colours[check.status](line));
}

function brokenLines({ stage, simulated }: MilestoneResult, check: CheckResult, room: number): string[] {
  const inSimulation = `Check ${check.number} (${check.id}) could not be judged on the simulated kernel:`;
  const sorry = simulated
    ? inSimulation
    : `Check ${check.number} (${check.id}) could not be judged. That is a fault of the checker or the machine, not of the ${stage.role}:`;
  const reason = (check.reason ?? '').split('\n').map((line) => `${INDENT}${printable(line)}`);
  return [...wrap(sorry, room).map((line) => chalk.yellow(line)), ...reason];
}

function summaryLines(result: MilestoneResult, room: number): string[] {
  const count = (status: Status): number => result.results.filter((check) => check.status === status).length;
  const parts = [`${count('pass')} of ${result.results.length} checks passed`];
  if (count('fail') > 0) parts.push(`${count('fail')} failed`);
  if (count('flaky') > 0) parts.push(`${count('flaky')} flaky`);
  if (count('skipped') > 0) parts.push(`${count('skipped')} not judged`);
  if (count('broken') > 0) parts.push(`${count('broken')} broken`);
  const unit = result.simulated ? 's of virtual time' : 's';
  const line = `${parts.join(', ')} in ${(result.ms / 1000).toFixed(2)} ${unit} (seed ${result.seed}).`;
  const green = count('pass') === result.results.length;
  return wrap(line, room).map((part) => (green ? chalk.green(part) : part));
}
