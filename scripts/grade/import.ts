/** npm run grade import EXPORT [into FOLDER] [people FILE] […]: shows who handed in what, and sorts it into folders. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { stringify } from 'csv-stringify/sync';
import stringWidth from 'string-width';
import { mustBeEmpty } from '../../checkers/grade/batch/store.ts';
import { inWords, makeFolder } from '../../checkers/grade/contract/durable.ts';
import { fileNameOf } from '../../checkers/grade/contract/file-name.ts';
import { Refused } from '../../checkers/grade/contract/limits.ts';
import type { Submission } from '../../checkers/grade/contract/submission.ts';
import { cell } from '../../checkers/grade/formats/csv.ts';
import { plainLine } from '../../checkers/grade/formats/plain.ts';
import { filesIn } from '../../checkers/grade/intake/export/files.ts';
import { type TakenIn, takeIn } from '../../checkers/grade/intake/find.ts';
import { walkParts } from '../../checkers/grade/intake/walk.ts';
import { zoneHere } from '../../checkers/grade/intake/zone.ts';
import { shellPath } from '../../checkers/shell.ts';
import { readWords, type Words, WordsError } from '../command-line.ts';
import { deadlineOf, listNamed, zoneNamed } from './order.ts';
import { placeOf } from './places.ts';
import { lateIn, takenLine, withClassIn } from './taken-in.ts';

const vocabulary = { switches: ['yes'], options: ['into', 'people', 'roster', 'deadline', 'zone'], plain: 1 };

export async function importClass(typed: string[]): Promise<number> {
  const words = readWords(typed, vocabulary);
  const [source] = words.plain;
  if (source === undefined) {
    throw new WordsError('Which export? For example: npm run grade import submissions.zip into class');
  }
  const roster = listNamed(words.options);
  const zone = zoneNamed(words.options) ?? zoneHere();
  const said = words.options.get('deadline');
  const deadline = said === undefined ? null : deadlineOf(said);
  return await withClassIn(placeOf(source), async (folder) => {
    const taken = await takeIn(folder, { roster, zone });
    process.stdout.write(`${[takenLine(taken, deadline), ...tableOf(taken, deadline), ...taken.told].join('\n')}\n`);
    return await writeInto(words, taken);
  });
}

/** A row for each student: id, name, time, what was handed in, what to know. */
function tableOf(taken: TakenIn, deadline: string | null): string[] {
  const late = lateIn(taken, deadline);
  const unlisted = new Map(taken.unlisted.map((one) => [one.id, one]));
  const rows = taken.submissions.map(({ student, submittedAt, parts, path, kind, notes = [] }) => {
    const near = unlisted.get(student.id)?.near ?? [];
    const nearest = near.length > 0 ? `: ${near.join(' or ')}?` : '';
    const about = [
      ...(late.has(student.id) ? ['late'] : []),
      ...(unlisted.has(student.id) ? [`not on the list${nearest}`] : []),
      ...(kind === 'missing' ? ['no hand-in'] : []),
      ...notes,
    ];
    const files = kind === 'missing' ? 0 : filesIn(parts ?? [{ path }]);
    const when = submittedAt === null ? '' : submittedAt.replace(/:\d\d\.\d+Z$/, 'Z');
    return [student.id, student.name === student.id ? '' : student.name, when, String(files), about.join('; ')];
  });
  const all = [['id', 'name', 'time (UTC)', 'files', ''], ...rows].map((row) => row.map(plainLine));
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => stringWidth(row[column] ?? '')))) ?? [];
  return all.map((row) =>
    row
      .map((text, column) => text + ' '.repeat((widths[column] ?? 0) - stringWidth(text)))
      .join('  ')
      .trimEnd(),
  );
}

/** Sorts the hand-ins into a folder, if that is wanted. */
async function writeInto({ options, switches }: Words, taken: TakenIn): Promise<number> {
  const into = options.get('into');
  if (into === undefined) {
    process.stdout.write('To sort them into a folder for each student, add: into FOLDER\n');
    return 0;
  }
  const folder = placeOf(into);
  mustBeEmpty(folder, 'Name a folder that is empty or not there yet.');
  if (!switches.has('yes') && !(await agreed(`Write these ${taken.submissions.length} students to ${folder}?`))) {
    process.stdout.write('Nothing was written.\n');
    return 1;
  }
  makeFolder(folder);
  try {
    for (const submission of taken.submissions) copyHandIn(submission, join(folder, fileNameOf(submission.student.id)));
    const list = join(folder, 'people.csv');
    writeFileSync(list, peopleCsv(taken.submissions));
    process.stdout.write(`Written. Grade them with: npm run grade ${shellPath(folder)} people ${shellPath(list)}\n`);
  } catch (error) {
    throw inWords(error, folder);
  }
  return 0;
}

async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new WordsError(`${question} There is no terminal to ask at. Add the word: yes`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} (y/n) `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function copyHandIn({ kind, path, parts, student }: Submission, target: string): void {
  if (kind === 'missing') return;
  mkdirSync(target);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const places = parts ?? [{ name: kind === 'folder' ? '' : name, path }];
  try {
    for (const file of walkParts(places).files) {
      const to = join(target, file.name);
      if (existsSync(to)) continue;
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(file.path, to);
      chmodSync(to, file.executable ? 0o755 : 0o644);
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    process.stderr.write(`${student.id}: ${error.message} Not all of it was written.\n`);
  }
}

/** The class list that belongs to the folder. */
function peopleCsv(submissions: Submission[]): string {
  const rows = submissions.map(({ student: { id, name }, submittedAt }) => [
    id,
    name,
    fileNameOf(id),
    submittedAt ?? '',
  ]);
  return `\ufeff${stringify([['id', 'name', 'path', 'submitted'], ...rows.map((row) => row.map(cell))])}`;
}
