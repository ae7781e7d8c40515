/** Statistics of a class. */
import type { ClassGrades, SubmissionGrade } from '../contract/result.ts';
import { causeInWords, unnamedInWords } from './causes-in-words.ts';
import { checksOf, failedIn, type PlacedCheck } from './phrases.ts';

/** Those whose checks were run: percentages are of them. */
export function gradedOf({ grades }: ClassGrades): SubmissionGrade[] {
  return grades.filter(({ status }) => status === 'graded');
}

/** Submissions with a mark: those that could not be run have one too. */
export function markedOf({ grades }: ClassGrades): SubmissionGrade[] {
  return grades.filter(({ status }) => status !== 'broken');
}

/** A cause, how many programs show it, and whose they are. */
export interface CommonCause {
  words: string;
  students: SubmissionGrade[];
}

/** Most common first; a program counts once for each of its causes, however many checks show it. */
export function commonCauses(all: ClassGrades): CommonCause[] {
  const graded = gradedOf(all);
  const byCause = new Map<string, { placed: PlacedCheck; students: Set<SubmissionGrade> }>();
  for (const grade of graded) {
    for (const placed of failedIn(grade)) {
      const key = placed.check.causeId ?? `check ${placed.milestone.id} ${placed.check.id}`;
      const entry = byCause.get(key) ?? { placed, students: new Set() };
      entry.students.add(grade);
      byCause.set(key, entry);
    }
  }
  return [...byCause.values()]
    .map(({ placed, students }) => ({ words: wordsFor(placed, students.size, graded.length), students: [...students] }))
    .sort((a, b) => b.students.length - a.students.length || (a.words < b.words ? -1 : 1));
}

function wordsFor({ check }: PlacedCheck, count: number, of: number): string {
  const named = check.causeId === null ? undefined : causeInWords(check.causeId, count, of);
  return named ?? unnamedInWords(check.title, count, of);
}

/** How many marks lie in a range of percentages. */
export interface Bin {
  label: string;
  count: number;
}

/** Ten ranges and full marks. */
export function distribution(all: ClassGrades): Bin[] {
  const percents = markedOf(all).map(percentOf);
  const tens = Array.from({ length: 10 }, (_, ten) => ({
    label: `${ten * 10} to ${ten * 10 + 9} %`,
    count: percents.filter((percent) => percent < 100 && Math.floor(percent / 10) === ten).length,
  }));
  return [...tens, { label: 'all points', count: percents.filter((percent) => percent >= 100).length }];
}

function percentOf({ points, outOf }: SubmissionGrade): number {
  return outOf === 0 ? 100 : Math.max(0, (100 * points) / outOf);
}

/** A check, and how the class did. */
export interface CheckColumn {
  key: string;
  milestone: string;
  number: number;
  title: string;
  passed: number;
  judged: number;
  medianMs: number;
}

/** Every check of the class, in the order of the milestones. */
export function checkColumns(all: ClassGrades): CheckColumn[] {
  const placed = new Map<string, PlacedCheck[]>();
  for (const grade of gradedOf(all)) {
    for (const one of checksOf(grade)) {
      const key = keyOf(one);
      const others = placed.get(key);
      if (others) others.push(one);
      else placed.set(key, [one]);
    }
  }
  return [...placed].map(([key, [first, ...others]]) => columnOf(key, [first as PlacedCheck, ...others]));
}

function columnOf(key: string, all: [PlacedCheck, ...PlacedCheck[]]): CheckColumn {
  const [{ milestone, check }] = all;
  const judged = all.filter(({ check: { status } }) => status !== 'broken');
  return {
    key,
    milestone: milestone.id,
    number: check.number,
    title: check.title,
    passed: judged.filter(({ check: { status } }) => status === 'pass').length,
    judged: judged.length,
    medianMs: median(all.map(({ check: { ms } }) => ms)),
  };
}

/** Names a check within a stage. */
export function keyOf({ milestone, check }: PlacedCheck): string {
  return `${milestone.id} ${check.id}`;
}

/** The middle one, or between the two in the middle; 0 of nothing. */
export function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
