/** npm run grade prove 100 [stage N]: our solution graded again and again, with every processor busy: full marks each time. */
import { availableParallelism } from 'node:os';
import { findStage, type Stage } from '../../checkers/course/course.ts';
import { createCanaries } from '../../checkers/grade/batch/canaries.ts';
import { gradeSafely } from '../../checkers/grade/batch/grade-safely.ts';
import { inPool } from '../../checkers/grade/batch/pool.ts';
import { markWords } from '../../checkers/grade/formats/phrases.ts';
import { freshSeed } from '../../checkers/harness/payload.ts';
import { keepBusy } from '../busy.ts';
import { stageMeant } from '../choosing.ts';
import { readWords } from '../command-line.ts';
import { grader, isolationHere } from './machine.ts';
import { countOf } from './places.ts';
import { ProgressLine } from './progress.ts';
import { stopping } from './stopping.ts';

const MOST = 100_000;
const USUAL = '100';

const vocabulary = { switches: [], options: ['stage'], plain: 1 };

export async function proveGrader(typed: string[]): Promise<number> {
  const { plain, options } = readWords(typed, vocabulary);
  const times = countOf(plain[0] ?? USUAL, 'How often', MOST);
  const { number } = stageMeant(options.get('stage'), 'npm run grade prove 100 stage');
  const load = keepBusy();
  const stop = stopping();
  try {
    const marks = await marksOf(findStage(number) as Stage, times, stop.signal);
    return stop.exitCode() ?? told(marks);
  } finally {
    stop.done();
    await load.end();
  }
}

/** How often each program got which mark; each time with a seed of its own. */
async function marksOf(stage: Stage, times: number, signal: AbortSignal): Promise<Map<string, Map<string, number>>> {
  const isolation = await isolationHere(null);
  const { canaries, remove } = createCanaries(stage);
  const marks = new Map(canaries.map(({ id }) => [id, new Map<string, number>()]));
  const tasks = Array.from({ length: times }, () => canaries).flat();
  const progress = new ProgressLine(process.stderr);
  let [begun, done] = [0, 0];
  try {
    await inPool(tasks, availableParallelism(), signal, async ({ id, submission }) => {
      begun += 1;
      progress.show(done, tasks.length, begun - done);
      const order = { stage: stage.number, classSeed: freshSeed(), rubric: null, deadline: null, isolation };
      const grade = await gradeSafely(grader, submission, order, signal);
      done += 1;
      progress.show(done, tasks.length, begun - done);
      if (grade === null) return;
      const mark = markWords(grade);
      const seen = marks.get(id);
      seen?.set(mark, (seen.get(mark) ?? 0) + 1);
    });
  } finally {
    progress.clear();
    remove();
  }
  return marks;
}

function told(marks: Map<string, Map<string, number>>): number {
  let wrong = false;
  for (const [id, seen] of marks) {
    const words = [...seen].map(([mark, count]) => `${mark} ${count} times`);
    process.stdout.write(`${id.padEnd(36)} ${words.join(', ')}\n`);
    const full = [...seen.keys()].every((mark) => mark.split('/')[0] === mark.split('/')[1]);
    wrong ||= seen.size !== 1 || (id === 'canary-solution') !== full;
  }
  process.stdout.write(wrong ? 'Not every mark was the same each time.\n' : 'Every mark was the same each time.\n');
  return wrong ? 1 : 0;
}
