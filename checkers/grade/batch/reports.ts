/** The reports of a folder of results. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inWords, writeDurably } from '../contract/durable.ts';
import { fileNameOf } from '../contract/file-name.ts';
import { type ClassGrades, GRADE_VERSION, type SubmissionGrade } from '../contract/result.ts';
import { anonymised } from '../formats/anonymised.ts';
import { gradesCsv } from '../formats/csv.ts';
import { ctrfReport } from '../formats/ctrf.ts';
import { junitXml } from '../formats/junit.ts';
import { reportHtml } from '../formats/report-html.ts';
import { type Times, writeReports } from '../formats/write.ts';
import type { StoredGrade } from './grader.ts';
import { replayPath } from './replays.ts';
import { steady, timeless, timesCsv } from './steady.ts';

/** The page that compares programs, in a folder of results. */
export const INTEGRITY_PAGE = 'integrity.html';

/** The input of a class's reports. */
export interface ReportOrder {
  folder: string;
  stage: number;
  classSeed: string;
  /** in order of the ids */
  grades: SubmissionGrade[];
  /** true: once more without names, in a folder of their own that can be given away */
  anonymise: boolean;
}

/**
 * Writes all reports. The class's tables are the same bytes whenever and wherever it is graded; report.html and times.csv
 * tell how long things took, and what is written for a student tells what was seen.
 *
 * @returns path of the page to look at
 * @throws BatchError when they cannot be written
 */
export async function writeAllReports({ folder, stage, classSeed, grades, anonymise }: ReportOrder): Promise<string> {
  const all: ClassGrades = { version: GRADE_VERSION, stage, classSeed, grades: grades.map(timeless) };
  const anonymous = join(folder, 'anonymous');
  const times = new Map(grades.map((grade) => [grade.student.id, timesOf(grade)]));
  try {
    await writeReports(folder, all, {
      replays: ({ id }, milestone) => replayOf(folder, id, milestone),
      times: ({ id }) => times.get(id),
    });
    rmSync(anonymous, { recursive: true, force: true });
    if (anonymise) await writeReports(anonymous, all, { anonymise: true });
  } catch (error) {
    throw inWords(error, folder);
  }
  writeTables(folder, { ...all, grades: grades.map(steady) });
  if (anonymise) writeTables(anonymous, anonymised({ ...all, grades: grades.map(steady) }));
  const link = ({ student }: SubmissionGrade): string => `feedback/${fileNameOf(student.id)}.html`;
  const page = reportHtml({ ...all, grades }, link, existsSync(join(folder, INTEGRITY_PAGE)) ? INTEGRITY_PAGE : null);
  writeDurably(join(folder, 'report.html'), page);
  writeDurably(join(folder, 'times.csv'), timesCsv(grades));
  return join(anonymise ? anonymous : folder, 'report.html');
}

function timesOf({ startedAt, ms, ...grade }: SubmissionGrade & Partial<Pick<StoredGrade, 'basis'>>): Times {
  return { startedAt, ms, submittedAt: grade.basis?.submittedAt ?? null };
}

/** The folder of the replays of failed milestones, within a results folder. */
export function replaysFolder(results: string): string {
  return join(results, 'replays');
}

function replayOf(results: string, id: string, milestone: string): string | undefined {
  const path = replayPath(replaysFolder(results), id, milestone);
  return existsSync(path) ? path : undefined;
}

/** What other programs read. */
function writeTables(folder: string, all: ClassGrades): void {
  writeDurably(join(folder, 'grades.csv'), gradesCsv(all));
  writeDurably(join(folder, 'grades.json'), `${JSON.stringify(all, null, 2)}\n`);
  writeDurably(join(folder, 'junit.xml'), junitXml(all));
  writeDurably(join(folder, 'ctrf.json'), `${JSON.stringify(ctrfReport(all), null, 2)}\n`);
}
