/** npm run reset [N]: puts the skeleton of stage N back, and keeps a copy of what was there. */
import { programPath } from '../checkers/course/course.ts';
import { sameText, skeletonOf } from '../checkers/course/skeleton.ts';
import { replaceFile } from '../checkers/progress/replace.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { stageMeant, stageWord } from './choosing.ts';
import { readWords } from './command-line.ts';
import { reportErrors } from './report-errors.ts';
import { keptLines } from './stage/restore.ts';

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    const { plain } = readWords(typed, { switches: [], options: [], ...stageWord });
    process.stdout.write(`${reset(plain[0]).join('\n')}\n`);
    return 0;
  });
}

function reset(word: string | undefined): string[] {
  const stage = stageMeant(word, 'npm run reset');
  const room = width(process.stdout.columns);
  const file = fromRoot(programPath(stage, 'stages'));
  const skeleton = skeletonOf(stage);
  const isSame = (present: Buffer): boolean => sameText(present.toString(), skeleton);
  const { changed, kept } = replaceFile(stage, Buffer.from(skeleton), 'before-reset', isSame);
  if (!changed) return wrap(`${file} is already the skeleton. Nothing was changed.`, room);
  return [...wrap(`${file} is the skeleton again.`, room), ...(kept ? keptLines(stage, kept) : [])];
}
