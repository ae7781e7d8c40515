/** Writes the reports of a class beside its results. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { unfinishedPath } from '../contract/durable.ts';
import { fileNameOf } from '../contract/file-name.ts';
import type { ClassGrades, Student, SubmissionGrade } from '../contract/result.ts';
import { anonymised } from './anonymised.ts';
import { classroom50Result, localSource } from './classroom50.ts';
import { gradesCsv } from './csv.ts';
import { ctrfReport } from './ctrf.ts';
import { feedbackHtml } from './feedback-html.ts';
import { feedbackMarkdown } from './feedback-markdown.ts';
import { githubClassroomOutput } from './github-classroom.ts';
import { gradescopeResult } from './gradescope.ts';
import { junitXml } from './junit.ts';
import { reportHtml } from './report-html.ts';

export interface ReportOptions {
  /** true: pseudonyms instead of names, and nothing that identifies a student; no replays, since they show programs */
  anonymise?: boolean;
  /** absolute path of the replay page of a student's milestone ('4.1'), if there is one */
  replays?: (student: Student, milestone: string) => string | undefined;
  /** when a student's hand-in came and was graded, for other systems' files; undefined: what the grade itself says */
  times?: (student: Student) => Times | undefined;
}

/** ISO 8601 in UTC; `submittedAt` is null where it is not known. */
export interface Times extends Pick<SubmissionGrade, 'startedAt' | 'ms'> {
  submittedAt: string | null;
}

/**
 * Writes every report and format: one page and four files for the class, and a folder each of feedback and of other
 * systems' files with one for each student.
 *
 * @param folder where to; made where it is missing
 * @returns absolute paths of the files, in the order in which a person would look at them
 */
export async function writeReports(
  folder: string,
  grades: ClassGrades,
  options: ReportOptions = {},
): Promise<string[]> {
  const shown = options.anonymise ? anonymised(grades) : grades;
  const replays = options.anonymise ? undefined : options.replays;
  const times = options.anonymise ? undefined : options.times;
  const written: string[] = [];
  const write = async (name: string, text: string | undefined): Promise<void> => {
    if (text === undefined) return;
    await writeWhole(join(folder, name), text);
    written.push(join(folder, name));
  };
  await write(
    'report.html',
    reportHtml(shown, ({ student }) => `feedback/${fileNameOf(student.id)}.html`),
  );
  await write('grades.csv', gradesCsv(shown));
  await write('grades.json', asJson(shown));
  await write('junit.xml', junitXml(shown));
  await write('ctrf.json', asJson(ctrfReport(shown)));
  for (const grade of shown.grades) {
    for (const [name, text] of filesOf(grade, folder, { replays, times })) await write(name, text);
  }
  return written;
}

/** What there is for one student: relative path and text. */
function filesOf(
  grade: SubmissionGrade,
  folder: string,
  { replays, times }: ReportOptions,
): [name: string, text: string | undefined][] {
  const file = fileNameOf(grade.student.id);
  const linkTo = (milestone: string): string | undefined => {
    const path = replays?.(grade.student, milestone);
    return path === undefined ? undefined : urlOf(relative(join(folder, 'feedback'), path));
  };
  const { submittedAt = null, ...timed } = times?.(grade.student) ?? {};
  const graded = { ...grade, ...timed };
  const classroom50 = classroom50Result(graded, localSource(graded, submittedAt));
  return [
    [`feedback/${file}.html`, feedbackHtml(grade, linkTo)],
    [`feedback/${file}.md`, feedbackMarkdown(grade, linkTo)],
    [`gradescope/${file}.json`, asJson(gradescopeResult(graded))],
    [`classroom50/${file}.json`, classroom50 && asJson(classroom50)],
    [`github-classroom/${file}.txt`, `${githubClassroomOutput(grade)}\n`],
  ];
}

/** A relative path as a URL, with special characters escaped. */
function urlOf(path: string): string {
  return path.split(sep).map(encodeURIComponent).join('/');
}

function asJson(data: unknown): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}

/** Atomic; the next batch removes leftovers of a killed one. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = unfinishedPath(path);
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
