/** The command that grades one submission again with the same bytes. */
import { dirname } from 'node:path';
import { fromRoot } from '../../root.ts';
import { shellWord } from '../../shell.ts';
import type { GradeOrder, Submission } from './submission.ts';

/** One command, to be typed at the repository's root. */
export function againCommand({ path, kind, student }: Submission, order: GradeOrder): string {
  const { stage, classSeed, folder = dirname(path), roster, rubric, deadline, zone } = order;
  const words = [fromRoot(folder), 'stage', String(stage)];
  if (roster) words.push('roster', fromRoot(roster));
  words.push('only', student.id, 'seed', classSeed);
  if (rubric !== null) words.push('rubric', fromRoot(rubric));
  if (deadline !== null) words.push('deadline', deadline);
  // A deadline is in UTC by now, and does not tell its zone any more.
  if (deadline !== null && zone !== undefined && kind === 'parts') words.push('zone', zone);
  // npm would keep a word that looks like a flag; a student's id may look like one.
  const command = words.some((word) => word.startsWith('-')) ? 'npm run grade --' : 'npm run grade';
  return [command, ...words.map(shellWord)].join(' ');
}
