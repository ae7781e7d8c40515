/** A generated class as each platform would export it, with what real classes have: resubmissions, late work, names of any script. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { zipSync } from 'fflate';
import type { Stage } from '../../course/course.ts';
import { skeletonOf } from '../../course/skeleton.ts';
import { inWords } from '../contract/durable.ts';
import { type Generated, generatedClass, sourceOf } from './generated-class.ts';

/** Every n-th student, by a number that differs for each property, so that they fall on different students. */
const EVERY = { again: 10, late: 13, unlisted: 20, zipped: 7 } as const;
/** 'Student' in several scripts: what platforms make of a name depends on its letters. */
const WORDS = ['Student', 'Студент', '学生', 'Öğrenci', 'Φοιτητής', 'Étudiant'];
const ON_TIME = { day: 1, hour: 18, minute: 30 };
const LATE = { day: 2, hour: 9, minute: 5 };

/** One student of a generated class. */
export interface Member extends Generated {
  login: string;
  number: number;
  first: string;
  last: string;
  email: string;
  /** name and content of what counts */
  file: { name: string; content: Uint8Array };
  /** what was handed in before; undefined: it is the first attempt */
  before?: { name: string; content: Uint8Array };
  late: boolean;
  listed: boolean;
}

type Put = (path: string, content: string | Uint8Array) => void;

/** How each platform lays out a class. */
const LAYOUTS: Record<string, (members: Member[], put: Put, stage: Stage) => void> = {
  canvas,
  moodle,
  blackboard,
  brightspace,
  sakai,
  gradescope,
  classroom50,
  github,
  folders,
};

/** The words for `as`. */
export const EXPORT_FORMS = Object.keys(LAYOUTS);

/**
 * The members of a class. The same seed gives the same class in every form.
 *
 * @param programs what they hand in, in turns; undefined: as in a generated class
 */
export function membersOf(stage: Stage, count: number, seed: string, programs?: string[]): Member[] {
  const bytes = (text: string): Uint8Array => Buffer.from(text);
  return generatedClass(stage, count, seed).map((random, index) => {
    const generated = { ...random, program: programs?.[index % programs.length] ?? random.program };
    const word = WORDS[index % WORDS.length] ?? 'Student';
    const number = 1000 + index;
    const source = bytes(sourceOf(stage, generated.program));
    const zipped = index % EVERY.zipped === 3;
    const file = zipped
      ? { name: 'hand-in.zip', content: zipSync({ [stage.file]: source }, { mtime: new Date(2026, 0, 1) }) }
      : { name: stage.file, content: source };
    return {
      ...generated,
      ...{ login: `s${number}`, number, first: word, last: `Nr${number}`, email: `s${number}@example.org`, file },
      ...(index % EVERY.again === 4 && { before: { name: file.name, content: bytes(skeletonOf(stage)) } }),
      late: index % EVERY.late === 5,
      listed: index % EVERY.unlisted !== 8,
    };
  });
}

/** The program that counts for a student. */
export function sourceOfMember(stage: Stage, { program }: Member): string {
  return sourceOf(stage, program);
}

/** The class list of a generated class, with the times; some students are missing. */
export function peopleCsv(members: Member[]): string {
  const rows = members
    .filter(({ listed }) => listed)
    .map((one) => [one.login, `${one.first} ${one.last}`, one.email, `${timeOf(one)}Z`]);
  return stringify([['id', 'name', 'email', 'submitted'], ...rows]);
}

/**
 * The files of an export: path and content.
 *
 * @param form one of `EXPORT_FORMS`
 */
export function exportFiles(stage: Stage, form: string, members: Member[]): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  LAYOUTS[form]?.(members, (path, content) => files.set(path, Buffer.from(content)), stage);
  return files;
}

/** Writes an export: as a zip where the path says so, else as a folder. @throws BatchError when it cannot be written */
export function writeExport(files: Map<string, Uint8Array>, place: string): void {
  try {
    if (place.endsWith('.zip')) writeFileSync(place, zipSync(Object.fromEntries(files)));
    else {
      for (const [name, content] of files) {
        mkdirSync(dirname(join(place, name)), { recursive: true });
        writeFileSync(join(place, name), content);
      }
    }
  } catch (error) {
    throw inWords(error, place);
  }
}

function momentOf({ late }: Member): typeof ON_TIME {
  return late ? LATE : ON_TIME;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** '2026-10-01T18:30:00' */
function timeOf(member: Member): string {
  const { day, hour, minute } = momentOf(member);
  return `2026-10-${two(day)}T${two(hour)}:${two(minute)}:00`;
}

function canvas(members: Member[], put: Put): void {
  for (const { number, first, last, file, before, late } of members) {
    const name = `${last}${first}`.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}_]/gu, '');
    const start = `${name}${late ? '_LATE' : ''}_${number}`;
    const again = file.name.replace(/(\.[^.]+)$/, '-1$1');
    if (before !== undefined) put(`${start}_${number * 10}_${before.name}`, before.content);
    put(`${start}_${number * 10 + 1}_${before === undefined ? file.name : again}`, file.content);
  }
  const [first] = members;
  if (first !== undefined) put(`${first.last.toLowerCase()}student_${first.number}_text.html`, '<p>See my file.</p>');
}

