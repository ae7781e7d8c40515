/** A class of 42 in the form of each platform: the same students, and of each the same program. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findStage, type Stage } from '../../../course/course.ts';
import {
  EXPORT_FORMS,
  exportFiles,
  membersOf,
  peopleCsv,
  sourceOfMember,
  writeExport,
} from '../../batch/generated-export.ts';
import { studentSeed } from '../../contract/seed.ts';
import type { Submission } from '../../contract/submission.ts';
import { folderForEachTest } from '../../fixtures/folder.ts';
import { findSubmissions, takeIn } from '../find.ts';
import { open } from '../open.ts';
import { isArchiveFile, unpackExport } from './unpack.ts';

const stage = findStage(4) as Stage;
const base = mkdtempSync(join(tmpdir(), 'workshop-test-'));
afterAll(() => rmSync(base, { recursive: true }));
const members = membersOf(stage, 42, 'exports');
const people = join(base, 'people.csv');
writeFileSync(people, peopleCsv(members));

const here = folderForEachTest();

function put(files: Record<string, string>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(here(), name)), { recursive: true });
    writeFileSync(join(here(), name), content);
  }
  return here();
}

/** What would be graded: the bytes of the program. */
async function programOf(submission: Submission, stageMeant = stage): Promise<string> {
  const target = mkdtempSync(join(base, 'open-'));
  const { program } = await open(submission, stageMeant, target);
  return program.kind === 'file' ? readFileSync(program.path, 'utf8') : program.run;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

async function hashes(submissions: Submission[]): Promise<string[]> {
  const all = [];
  for (const one of submissions) all.push(hash(await programOf(one)));
  return all;
}

describe.each(EXPORT_FORMS)('%s', (form) => {
  it('gives the same 42 students and programs, from the folder and from the archive', async () => {
    const files = exportFiles(stage, form, members);
    writeExport(files, join(here(), 'folder'));
    writeExport(files, join(here(), 'class.zip'));
    expect(isArchiveFile(join(here(), 'class.zip'))).toBe(true);
    const unpacked = await unpackExport(join(here(), 'class.zip'));
    try {
      for (const place of form === 'github' ? [join(here(), 'folder')] : [join(here(), 'folder'), unpacked.folder]) {
        const { submissions, unlisted, newest, files: count } = await takeIn(place, { roster: people, zone: 'Z' });
        expect(submissions).toHaveLength(42);
        const unknown = unlisted.map(({ id }) => id);
        expect(unknown).toHaveLength(2);
        const listed = submissions.filter(({ student }) => !unknown.includes(student.id));
        expect(listed.map(({ student }) => student.id)).toEqual(
          members.flatMap(({ listed, login }) => (listed ? [login] : [])),
        );
        expect(await hashes(listed)).toEqual(
          members.flatMap((one) => (one.listed ? [hash(sourceOfMember(stage, one))] : [])),
        );
        const all = (await hashes(submissions)).toSorted();
        expect(all).toEqual(members.map((one) => hash(sourceOfMember(stage, one))).toSorted());
        if (['canvas', 'blackboard', 'brightspace'].includes(form)) expect([newest, count]).toEqual([4, 46]);
        else expect([newest, count]).toEqual([0, 42]);
      }
    } finally {
      unpacked.remove();
    }
  });
});

describe('times and late work', () => {
  it.each([
    ['blackboard', 'Europe/Berlin', '2026-10-02T07:05:00.000Z'],
    ['brightspace', '+02:00', '2026-10-02T07:05:00.000Z'],
    ['sakai', '+02:00', '2026-10-02T09:05:00.000Z'],
    ['gradescope', 'Europe/Berlin', '2026-10-02T09:05:00.000Z'],
  ])('%s: in the zone where the server has one, else in its own', async (form, zone, expected) => {
    writeExport(exportFiles(stage, form, members), here());
    const { submissions } = await takeIn(here(), { zone });
    expect(submissions.filter(({ submittedAt }) => submittedAt === expected)).toHaveLength(
      members.filter(({ late }) => late).length,
    );
  });

  it('Canvas: is known, and told, without a time', async () => {
    writeExport(exportFiles(stage, 'canvas', members), here());
    const { late, submissions } = await takeIn(here());
    expect(late.size).toBe(members.filter((one) => one.late).length);
    const [id] = late;
    expect(submissions.find(({ student }) => student.id === id)?.notes?.join()).toContain('Canvas marked it late');
  });
});

describe('Canvas', () => {
  it('keeps the seed of a student who hands in again', async () => {
    const [first] = await findSubmissions(put({ 'name_101_5_proxy.ts': 'a', 'other_102_6_proxy.ts': 'b' }));
    rmSync(join(here(), 'name_101_5_proxy.ts'));
    const [again] = await findSubmissions(put({ 'name_LATE_101_9_proxy-1.ts': 'c' }));
    expect([first, again].map((one) => studentSeed('class', one?.student.id ?? ''))).toEqual(
      Array(2).fill(studentSeed('class', '101')),
    );
    expect(await programOf(again as Submission)).toBe('c');
  });

  it('takes the highest number, not the first or the last in the alphabet', async () => {
    const files = {
      'n_1_50_proxy-2.ts': 'two',
      'n_1_70_proxy-10.ts': 'ten',
      'n_1_60_proxy-9.ts': 'nine',
      'n_1_7_proxy.ts': '',
    };
    const [only, ...others] = await findSubmissions(put(files));
    expect(others).toEqual([]);
    expect(await programOf(only as Submission)).toBe('ten');
  });

  it('gives several files of a program in another language their own names again', async () => {
    const [only] = await findSubmissions(
      put({ 'n_1_2_workshop-1.json': '{"run": "./run"}', 'n_1_3_main-1.c': 'x', 'n_1_4_Makefile-1': 'y' }),
    );
    expect(only?.parts?.map(({ name }) => name).toSorted()).toEqual(['Makefile', 'main.c', 'workshop.json']);
  });

  it('leaves a number that the student wrote', async () => {
    const [only] = await findSubmissions(put({ 'n_1_2_stage-3.ts': 'x', 'n_1_3_stage-4.ts': 'y' }));
    expect(only?.parts?.map(({ name }) => name).toSorted()).toEqual(['stage-3.ts', 'stage-4.ts']);
  });

  it('reads anonymous work, groups, texts and addresses', async () => {
    const { submissions, late } = await takeIn(
      put({
        'anon_x1Yz9_7_proxy.ts': 'a',
        'LATE_anon_q2Wer_8_proxy.ts': 'b',
        'group1_33_9_proxy.ts': 'c',
        'onlytext_44_text.html': '<p>',
        'address_LATE_55_link.html': '<a>',
      }),
    );
    expect(submissions.map(({ student }) => student.id)).toEqual(['33', '44', '55', 'anon_q2Wer', 'anon_x1Yz9']);
    expect([...late]).toEqual(['55', 'anon_q2Wer']);
    await expect(programOf(submissions[1] as Submission)).rejects.toThrow('There is no file in it');
    expect(submissions[1]?.notes).toEqual(['A text was typed into Canvas, and no file was handed in.']);
  });

  it('tells two students with one name apart, and says so', async () => {
    const { submissions, told } = await takeIn(put({ 'twin_1_2_proxy.ts': 'a', 'twin_3_4_proxy.ts': 'b' }));
    expect(submissions.map(({ student }) => student.id)).toEqual(['1', '3']);
    expect(told).toEqual(['2 students are named twin: 1, 3.']);
  });
});

describe('Moodle', () => {
  it('reads old folders, flat files, files without numbers, groups and names of any script', async () => {
    const { submissions, system } = await takeIn(
      put({
        'Student One_11_assignsubmission_file_/src/proxy.ts': 'a',
        'Студент Два_12_assignsubmission_file_proxy.ts': 'b',
        '学生_13_assignsubmission_file/proxy.ts': 'c',
        'Student Four_assignsubmission_file_proxy.ts': 'd',
        'Team 5_14_assignsubmission_file/proxy.ts': 'e',
        'Student One_11_assignsubmission_onlinetext_onlinetext.html': '<p>',
        'Student One_11_assignfeedback_file/feedback.pdf': 'x',
      }),
    );
    expect(system).toBe('Moodle');
    expect(submissions.map(({ student }) => `${student.id} ${student.name}`)).toEqual([
      '11 Student One',
      '12 Студент Два',
      '13 学生',
      '14 Team 5',
      'Student Four Student Four',
    ]);
    expect(await Promise.all(submissions.map((one) => programOf(one)))).toEqual(['a', 'b', 'c', 'e', 'd']);
  });
});

describe('Blackboard', () => {
  it('takes the login and the files’ own names from the receipt, also where the login has an underscore', async () => {
    const start = 'Harness 4_my_part_ada_l_attempt_2026-10-01-18-30-00';
    const receipt = `Name: Student Nr (ada_l)\nAssignment: Harness\n\nComments:\nName: Not (this)\n\nFiles:\n\tOriginal filename: proxy.ts\n\tFilename: ${start}_renamed.ts\n`;
    const [only] = await findSubmissions(put({ [`${start}.txt`]: receipt, [`${start}_renamed.ts`]: 'x' }));
    expect(only?.student).toEqual({ id: 'ada_l', name: 'Student Nr' });
    expect(only?.parts?.map(({ name }) => name)).toEqual(['proxy.ts']);
  });

  it('falls back to an attempt with files where the newest has none', async () => {
    const start = 'Lab_bo_attempt_2026-10-0';
    const [only] = await findSubmissions(
      put({ [`${start}1-10-00-00_proxy.ts`]: 'x', [`${start}2-10-00-00.txt`]: 'Name: Student (bo)\n' }),
    );
    expect(await programOf(only as Submission)).toBe('x');
  });
});

describe('Brightspace', () => {
  it('orders attempts by their times and reads flat files, hyphens in names and other clocks', async () => {
    const { submissions } = await takeIn(
      put({
        'index.html': 'x',
        '7-100 - Student-A B - C - Oct 1, 2026 1159 PM/proxy.ts': 'old',
        '7-90 - Student-A B - C - Oct 2, 2026 1201 AM/proxy.ts': 'new',
        '8-1 - Student D - 1 Oct 2026 1830/proxy.ts': 'd',
        '9-1 - Student E - Oct 1, 2026 630\u202fPM - proxy.ts': 'e',
        '9-1 - Student E - Oct 1, 2026 630\u202fPM - notes - mine.txt': 'n',
      }),
      { zone: 'Z' },
    );
    expect(submissions.map(({ student, submittedAt }) => [student.name, submittedAt])).toEqual([
      ['Student-A B - C', '2026-10-02T00:01:00.000Z'],
      ['Student D', '2026-10-01T18:30:00.000Z'],
      ['Student E', '2026-10-01T18:30:00.000Z'],
    ]);
    expect(await Promise.all(submissions.map((one) => programOf(one)))).toEqual(['new', 'd', 'e']);
  });
});

describe('Gradescope', () => {
  it('keeps a number’s zero, and hand-ins of several students', async () => {
    const metadata =
      "submission_1:\n  :submitters:\n  - :name: Student A\n    :sid: '007'\n    :email: a@example.org\n  :created_at: 2026-10-01 18:30:00.5 -0700\nsubmission_2:\n  :submitters:\n  - :name: Student B\n    :sid: ''\n    :email: b@example.org\n";
    const { submissions } = await takeIn(
      put({ 'submission_metadata.yml': metadata, 'submission_1/proxy.ts': 'a', 'submission_2/proxy.ts': 'b' }),
    );
    expect(submissions.map(({ student, submittedAt }) => [student.id, submittedAt])).toEqual([
      ['007', '2026-10-02T01:30:00.000Z'],
      ['b@example.org', null],
    ]);
  });
});

describe('clones', () => {
  it('Classroom 50: the login is what follows the classroom and the assignment', async () => {
    const yaml = 'classroom: net\nassignment: stage-4\n';
    const all = await findSubmissions(
      put({
        'net-stage-4-a-b/.classroom50.yaml': yaml,
        'net-stage-4-a-b/proxy.ts': 'x',
        'net-stage-4-a-c/.classroom50.yaml': yaml,
      }),
    );
    expect(all.map(({ student }) => student.id)).toEqual(['a-b', 'a-c']);
  });

  it('GitHub Classroom: the assignment as the folder around it says, else as all names begin', async () => {
    put({ 'lab-submissions/lab-a-x/.git/HEAD': '', 'lab-submissions/lab-a-y/.git/HEAD': '' });
    expect((await findSubmissions(here())).map(({ student }) => student.id)).toEqual(['a-x', 'a-y']);
    rmSync(join(here(), 'lab-submissions'), { recursive: true });
    put({ 'lab-4-ann/.git/HEAD': '', 'lab-4-abe/.git/HEAD': '', 'lab-4-cy/.git/HEAD': '' });
    expect((await findSubmissions(here())).map(({ student }) => student.id)).toEqual(['abe', 'ann', 'cy']);
  });

  it('leaves plain folders with repositories in them as they are', async () => {
    put({ 'ann/.git/HEAD': '', 'abe/.git/HEAD': '', 'student-x/proxy.ts': '' });
    expect((await takeIn(here())).system).toBeNull();
  });
});

it('counts what is not named as the platform does as one more hand-in, and says so', async () => {
  const { submissions, told } = await takeIn(
    put({ 'a_1_2_proxy.ts': 'a', 'b_2_3_proxy.ts': 'b', 'by-mail/proxy.ts': 'c', 'grades.csv': 'x' }),
  );
  expect(submissions.map(({ student }) => student.id)).toEqual(['1', '2', 'by-mail']);
  expect(told).toEqual(["'by-mail' is not named as Canvas names files: it counts as the hand-in of one more student."]);
});

it('does not take a plain folder for an export because of one file', async () => {
  const { system } = await takeIn(put({ 'x_1_2_proxy.ts': 'a', 'ada/proxy.ts': 'b', 'ben/proxy.ts': 'c' }));
  expect(system).toBeNull();
});

it('refuses the archive of one student', async () => {
  const files = new Map([['proxy.ts', Buffer.from('x')]]);
  writeExport(files, join(here(), 'one.zip'));
  await expect(unpackExport(join(here(), 'one.zip'))).rejects.toThrow('holds the files of one student');
});
