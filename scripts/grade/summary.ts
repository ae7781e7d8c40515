/** A batch's output in the terminal at its beginning and its end. */
import type { Stage } from '../../checkers/course/course.ts';
import type { BatchOutcome } from '../../checkers/grade/batch/batch.ts';
import { type Shard, shardWord } from '../../checkers/grade/batch/shard.ts';
import { type ClassGrades, GRADE_VERSION, type SubmissionGrade } from '../../checkers/grade/contract/result.ts';
import type { GradeOrder } from '../../checkers/grade/contract/submission.ts';
import { anonymised } from '../../checkers/grade/formats/anonymised.ts';
import { counted } from '../../checkers/grade/formats/phrases.ts';
import { classTable } from '../../checkers/grade/formats/table.ts';
import { wrap } from '../../checkers/report/layout.ts';

const USUAL_WIDTH = 100;

/** The content of the first line. */
interface Beginning extends Pick<GradeOrder, 'classSeed' | 'isolation'> {
  atOnce: number;
  /** extra submissions while processors are idle */
  whileIdle: number;
  shard: Shard | null;
}

/** 'Stage 4, TCP proxy: 60 submissions, seed autumn, isolation bubblewrap, 2 at a time' */
export function headLine({ number, title }: Stage, submissions: number, beginning: Beginning): string {
  const { classSeed, isolation, atOnce, whileIdle, shard } = beginning;
  const part = shard === null ? '' : ` of shard ${shardWord(shard)}`;
  const most = whileIdle > 0 ? `, ${atOnce + whileIdle} while processors are idle` : '';
  return `Stage ${number}, ${title}: ${counted(submissions, 'submission')}${part}, seed ${classSeed}, isolation ${isolation}, ${atOnce} at a time${most}`;
}

/** The table of marks, one student per line. */
export function tableOf(
  all: { stage: number; classSeed: string; grades: SubmissionGrade[] },
  anonymise: boolean,
): string {
  if (all.grades.length === 0) return '';
  const grades: ClassGrades = { version: GRADE_VERSION, ...all };
  return `${classTable(anonymise ? anonymised(grades) : grades, process.stdout.columns || USUAL_WIDTH)}\n`;
}

/** What is to be said at the end. */
interface Ending {
  grades: SubmissionGrade[];
  outcome: BatchOutcome;
  stopped: boolean;
  /** the command that goes on */
  resume: string;
  /** the page to look at */
  page: string;
}

export function lastLines({ grades, outcome, stopped, resume, page }: Ending): string[] {
  const trouble = outcome.rounds.find((round) => round.trouble !== null);
  const broken = count(grades, 'broken');
  const lines = ['', ...wrap(`${totals(grades)} ${work(outcome)}`, process.stdout.columns || USUAL_WIDTH)];
  if (trouble !== undefined) {
    const when = { start: 'so nothing was graded', middle: 'and grading stopped', end: 'at the end' }[trouble.moment];
    lines.push(
      `This machine cannot be trusted with marks now, ${when}: ${trouble.trouble}`,
      `What was graded since the canaries were well has no mark. When it is fit again: ${resume}`,
    );
  } else if (stopped) lines.push(`Stopped. Go on with: ${resume}`);
  else if (broken > 0) lines.push(`Those without a mark are graded again by: ${resume}`);
  return [...lines, `Reports: ${page}`];
}

function totals(grades: SubmissionGrade[]): string {
  const parts = [`${count(grades, 'graded')} graded`];
  const [refused, broken] = [count(grades, 'refused'), count(grades, 'broken')];
  if (refused > 0) parts.push(`${refused} could not be run`);
  if (broken > 0) parts.push(`${broken} without a mark`);
  return `${counted(grades.length, 'submission')}: ${parts.join(', ')}.`;
}

function work({ fresh, kept, rounds }: BatchOutcome): string {
  const well = rounds.filter(({ trouble }) => trouble === null).length;
  // If no submission was graded, none was needed.
  const canaries = rounds.length === 0 ? '' : `; canaries well ${well} of ${rounds.length} times`;
  return `${fresh} now, ${kept} kept from before${canaries}.`;
}

function count(grades: SubmissionGrade[], status: SubmissionGrade['status']): number {
  return grades.filter((grade) => grade.status === status).length;
}
