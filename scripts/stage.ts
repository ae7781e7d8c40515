/**
 * npm run stage [N] [all]: shows the course as a map, or moves to stage N; all: the whole map, however high it is. With another word behind it, it looks at stage N:
 * `diff [solution]` shows the step from the stage that it grew from, `restore [K]` the kept copies of the learner's file.
 */
import { course, type Stage } from '../checkers/course/course.ts';
import { currentStage, readProgress, writeProgress } from '../checkers/progress/progress.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { mapLines } from '../checkers/report/map.ts';
import { root } from '../checkers/root.ts';
import { stageMeant, stageWord } from './choosing.ts';
import { readWords, WordsError } from './command-line.ts';
import { reportErrors } from './report-errors.ts';
import { stepLines } from './stage/diff.ts';
import { restore } from './stage/restore.ts';

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    const lines = answer(typed);
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  });
}

function answer(typed: string[]): string[] {
  // A number before 'restore' names a stage, one after it a copy.
  const at = typed.findIndex((word) => word.replace(/^--/, '') === 'restore');
  const [before, after] = at === -1 ? [typed, []] : [typed.slice(0, at), typed.slice(at + 1)];
  const { plain, switches } = readWords(before, {
    switches: ['diff', 'solution', 'restore', 'all'],
    options: [],
    ...stageWord,
  });
  const stage = stageMeant(plain[0], 'npm run stage');
  if (at !== -1) return restore(stage, copyNumber(after));
  if (switches.has('diff')) return stepLines(stage, switches.has('solution') ? 'solution' : 'learner');
  if (switches.has('solution')) {
    const here = `npm run stage ${stage.number} diff solution`;
    throw new WordsError(
      `'solution' goes with 'diff': ${here}. To read our solution: npm run solution ${stage.number}`,
    );
  }
  if (plain[0] !== undefined) moveTo(stage);
  return [...map(switches.has('all')), ...(plain[0] === undefined ? [] : elsewhereLines(stage))];
}

/** The map; limited to the terminal's height, unless all of it is requested. */
function map(all: boolean): string[] {
  const { columns, rows, isTTY } = process.stdout;
  // A terminal of unknown size reports 0.
  const room = { columns, ...(isTTY && !all && rows > 0 && { rows }) };
  return mapLines(course, readProgress(), currentStage(), room);
}

/** The folder that npm was called in overrides the choice: a note for a learner who has just chosen another stage. */
function elsewhereLines({ number }: Stage): string[] {
  const here = currentStage();
  if (here === number) return [];
  const note = `Stage ${number} is chosen, but you are in the folder of stage ${here}, where commands mean stage ${here}. Leave it first: cd ${root}`;
  return ['', ...wrap(note, width(process.stdout.columns))];
}

function copyNumber(words: string[]): number | undefined {
  const { plain } = readWords(words, {
    switches: [],
    options: [],
    plain: 1,
    plainName: 'the number of a copy such as 2',
    isPlain: (word) => /^\d+$/.test(word),
  });
  return plain[0] === undefined ? undefined : Number(plain[0]);
}

function moveTo({ number }: Stage): void {
  writeProgress({ ...readProgress(), stage: number });
}
