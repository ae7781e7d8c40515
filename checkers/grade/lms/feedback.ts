/** The feedback of a class as an archive that the platform takes back. */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { zipSync } from 'fflate';
import { replayPath } from '../batch/replays.ts';
import { replaysFolder } from '../batch/reports.ts';
import { fileNameOf } from '../contract/file-name.ts';
import type { SubmissionGrade } from '../contract/result.ts';
import type { Submission } from '../contract/submission.ts';
import { feedbackHtml } from '../formats/feedback-html.ts';
import type { System } from './systems.ts';

/** Where the names come from that the platform expects. */
export interface Names {
  /** the export's folder; null: it is not there any more */
  folder: string | null;
  submissions: Submission[];
  /** 'Full name_12', as Moodle's own list tells it, by the student's id */
  participants: Map<string, string>;
}

/**
 * The archive: for each student the feedback, and beside it the replays that it links to.
 *
 * @param results folder of results
 * @returns its bytes, and the ids of students whose names for the platform are not known
 */
export function feedbackZip(
  system: System,
  results: string,
  grades: SubmissionGrade[],
  names: Names,
): { bytes: Uint8Array; unknown: string[] } {
  const files: Record<string, Uint8Array> = {};
  const unknown: string[] = [];
  for (const grade of grades) {
    const start = startOf(system, grade, names);
    if (start === undefined) unknown.push(grade.student.id);
    else addStudent(files, start, results, grade);
  }
  // The same class gives the same bytes.
  return { bytes: zipSync(files, { mtime: new Date(2026, 0, 1) }), unknown };
}

function addStudent(files: Record<string, Uint8Array>, start: string, results: string, grade: SubmissionGrade): void {
  const linkTo = (milestone: string): string | undefined => {
    const path = replayPath(replaysFolder(results), grade.student.id, milestone);
    if (!existsSync(path)) return undefined;
    const name = `${start}replay-${milestone}.html`;
    files[name] = readFileSync(path);
    return encodeURIComponent(name.slice(name.lastIndexOf('/') + 1));
  };
  files[`${start}feedback.html`] = Buffer.from(feedbackHtml(grade, linkTo));
}

/** What the names of a student's files begin with; undefined: the export would have to say it. */
function startOf(system: System, { student }: SubmissionGrade, names: Names): string | undefined {
  if (system === 'blackboard') return `${fileNameOf(student.id)}/`;
  const own = names.submissions.find((one) => one.student.id === student.id);
  const top = own === undefined || names.folder === null ? undefined : relative(names.folder, own.path).split('/')[0];
  if (system === 'canvas') {
    // The importer finds the student by the first number, and the hand-in by the second.
    const [, start] = /^(.*?_\d+_\d+_)/s.exec(top ?? '') ?? /^((?:LATE_)?anon_[A-Za-z0-9]+_\d+_)/.exec(top ?? '') ?? [];
    return start;
  }
  if (system === 'brightspace') return /^\d+-\d+ - /.test(top ?? '') ? `${top}/` : undefined;
  const [, participant = names.participants.get(student.id)] = /^(.+_\d+)_assignsubmission/s.exec(top ?? '') ?? [];
  return participant === undefined ? undefined : `${participant}_assignfeedback_file/`;
}
