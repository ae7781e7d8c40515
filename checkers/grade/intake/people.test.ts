/** The class list's groups and extensions, and hand-ins that belong to several students or to none. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { folderForEachTest } from '../fixtures/folder.ts';
import { type TakenIn, takeIn } from './find.ts';

const here = folderForEachTest();

function taken(files: Record<string, string>, list?: string): Promise<TakenIn> {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(here(), 'in', name)), { recursive: true });
    writeFileSync(join(here(), 'in', name), content);
  }
  if (list !== undefined) writeFileSync(join(here(), 'people.csv'), list);
  return takeIn(join(here(), 'in'), { roster: list === undefined ? null : join(here(), 'people.csv'), zone: 'Z' });
}

it('reads extensions and late days, in days or until a moment', async () => {
  const list =
    'ID;Name;Section;E-Mail;Extension;Late days\na;A;S1;a@example.org;2;\nb;B;;;2026-10-05T12:00+02:00;3\nc;C;;;;\n';
  const { submissions } = await taken({ 'a/proxy.ts': '', 'b/proxy.ts': '', 'c/proxy.ts': '' }, list);
  expect(submissions.map(({ allowance }) => allowance)).toEqual([
    { extension: { days: 2 }, lateDays: 0 },
    { extension: { until: '2026-10-05T10:00:00.000Z' }, lateDays: 3 },
    undefined,
  ]);
  expect(submissions.map(({ student }) => student.section)).toEqual(['S1', undefined, undefined]);
});

it.each([
  ['id,extension\na,soon\n', "line 2: 'soon' is not a time."],
  ['id,extension\na,1000\n', "line 2: '1000' is not a number of days. Expected: 0 to 366."],
  ['id,late days\na,-1\n', "line 2: '-1' is not a number of days."],
  ['id,email,E-mail\na,b,c\n', "there are two columns 'email'"],
])('says what is wrong with a list: %j', async (list, message) => {
  await expect(taken({ 'a/proxy.ts': '' }, list)).rejects.toThrow(message);
});

it('a group shares the newest hand-in of its members, and a seed that does not depend on who handed in', async () => {
  const list =
    'id,name,group,submitted,extension\na,A,team 1,2026-10-01T10:00Z,\nb,B,team 1,2026-10-02T10:00Z,1\nc,C,team 1,,\nd,D,,,\n';
  const { submissions, told } = await taken({ 'a/proxy.ts': 'old', 'b/proxy.ts': 'new', 'd/proxy.ts': 'own' }, list);
  expect(submissions.map(({ student, path, group }) => [student.id, path.slice(-1), group?.first])).toEqual([
    ['a', 'b', 'a'],
    ['b', 'b', 'a'],
    ['c', 'b', 'a'],
    ['d', 'd', undefined],
  ]);
  expect(submissions[2]).toMatchObject({
    allowance: { extension: { days: 1 } },
    submittedAt: '2026-10-02T10:00:00.000Z',
  });
  expect(submissions[0]?.notes).toEqual(['Handed in by the group team 1: a, b, c.']);
  expect(told).toEqual(["The group team 1 handed in more than once ('a', 'b'); 'b' counts."]);
});

it('takes what a platform exported under the name of a group', async () => {
  const list = 'id,name,group\na,A,Group 1\nb,B,Group 1\n';
  const { submissions, unlisted } = await taken({ 'group1_33_9_proxy.ts': 'x', 'other_34_9_proxy.ts': 'y' }, list);
  expect(submissions.map(({ student, group, kind }) => [student.id, group?.name, kind])).toEqual([
    ['34', undefined, 'parts'],
    ['a', 'Group 1', 'parts'],
    ['b', 'Group 1', 'parts'],
  ]);
  expect(unlisted.map(({ id }) => id)).toEqual(['34']);
});

it('Gradescope: those who handed in together are a group, with and without a list', async () => {
  const metadata =
    "submission_1:\n  :submitters:\n  - :name: Student A\n    :sid: '11'\n  - :name: Student B\n    :sid: '12'\n    :email: b@example.org\n";
  const files = { 'submission_metadata.yml': metadata, 'submission_1/proxy.ts': 'a' };
  const alone = await taken(files);
  expect(alone.submissions.map(({ student, group }) => [student.id, group?.first])).toEqual([
    ['11', '11'],
    ['12', '11'],
  ]);
  const listed = await taken(files, 'id,name,email\nx,Student A,\ny,Other Name,b@example.org\n');
  expect(listed.submissions.map(({ student, group, kind }) => [student.id, group?.first, kind])).toEqual([
    ['x', 'x', 'folder'],
    ['y', 'x', 'folder'],
  ]);
  expect(listed.unlisted).toEqual([]);
});

it('shows a mistyped folder with the nearest names, and the student whose hand-in is missing', async () => {
  const list = 'id,name\nstudent-17,Student Nr17\nstudent-99,Student Nr99\n';
  const { submissions, unlisted, told } = await taken({ 'studnet-17/proxy.ts': '', 'student-99/proxy.ts': '' }, list);
  expect(unlisted).toEqual([{ id: 'studnet-17', name: 'studnet-17', near: ['Student Nr17 (student-17)'] }]);
  expect(told).toEqual(["'studnet-17' is not on the list. Nearest: Student Nr17 (student-17)."]);
  expect(submissions.find(({ student }) => student.id === 'student-17')?.kind).toBe('missing');
  expect(submissions.find(({ student }) => student.id === 'studnet-17')?.notes).toEqual([
    'The student is not on the class list.',
  ]);
});