function moodle(members: Member[], put: Put): void {
  for (const { number, first, last, file } of members) {
    put(`${first} ${last}_${number}_assignsubmission_file/${file.name}`, file.content);
    put(`${first} ${last}_${number}_assignsubmission_onlinetext/onlinetext.html`, '<p>See my file.</p>');
  }
}

function blackboard(members: Member[], put: Put): void {
  for (const member of members) {
    const { login, first, last, file, before } = member;
    const { day, hour, minute } = momentOf(member);
    const attempt = (time: string, { name, content }: Member['file']): void => {
      const start = `TCP proxy_${login}_attempt_${time}`;
      put(`${start}_${name}`, content);
      put(`${start}.txt`, receipt(`${first} ${last}`, login, name, `${start}_${name}`));
    };
    if (before !== undefined) attempt('2026-09-30-10-00-00', before);
    attempt(`2026-10-${two(day)}-${two(hour)}-${two(minute)}-00`, file);
  }
}

function receipt(name: string, login: string, original: string, stored: string): string {
  return [
    `Name: ${name} (${login})`,
    'Assignment: TCP proxy',
    'Date Submitted: Thursday, October 1, 2026 6:30:00 PM UTC',
    'Current Grade: Needs Grading',
    '',
    'Submission Field:',
    'There is no student submission text data for this assignment.',
    '',
    'Comments:',
    'There are no student comments for this assignment.',
    '',
    'Files:',
    `\tOriginal filename: ${original}`,
    `\tFilename: ${stored}`,
    '',
  ].join('\r\n');
}

function brightspace(members: Member[], put: Put): void {
  put('index.html', '<html><body>TCP proxy</body></html>');
  for (const member of members) {
    const { number, first, last, file, before } = member;
    const { day, hour, minute } = momentOf(member);
    const clock = `${hour % 12 === 0 ? 12 : hour % 12}${two(minute)} ${hour < 12 ? 'AM' : 'PM'}`;
    if (before !== undefined)
      put(`${number}-${number * 10} - ${first} ${last} - Sep 30, 2026 1000 AM/${before.name}`, before.content);
    put(`${number}-${number * 10 + 1} - ${first} ${last} - Oct ${day}, 2026 ${clock}/${file.name}`, file.content);
  }
}

function sakai(members: Member[], put: Put): void {
  const rows = members.map(({ login, first, last }) => [login, login, last, first, '', '', '']);
  const head = ['Display ID', 'ID', 'Last Name', 'First Name', 'grade', 'Submission date', 'Late submission'];
  put('TCP proxy/grades.csv', stringify([['TCP proxy', 'Points'], [], head, ...rows]));
  for (const member of members) {
    const { login, first, last, file } = member;
    const folder = `TCP proxy/${last}, ${first}(${login})`;
    put(`${folder}/Submission attachment(s)/${file.name}`, file.content);
    put(`${folder}/timestamp.txt`, `${timeOf(member).replaceAll(/\D/g, '')}000`);
    put(`${folder}/comments.txt`, '');
    put(`${folder}/${last}, ${first}(${login})_submissionText.html`, '');
  }
}

function gradescope(members: Member[], put: Put): void {
  const entries = members.map((member) => {
    const { number, login, first, last, email, file } = member;
    put(`assignment_77_export/submission_${number}/${file.name}`, file.content);
    return [
      `submission_${number}:`,
      '  :submitters:',
      `  - :name: ${first} ${last}`,
      `    :sid: '${login}'`,
      `    :email: ${email}`,
      `  :created_at: ${timeOf(member).replace('T', ' ')}.000000000 Z`,
      '  :score: 0.0',
      '  :history: []',
    ].join('\n');
  });
  put('assignment_77_export/submission_metadata.yml', `---\n${entries.join('\n')}\n`);
}

function classroom50(members: Member[], put: Put, stage: Stage): void {
  for (const { login, file } of members) {
    const folder = `net-26-stage-${stage.number}-${login}`;
    put(`${folder}/.classroom50.yaml`, `classroom: net-26\nassignment: stage-${stage.number}\n`);
    put(`${folder}/${file.name}`, file.content);
    put(`${folder}/README.md`, '# TCP proxy\n');
  }
}

function github(members: Member[], put: Put, stage: Stage): void {
  for (const { login, file } of members) {
    const folder = `stage-${stage.number}-submissions/stage-${stage.number}-${login}`;
    put(`${folder}/.git/HEAD`, 'ref: refs/heads/main\n');
    put(`${folder}/${file.name}`, file.content);
  }
}

function folders(members: Member[], put: Put): void {
  for (const { login, file } of members) put(`${login}/${file.name}`, file.content);
}
