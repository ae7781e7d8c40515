/** npm run grade export canvas|moodle|blackboard|brightspace LIST.csv […]: the marks in the platform's own file, and the feedback. */

import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { adjustedIn } from '../../checkers/grade/batch/adjust.ts';
import { readPart } from '../../checkers/grade/batch/merge.ts';
import { makeFolder, writeDurably } from '../../checkers/grade/contract/durable.ts';
import { readExport } from '../../checkers/grade/intake/export/export.ts';
import { takeIn } from '../../checkers/grade/intake/find.ts';
import { readRoster } from '../../checkers/grade/intake/roster.ts';
import { feedbackZip, type Names } from '../../checkers/grade/lms/feedback.ts';
import { fill } from '../../checkers/grade/lms/fill.ts';
import { gradebookBytes, readGradebook } from '../../checkers/grade/lms/gradebook.ts';
import { columnsOf, SYSTEMS, type System } from '../../checkers/grade/lms/systems.ts';
import { fromRoot } from '../../checkers/root.ts';
import { didYouMean, readWords, WordsError } from '../command-line.ts';
import { listNamed } from './order.ts';
import { placeOf } from './places.ts';
import { withClassIn } from './taken-in.ts';

const vocabulary = { switches: [], options: ['results', 'column', 'people', 'roster', 'from', 'into'], plain: 2 };

export async function exportMarks(typed: string[]): Promise<number> {
  const { plain, options } = readWords(typed, vocabulary);
  const system = systemOf(plain[0]);
  const list = plain[1];
  if (list === undefined) {
    throw new WordsError(
      `Which gradebook? Download it from ${system}, and name the file: npm run grade export ${system} LIST.csv`,
    );
  }
  const results = placeOf(options.get('results') ?? 'results');
  const part = readPart(results);
  const grades = adjustedIn(results, part.grades);
  const gradebook = readGradebook(placeOf(list));
  const columns = columnsOf(system, gradebook, options.get('column'));
  const roster = listNamed(options) ?? part.class.roster;
  const emails = new Map(
    (roster !== null && existsSync(roster) ? readRoster(roster) : []).flatMap(({ id, email }) =>
      email === null ? [] : [[id, email] as const],
    ),
  );
  const filled = fill(system, gradebook, columns, grades, emails);
  const into = placeOf(options.get('into') ?? join(results, 'export', system));
  makeFolder(into);
  const file = join(into, basename(list));
  writeDurably(file, gradebookBytes(filled.gradebook));
  const participants = new Map(
    [...filled.rows].map(([id, row]) => {
      const number = /(\d+)$/.exec(row[columns.ids[0] ?? 0] ?? '')?.[1] ?? '';
      return [id, `${(row[columns.name[0] ?? 0] ?? '').replaceAll('_', ' ')}_${number}`] as const;
    }),
  );
  const source = options.has('from') ? placeOf(options.get('from') ?? '') : part.class.submissions;
  const names = (folder: string | null, submissions: Names['submissions']): Names => ({
    folder,
    submissions,
    participants,
  });
  const make = (known: Names) => feedbackZip(system, results, grades, known);
  const { bytes, unknown } = existsSync(source)
    ? await withClassIn(source, async (place) => {
        const folder = readExport(place)?.folder ?? null;
        const { submissions } = await takeIn(place, { roster, zone: part.class.zone });
        return make(names(folder, submissions));
      })
    : make(names(null, []));
  writeDurably(join(into, 'feedback.zip'), bytes);
  const lines = [...filled.told];
  if (unknown.length > 0) {
    lines.push(
      `${unknown.length} without feedback in the archive: ${unknown.slice(0, 10).join(', ')}. Their files in the export of ${system} would tell its names: from EXPORT`,
    );
  }
  lines.push(
    `${filled.rows.size} of ${grades.length} students are in ${fromRoot(file)}. Feedback: ${fromRoot(join(into, 'feedback.zip'))}`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
  return filled.rows.size === grades.length ? 0 : 1;
}

function systemOf(word: string | undefined): System {
  const system = SYSTEMS.find((one) => one === word);
  if (system !== undefined) return system;
  throw new WordsError(
    `For which platform? Expected: ${SYSTEMS.join(', ')}.${word === undefined ? '' : didYouMean(word, [...SYSTEMS])}`,
  );
}
