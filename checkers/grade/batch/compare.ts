/** Whose mark moved between two gradings of a class, and why. */
import { stringify } from 'csv-stringify/sync';
import { cell } from '../formats/csv.ts';
import { checksOf, counted, markWords } from '../formats/phrases.ts';
import { adjustmentWords } from '../formats/standing.ts';
import type { StoredGrade } from './grader.ts';

/** One student's mark, before and after. */
export interface Move {
  id: string;
  name: string;
  /** '14/20', 'no mark', or null: was not there */
  before: string | null;
  after: string | null;
  /** points; null where one of the two has none */
  by: number | null;
  /** which inputs of the mark differ; never empty */
  why: string[];
  /** '4.2 half-close: pass -> fail' */
  checks: string[];
}

/** The students whose mark has changed, in order of the ids. */
export function movedMarks(old: StoredGrade[], current: StoredGrade[]): Move[] {
  const before = new Map(old.map((grade) => [grade.student.id, grade]));
  const after = new Map(current.map((grade) => [grade.student.id, grade]));
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  return ids.flatMap((id) => {
    const [one, other] = [before.get(id), after.get(id)];
    const same = one !== undefined && other !== undefined && markWords(one) === markWords(other);
    return same ? [] : [moveOf(one, other)];
  });
}

function moveOf(before: StoredGrade | undefined, after: StoredGrade | undefined): Move {
  const student = (after ?? before)?.student ?? { id: '', name: '' };
  const marked = before && after && before.status !== 'broken' && after.status !== 'broken';
  return {
    ...student,
    before: before ? markWords(before) : null,
    after: after ? markWords(after) : null,
    by: marked ? after.points - before.points : null,
    why: before && after ? reasons(before, after) : [before ? 'not in the new class' : 'not in the old class'],
    checks: before && after ? flips(before, after) : [],
  };
}

function reasons(before: StoredGrade, after: StoredGrade): string[] {
  const all: [boolean, string][] = [
    [before.stage !== after.stage, `another stage (${before.stage}, ${after.stage})`],
    [before.versions.submission !== after.versions.submission, 'other files'],
    [before.versions.checks !== after.versions.checks, 'other checks'],
    [before.versions.rubric !== after.versions.rubric, 'another rubric'],
    [before.seed !== after.seed && after.status !== 'broken' && before.status !== 'broken', 'another seed'],
    [costOf(before) !== costOf(after), `late: ${costOf(before)} points off before, ${costOf(after)} now`],
    [
      adjustedWords(before) !== adjustedWords(after),
      `adjusted: ${adjustedWords(before)} before, ${adjustedWords(after)} now`,
    ],
    [before.isolation !== after.isolation, `isolation (${before.isolation}, ${after.isolation})`],
    [before.status !== after.status, `${statusWords(before)} before, ${statusWords(after)} now`],
  ];
  const found = all.flatMap(([differs, reason]) => (differs ? [reason] : []));
  return found.length > 0 ? found : ['nothing that the mark depends on: the program or this machine is flaky'];
}

function adjustedWords({ adjusted = [] }: StoredGrade): string {
  return adjusted.length === 0 ? 'nothing' : adjusted.map(adjustmentWords).join(', ');
}

function costOf({ late }: StoredGrade): number {
  return late?.cost ?? 0;
}

function statusWords({ status }: StoredGrade): string {
  return { graded: 'graded', refused: 'could not be run', broken: 'no mark' }[status];
}

function flips(before: StoredGrade, after: StoredGrade): string[] {
  const was = new Map(checksOf(before).map(({ milestone, check }) => [`${milestone.id} ${check.id}`, check]));
  const is = new Map(checksOf(after).map(({ milestone, check }) => [`${milestone.id} ${check.id}`, check]));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((place) => {
    const [one, other] = [was.get(place), is.get(place)];
    if (one?.status === other?.status && one?.points === other?.points) return [];
    if (one?.status === other?.status) return [`${place}: ${one?.points} -> ${other?.points} points`];
    return [`${place}: ${one?.status ?? 'not there'} -> ${other?.status ?? 'not there'}`];
  });
}

/** How many students are in one of the two classes, or in both: a mark that came or went has moved as well. */
export function studentsIn(old: StoredGrade[], current: StoredGrade[]): number {
  return new Set([...old, ...current].map(({ student }) => student.id)).size;
}

/** One paragraph for each, for a terminal. */
export function moveLines(moves: Move[], students: number): string[] {
  if (moves.length === 0) return [`No mark moved (${counted(students, 'student')}).`];
  const lines = moves.flatMap((move) => [
    `${move.id}: ${move.before ?? 'not there'} -> ${move.after ?? 'not there'}${signed(move.by)}, because of: ${move.why.join('; ')}`,
    ...move.checks.map((check) => `    ${check}`),
  ]);
  return [...lines, `${moves.length} of ${counted(students, 'mark')} moved (${percent(moves.length, students)}).`];
}

/** '27 %'; between none and all, neither 0 nor 100. */
function percent(part: number, whole: number): string {
  const rounded = Math.round((100 * part) / whole);
  return `${part === 0 || part === whole ? rounded : Math.min(99, Math.max(1, rounded))} %`;
}

function signed(by: number | null): string {
  return by === null ? '' : ` (${by > 0 ? '+' : ''}${by})`;
}

/** For a spreadsheet; what it would run as a formula becomes text. */
export function movesCsv(moves: Move[]): string {
  const heading = ['id', 'name', 'before', 'after', 'by', 'why', 'checks'];
  const rows = moves.map(({ id, name, before, after, by, why, checks }) =>
    [id, name, before ?? '', after ?? '', by ?? '', why.join('; '), checks.join('; ')].map(cell),
  );
  return stringify([heading, ...rows], { bom: true });
}
