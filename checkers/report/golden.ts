/** Reports in a form that is the same on every machine, so that their wording can be kept in files and reviewed. */
import { stripVTControlCharacters } from 'node:util';
import type { MilestoneResult } from '../run/run.ts';
import { terminalReport } from './terminal.ts';

/** Mutants whose whole report is stored: at least one for each kind of cause, and none with a flaky diagram. */
export const goldenMutants = [
  'client-ends-without-a-word',
  'client-receives-once',
  'echo-server',
  'first-line-of-a-piece',
  'keeps-leftovers',
  'loop-one-line-for-all',
  'accepts-for-ever',
  'adds-a-newline',
  'answers-the-upstream',
  'bind-success-is-failure',
  'client-left-waiting',
  'client-not-attached',
  'connects-at-start',
  'connects-late',
  'drops-the-last-byte',
  'early-edge-lost',
  'echo',
  'empty-copy',
  'ends-the-wrong-direction',
  'event-without-its-fd',
  'hex',
  'listener-not-attached',
  'no-bind',
  'no-listen',
  'no-reuseaddr',
  'one-read-per-edge',
  'one-way',
  'port-bytes-swapped',
  'reuseaddr-after-bind',
  'row-not-stored',
  'sends-after-an-await',
  'upstream-always-3000',
  'upstream-not-attached',
  'waits-for-a-newline',
  'turn-stands-still',
  'refusal-ends-client',
  'refuses-when-all-are-down',
];

/** Meaningful numbers: TODOs, milestones, checks, lines of the program. */
const KEPT = /TODO [\d., ]+|milestone \d\.\d only \d+|Check \d+|check \d+|(?<=\.ts):\d+|stage-\d/g;

/**
 * The report of a milestone without parts that vary: times, ports, descriptors, counts, column widths, and the diagram.
 */
export function goldenReport(result: MilestoneResult): string {
  const text = stripVTControlCharacters(terminalReport(result, 80).join('\n'));
  const plain = text
    .replaceAll(/\.workshop\/mutants\/[\w-]+/g, `stages/${result.stage.folder}`)
    .split('\n')
    .map(blankNumbers)
    .map((line) => line.replaceAll(/ {3,}/g, '   ').trimEnd());
  return `${rejoin(withoutPicture(withoutState(plain))).join('\n')}\n`;
}

/** Marks a placeholder for a kept number; both characters are from Unicode's private area. */
const MARK = '\uf8ff';

function blankNumbers(line: string): string {
  const kept: string[] = [];
  const marked = line.replaceAll(KEPT, (match) => `${MARK}${String.fromCharCode(0xe000 + kept.push(match) - 1)}`);
  // Hexadecimal bytes and decimal numbers alike.
  const blanked = marked.replaceAll(/\b(?:[0-9a-f]{2} )+[0-9a-f]{2}\b/g, '# #').replaceAll(/\d[\d,.]*\d|\d/g, '#');
  return blanked.replaceAll(
    new RegExp(`${MARK}(.)`, 'gs'),
    (_match, sign: string) => kept[sign.charCodeAt(0) - 0xe000] ?? '',
  );
}

/** The diagram draws simultaneous events in the order of arrival, which varies; the diagram has its own tests. */
function withoutPicture(lines: string[]): string[] {
  const first = lines.findIndex((line) => /^ {2}Picture/.test(line));
  const after = lines.findIndex((line, index) => index > first && /^ {2}Cause/.test(line));
  return first === -1 ? lines : [...lines.slice(0, first), '  Picture', ...lines.slice(after)];
}

/** Whether a program waits or runs when it is inspected varies; that the report describes it does not. */
function withoutState(lines: string[]): string[] {
  const first = lines.findIndex((line) => /^ {2}State/.test(line));
  const after = lines.findIndex((line, index) => index > first && /^ {2}[A-Z]/.test(line));
  return first === -1 ? lines : [...lines.slice(0, first), '  State', ...lines.slice(after)];
}

/** The line breaks of a paragraph depend on the length of its numbers, so its lines are joined. */
function rejoin(lines: string[]): string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const continues = /^ {3}\S/.test(line) && !/[│<>]|^ {3}(due|came|\^)/.test(line);
    if (continues && joined.length > 0 && joined.at(-1) !== '') joined.push(`${joined.pop()} ${line.trim()}`);
    else joined.push(line);
  }
  return joined;
}
