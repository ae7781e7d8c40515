/** Grades without names, for readers outside the course. */
import { createHmac } from 'node:crypto';
import { fileNameOf } from '../contract/file-name.ts';
import type { CheckGrade, ClassGrades, SubmissionGrade } from '../contract/result.ts';
import { NameRemover } from './names.ts';
import { plainText } from './plain.ts';

/** Replaces values that identify a student: seeds and fingerprints are made from ids and files. */
const REMOVED = 'removed';

/**
 * The same grades with pseudonyms. A student keeps the pseudonym for as long as the class keeps its seed; who knows the
 * seed and the ids can tell who is who, so the seed is removed.
 */
export function anonymised(all: ClassGrades): ClassGrades {
  const pseudonyms = new Map(all.grades.map(({ student }) => [student.id, pseudonymOf(all.classSeed, student.id)]));
  const remover = new NameRemover(
    all.grades.map(({ student }) => ({ ...student, file: fileNameOf(student.id) })),
    pseudonyms,
  );
  const startedAt = all.grades.map((grade) => grade.startedAt).sort()[0] ?? '';
  const grades = all.grades
    .map((grade) => ({ ...withoutNames(grade, remover, pseudonyms.get(grade.student.id) ?? ''), startedAt }))
    .sort((a, b) => (a.student.id < b.student.id ? -1 : 1));
  return { ...all, classSeed: REMOVED, grades };
}

/** Not the beginning of the student's seed, which stands in their feedback. */
function pseudonymOf(classSeed: string, id: string): string {
  return `student-${createHmac('sha256', classSeed).update(`pseudonym ${id}`, 'utf8').digest('hex').slice(0, 10)}`;
}

function withoutNames(grade: SubmissionGrade, remover: NameRemover, pseudonym: string): SubmissionGrade {
  // Without invisible characters: a name that contains one would look complete on a page.
  const text = (words: string): string => remover.remove(plainText(words), grade.student);
  return {
    ...grade,
    student: { id: pseudonym, name: pseudonym },
    seed: REMOVED,
    versions: { ...grade.versions, submission: REMOVED },
    ...(grade.adjusted !== undefined && {
      adjusted: grade.adjusted.map(({ points, reason }) => ({ points, reason: text(reason), who: '' })),
    }),
    ...(grade.file !== undefined && { file: text(grade.file) }),
    notes: grade.notes.map(text),
    problem: grade.problem === null ? null : text(grade.problem),
    again: '',
    milestones: grade.milestones.map((milestone) => ({
      ...milestone,
      seed: REMOVED,
      checks: milestone.checks.map((check) => checkWithoutNames(check, text)),
    })),
  };
}

/** Titles, ids and numbers are the course's; every other text may quote the submission. */
function checkWithoutNames(check: CheckGrade, text: (words: string) => string): CheckGrade {
  const maybe = (words: string | null): string | null => (words === null ? null : text(words));
  const lines = (all: string[] | null): string[] | null => all?.map(text) ?? null;
  return {
    ...check,
    reason: maybe(check.reason),
    did: lines(check.did),
    expected: maybe(check.expected),
    observed: maybe(check.observed),
    // Bytes that the program sent: they may spell a name.
    difference: null,
    ended: maybe(check.ended),
    lastLines: lines(check.lastLines),
    state: lines(check.state),
    cause: maybe(check.cause),
    proof: lines(check.proof),
    next: maybe(check.next),
    // It contains the seed, which is made from the id.
    again: null,
    attempts: check.attempts.map(text),
  };
}
