/** Marks go back into the gradebook files of four platforms, as these would read them, and feedback into their archives. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { replayPath } from '../batch/replays.ts';
import { replaysFolder } from '../batch/reports.ts';
import type { SubmissionGrade } from '../contract/result.ts';
import { brokenGrade, gradeOf, refusedGrade } from '../fixtures/class.ts';
import { folderForEachTest } from '../fixtures/folder.ts';
import { takeIn } from '../intake/find.ts';
import { feedbackZip } from './feedback.ts';
import { fill } from './fill.ts';
import { gradebookBytes, readGradebook } from './gradebook.ts';
import { columnsOf, type System } from './systems.ts';

const here = folderForEachTest();

function marked(id: string, name: string, points: number, outOf = 100): SubmissionGrade {
  return { ...gradeOf('solution', id, { points, outOf }), student: { id, name } };
}

/** The filled file, as bytes. */
function filled(
  system: System,
  content: Buffer | string,
  grades: SubmissionGrade[],
  column?: string,
): { bytes: Buffer; told: string[] } {
  const path = join(here(), 'list.csv');
  writeFileSync(path, content);
  const gradebook = readGradebook(path);
  const { gradebook: full, told } = fill(system, gradebook, columnsOf(system, gradebook, column), grades, new Map());
  return { bytes: gradebookBytes(full), told };
}

describe('Canvas', () => {
  const heading = 'Student,ID,SIS User ID,SIS Login ID,Section,TCP proxy (77),Essay (78),Final Score';
  const list = [
    heading,
    '    Points Possible,,,,,100,10,(read only)',
    '"Один, Студент",1001,u1,s1001,A,,7,7',
    '"Nr1002, 学生",1002,u2,s1002,A,12,,',
    '"Nr1003, Student",1003,u3,s1003,A,5,,',
    '"Stranger, A",1009,u9,s1009,A,33,,',
    '',
  ].join('\n');

  it('finds the student by number, login or name, and changes one column', () => {
    const grades = [marked('1001', 'x', 85), marked('s1002', 'y', 0), marked('z', 'Student Nr1003', 50)];
    const { bytes, told } = filled('canvas', list, grades, 'tcp');
    // As gradebook_importer.rb reads: 'Student' and 'ID' first, the number in the second column, points by the heading.
    const rows: string[][] = parse(bytes.toString());
    expect(rows[0]).toEqual(heading.split(','));
    const points = Object.fromEntries(rows.slice(2).map((row) => [row[1], row[5]]));
    expect(points).toEqual({ 1001: '85', 1002: '0', 1003: '50', 1009: '33' });
    expect(rows[2]?.[0]).toBe('Один, Студент');
    expect(rows.map((row) => row[6])).toEqual(['Essay (78)', '10', '7', '', '', '']);
    expect(told).toEqual([]);
  });

  it('asks which column where there are several', () => {
    expect(() => filled('canvas', list, [])).toThrow('TCP proxy (77), Essay (78). Name one, or a part of its name');
  });

  it('scales to the points of the column, and says so', () => {
    const { bytes, told } = filled('canvas', list, [marked('1001', 'x', 85)], 'Essay (78)');
    expect(bytes.toString()).toContain(',8.5,');
    expect(told).toEqual(['The column has 10 points, and the marks are out of 100: they are scaled.']);
  });

  it('leaves a cell of a student without a mark, and gives 0 where nothing could be run', () => {
    const broken = { ...brokenGrade('1003'), outOf: 100 };
    const refused = { ...refusedGrade('1001'), outOf: 100 };
    const { bytes, told } = filled('canvas', list, [broken, refused, marked('nowhere', 'n', 1)], 'TCP');
    const rows: string[][] = parse(bytes.toString());
    expect([rows[2]?.[5], rows[4]?.[5]]).toEqual(['0', '5']);
    expect(told).toEqual(['1 have no row in this file: nowhere.', '1 have no mark yet: 1003.']);
  });
});

it('Moodle: by the participant’s number, with its byte order mark and line ends, and a comment in HTML', () => {
  const heading =
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed","Last modified (grade)","Feedback comments"';
  const rows = [
    '"Participant 12","Студент Два",s@example.org,"Submitted for grading",,20.00,Yes,-,',
    '"Participant 13",学生,t@example.org,"Submitted for grading",,20.00,No,-,',
  ];
  const list = `\ufeff${[heading, ...rows].join('\r\n')}\r\n`;
  const late = { ...marked('12', 'a', 50), notes: ['<b>'] };
  const { bytes, told } = filled('moodle', list, [late, marked('13', 'b', 100)]);
  expect(bytes.toString().startsWith('\ufeffIdentifier,')).toBe(true);
  const [first, second]: Record<string, string>[] = parse(bytes, { columns: true, bom: true });
  expect([first?.Grade, second?.Grade]).toEqual(['10', '']);
  // importgradeslib.php takes the number behind 'Participant ', and the time to notice marks that changed meanwhile.
  expect([first?.Identifier, first?.['Last modified (grade)']]).toEqual(['Participant 12', '-']);
  expect(first?.['Feedback comments']).not.toContain('<b>');
  expect(told).toContain('The platform takes no mark for 13 now (locked, or from the gradebook).');
  expect(bytes.toString()).toContain('\r\n');
});

it('Blackboard: a table with tabs in UTF-16 stays one, and calculated columns are none', () => {
  const columns = [
    'Last Name',
    'First Name',
    'Username',
    'Student ID',
    'Weighted Total [Total Pts: up to 0 Percentage] |90',
  ];
  const heading = [...columns, 'TCP proxy [Total Pts: 100 Score] |91', 'Feedback to Learner'];
  const list = [heading, ['Nr1', 'Öğrenci', 's1', '1', '', '', '']].map((row) =>
    row.map((cell) => `"${cell}"`).join('\t'),
  );
  const { bytes } = filled('blackboard', Buffer.from(`\ufeff${list.join('\r\n')}\r\n`, 'utf16le'), [
    marked('s1', 'a', 77),
  ]);
  expect([bytes[0], bytes[1]]).toEqual([0xff, 0xfe]);
  const rows: string[][] = parse(bytes.toString('utf16le'), { delimiter: '\t', bom: true });
  expect(rows[1]?.slice(0, 6)).toEqual(['Nr1', 'Öğrenci', 's1', '1', '', '77']);
  expect(bytes.toString('utf16le')).toContain('"Nr1"\t');
});

it('Brightspace: a login with a hash, and the mark of the line’s end', () => {
  const heading =
    'OrgDefinedId,Username,Last Name,First Name,Email,TCP proxy Points Grade <Numeric MaxPoints:10 Weight:5>,End-of-Line Indicator';
  const { bytes } = filled('brightspace', `${heading}\n#9,#s1,Nr1,Étudiant,,,#\n`, [marked('s1', 'a', 85)]);
  expect(bytes.toString()).toBe(`${heading}\n#9,#s1,Nr1,Étudiant,,8.5,#\n`);
});

it('keeps Windows-1252', () => {
  const list = Buffer.from('Student;ID;Section;P (1)\n"M\xfcller; Zo\xeb \x80";5;A;\n', 'latin1');
  const { bytes } = filled('canvas', list, [marked('5', 'a', 3)]);
  expect(bytes.toString('latin1')).toBe('Student;ID;Section;P (1)\n"M\xfcller; Zo\xeb \x80";5;A;3\n');
});

it.each([
  ['a,b\n1,2\n', 'This is not the gradebook file of canvas. Expected: Student,ID'],
  ['Student,ID,Section,P (1)\n', 'has no rows of students.'],
  ['Student,ID,Section\nA,1,x\n', 'Columns of assignments in this file: none.'],
  ['Student,ID\n"A,1\n', 'is not a CSV file that can be read'],
])('says what is wrong with a gradebook: %j', (content, message) => {
  expect(() => filled('canvas', content, [])).toThrow(message);
});

describe('the archive of feedback', () => {
  const files = {
    canvas: 'nameone_LATE_101_555_proxy-1.ts',
    moodle: 'Студент Один_101_assignsubmission_file/src/proxy.ts',
    brightspace: '101-9 - Student One - Oct 1, 2026 630 PM/proxy.ts',
  };

  it.each([
    ['canvas', 'nameone_LATE_101_555_feedback.html'],
    ['moodle', 'Студент Один_101_assignfeedback_file/feedback.html'],
    ['brightspace', '101-9 - Student One - Oct 1, 2026 630 PM/feedback.html'],
    ['blackboard', '101/feedback.html'],
  ] as [System, string][])(
    '%s: names as the platform takes them back, and links that lead to a file in it',
    async (system, name) => {
      const handIn = join(here(), 'class', files[system === 'blackboard' ? 'moodle' : (system as keyof typeof files)]);
      mkdirSync(dirname(handIn), { recursive: true });
      writeFileSync(handIn, 'x');
      const { submissions } = await takeIn(join(here(), 'class'));
      const replay = replayPath(replaysFolder(here()), '101', '4.1');
      mkdirSync(dirname(replay), { recursive: true });
      writeFileSync(replay, 'a replay');
      const grade = marked('101', 'Student One', 3);
      const { bytes, unknown } = feedbackZip(system, here(), [grade, marked('nowhere', 'n', 1)], {
        ...{ folder: join(here(), 'class'), submissions, participants: new Map() },
      });
      const inside = unzipSync(bytes);
      expect(Object.keys(inside)).toContain(name);
      expect(unknown).toEqual(system === 'blackboard' ? [] : ['nowhere']);
      const page = Buffer.from(inside[name] ?? []).toString();
      const [, link = ''] = /href="([^"]*replay-4\.1\.html)"/.exec(page) ?? [];
      const target = `${name.slice(0, name.lastIndexOf('/') + 1)}${decodeURIComponent(link)}`;
      expect(Buffer.from(inside[target] ?? []).toString()).toBe('a replay');
    },
  );

  it('Moodle: the worksheet alone tells the names', () => {
    const participants = new Map([['s1', 'Student One_12']]);
    const { bytes } = feedbackZip('moodle', here(), [marked('s1', 'x', 1)], {
      folder: null,
      submissions: [],
      participants,
    });
    expect(Object.keys(unzipSync(bytes))).toEqual(['Student One_12_assignfeedback_file/feedback.html']);
  });
});
