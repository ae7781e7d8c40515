/** Shards of a class: split, merged, refused, compared; and the reports of one machine against those of three. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBatch } from './batch.ts';
import { CLASS_VERSION, type ClassFile, classPath, writeClass } from './class-file.ts';
import { movedMarks, moveLines, movesCsv, studentsIn } from './compare.ts';
import { FakeGrader, withCheck } from './fake-grader.ts';
import { batchIn, fakeClass, fakeSubmission, order, temporaryFolder } from './fixtures.ts';
import type { StoredGrade } from './grader.ts';
import { mergeParts, readPart } from './merge.ts';
import { writeAllReports } from './reports.ts';
import { followsIn, idsOf, partOf, readShard, type Shard, shardOfMachine, submissionsOf } from './shard.ts';
import { steady, timeless } from './steady.ts';

const folder = temporaryFolder();
const all = fakeClass(11);

/** Grades a shard into a folder of its own. */
async function gradePart(
  name: string,
  shard: Shard | null,
  more: Partial<ClassFile> = {},
  grader = new FakeGrader(),
  of = all,
) {
  const place = join(folder, name);
  const submissions = submissionsOf(of, shard);
  const how = { ...order, classSeed: more.classSeed ?? order.classSeed, deadline: more.deadline ?? null };
  await runBatch(batchIn(place, grader, { submissions, canaries: [], order: how }));
  const versions = { checks: grader.checks, rubric: grader.rubric };
  writeClass(place, {
    ...{ version: CLASS_VERSION, stage: 4, classSeed: order.classSeed, deadline: null, rubric: null, roster: null },
    ...{ submissions: '/class', versions, shard, merged: false, ids: of.map(({ student }) => student.id) },
    ...{ follows: followsIn(of), ...more },
  });
  return place;
}

const thirds = () => Promise.all([1, 2, 3].map((index) => gradePart(`third-${index}`, { index, count: 3 })));

describe('a shard', () => {
  it('is every n-th submission, so that the shards cover each exactly once', () => {
    for (const count of [1, 3, 7, 20]) {
      const parts = Array.from({ length: count }, (_, index) => partOf(all, { index: index + 1, count }));
      expect(parts.flat().toSorted((a, b) => (a.student.id < b.student.id ? -1 : 1))).toEqual(all);
    }
  });

  it('has all members of a group, and every student is in one', () => {
    const groups = { s02: 's01', s05: 's01', s06: 's04', s09: 's04', s11: 's10' };
    const ids = all.map(({ student }) => student.id);
    const parts = [1, 2, 3].map((index) => idsOf(ids, { index, count: 3 }, groups));
    expect(parts.flat().toSorted()).toEqual(ids);
    for (const [member, first] of Object.entries(groups)) {
      expect(parts.find((part) => part.includes(member))).toContain(first);
    }
    const submissions = all.map((one) => {
      const first = Object.entries(groups).find(([member]) => member === one.student.id)?.[1];
      return first === undefined ? one : { ...one, group: { name: 'g', first } };
    });
    expect(submissionsOf(submissions, { index: 1, count: 3 }).map(({ student }) => student.id)).toEqual(parts[0]);
  });

  it.each(['0/3', '4/3', '3', 'a/b', '1/0', '-1/2', '1/2/3'])('is not %s', (word) => {
    expect(() => readShard(word)).toThrow(`'${word}' is not.`);
  });

  it('comes from the variables of GitLab or Kubernetes', () => {
    expect(shardOfMachine({ CI_NODE_INDEX: '2', CI_NODE_TOTAL: '5' })).toEqual({ index: 2, count: 5 });
    expect(shardOfMachine({ JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '5' })).toEqual({ index: 1, count: 5 });
    expect(() => shardOfMachine({})).toThrow('They are not set; name the shard');
  });
});

describe('merge', () => {
  it('has a group judged once, by one machine, and its mark for each member', async () => {
    const group = { name: 'team', first: 's02' };
    const of = all.map((one) => (['s02', 's03', 's10'].includes(one.student.id) ? { ...one, group } : one));
    const graders = [1, 2, 3].map(() => new FakeGrader());
    const parts = await Promise.all(
      graders.map((grader, index) => gradePart(`group-${index}`, { index: index + 1, count: 3 }, {}, grader, of)),
    );
    expect(graders.flatMap(({ graded }) => graded).toSorted()).toEqual(
      of.map(({ student }) => student.id).filter((id) => id !== 's03' && id !== 's10'),
    );
    const { grades } = mergeParts(parts.map(readPart));
    expect(grades).toHaveLength(11);
    expect(
      new Set(grades.filter(({ student }) => ['s02', 's03', 's10'].includes(student.id)).map(({ seed }) => seed)).size,
    ).toBe(1);
    const lacking = parts.find((part) => readPart(part).grades.some(({ student }) => student.id === 's10')) as string;
    rmSync(join(lacking, 'results', 's10.json'));
    expect(() => mergeParts(parts.map(readPart))).toThrow(`no result of s10. ${lacking} lacks 1`);
  });

  it('merges shards in any order into the reports of one machine', async () => {
    const parts = await thirds();
    const whole = readPart(await gradePart('whole', null));
    const merged = mergeParts([parts[2], parts[0], parts[1]].map((part) => readPart(part as string)));
    const write = (name: string, grades: typeof merged.grades) =>
      writeAllReports({ folder: join(folder, name), stage: 4, classSeed: 'autumn', grades, anonymise: true });
    await write('reports-whole', whole.grades);
    await write('reports-merged', merged.grades);
    const names = readdirSync(join(folder, 'reports-whole'), {
      recursive: true,
      encoding: 'utf8',
      withFileTypes: true,
    });
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    // These contain times, as other systems want them.
    const compared = files.filter(
      (path) => !/reports-whole\/(report\.html|times\.csv|(gradescope|classroom50)\/.*)$/.test(path),
    );
    expect(compared.length).toBeGreaterThan(50);
    for (const path of compared) {
      expect(readFileSync(path.replace('reports-whole', 'reports-merged'), 'utf8'), path).toBe(
        readFileSync(path, 'utf8'),
      );
    }
  });

  it('refuses a gap, and says where it is', async () => {
    const [first, second] = await thirds();
    const parts = [first, second].map((part) => readPart(part as string));
    expect(() => mergeParts(parts)).toThrow('There is a gap: no result of s03, s06, s09. Not among these: shard 3/3.');
    rmSync(join(second as string, 'results', 's05.json'));
    expect(() => mergeParts([first, second].map((part) => readPart(part as string)))).toThrow(
      `${second} lacks 1: go on there with resume.`,
    );
    expect(() => mergeParts([])).toThrow('There is nothing to merge');
  });

  it('refuses overlaps', async () => {
    const [first, second] = await thirds();
    const half = await gradePart('half', { index: 1, count: 2 });
    expect(() => mergeParts([first, first].map((part) => readPart(part as string)))).toThrow(/^s01 is in .* and in /);
    expect(() => mergeParts([second, half].map((part) => readPart(part as string)))).toThrow(/^s05 is in /);
  });

  it.each<[string, Partial<ClassFile>, string]>([
    ['seeds', { classSeed: 'spring' }, 'seed is autumn in '],
    ['deadlines', { deadline: '2026-09-01T00:00:00.000Z' }, 'deadline is none in '],
    ['stages', { stage: 3 }, 'stage is 4 in '],
    ['checks', { versions: { checks: 'checks-2', rubric: 'rubric-1' } }, 'checks is checks-1 in '],
    ['rubrics', { versions: { checks: 'checks-1', rubric: 'rubric-2' } }, 'rubric is rubric-1 in '],
    ['classes', { ids: ['s01'] }, 'class is 11 students, s01 to s11 in '],
  ])('refuses mixed %s', async (what, more, message) => {
    const [first] = await thirds();
    const odd = await gradePart(`odd-${what}`, { index: 2, count: 3 }, more);
    expect(() => mergeParts([first, odd].map((part) => readPart(part as string)))).toThrow(message);
  });

  it('refuses a part in which something changed in the middle, and one that is damaged or none', async () => {
    const grader = new FakeGrader();
    grader.checks = 'checks-2';
    const odd = await gradePart('mixed', null, { versions: { checks: 'checks-1', rubric: 'rubric-1' } }, grader);
    expect(() => mergeParts([readPart(odd)])).toThrow('the result of s01 was made with other checks');
    writeFileSync(join(odd, 'results', 's02.json'), '{');
    expect(() => readPart(odd)).toThrow('s02.json is not whole JSON. Go on there with resume first.');
    writeFileSync(classPath(odd), '{"version":');
    expect(() => readPart(odd)).toThrow('is damaged or of another version');
    mkdirSync(join(folder, 'empty'));
    expect(() => readPart(join(folder, 'empty'))).toThrow('is not a folder of results');
  });
});

describe('compare', () => {
  it('lists the students whose mark moved, why, and by which checks', async () => {
    const before = await gradePart('before', null);
    const grader = new FakeGrader();
    grader.checks = 'checks-2';
    grader.special.set('s02', withCheck('half-close', 'fail'));
    grader.special.set('s03', (grade) => ({ ...grade, points: 7, late: { days: 1, cost: 3 } }));
    grader.special.set('s04', (grade) => ({ ...grade, status: 'broken', points: 0, problem: 'no python3' }));
    const after = await gradePart('after', null, {}, grader);
    const [old, now] = [readPart(before).grades, readPart(after).grades];
    const moves = movedMarks(old, now);
    expect(
      moves.map(({ id, before, after, by, why, checks }) => [id, before, after, by, why.join('; '), checks]),
    ).toEqual([
      ['s02', '10/10', '0/10', -10, 'other checks', ['4.1 half-close: not there -> fail']],
      ['s03', '10/10', '7/10', -3, 'other checks; late: 0 points off before, 3 now', []],
      ['s04', '10/10', 'no mark', null, 'other checks; graded before, no mark now', []],
    ]);
    expect(moveLines(moves, studentsIn(old, now)).at(-1)).toBe('3 of 11 marks moved (27 %).');
    expect(moveLines([], 11)).toEqual(['No mark moved (11 students).']);
    expect(moveLines([], 1)).toEqual(['No mark moved (1 student).']);
    // Those of one class only have moved, too: there are never more than all.
    const apart: [StoredGrade[], StoredGrade[]] = [old.slice(0, 2), old.slice(2, 3)];
    expect(moveLines(movedMarks(...apart), studentsIn(...apart)).at(-1)).toBe('3 of 3 marks moved (100 %).');
    const more: [StoredGrade[], StoredGrade[]] = [old.slice(0, 1), old.slice(0, 3)];
    expect(moveLines(movedMarks(...more), studentsIn(...more)).at(-1)).toBe('2 of 3 marks moved (67 %).');
    expect(movedMarks(old, old.slice(1))[0]).toMatchObject({ id: 's01', after: null, why: ['not in the new class'] });
  });

  it('reports a mark that moved although its inputs are equal', async () => {
    const [grade] = readPart(await gradePart('same', null)).grades;
    if (grade === undefined) throw new Error('no submission was graded');
    const [move] = movedMarks([grade], [{ ...grade, points: 4 }]);
    expect(move?.why).toEqual(['nothing that the mark depends on: the program or this machine is flaky']);
  });

  it('writes no cell that a spreadsheet would run', () => {
    const move = { before: '1/2', after: '2/2', by: 1, why: ['other files'], checks: [] };
    expect(movesCsv([{ id: '=1+1', name: '@sum', ...move }])).toContain("'=1+1,'@sum,1/2,2/2,1,other files");
  });
});

it('has nothing in its reports that differs from run to run', async () => {
  const grade = await new FakeGrader().grade(fakeSubmission('s01'), order);
  const { milestones } = withCheck('starts', 'fail')(grade);
  const check = milestones[0]?.checks[0];
  if (check === undefined) throw new Error('there is no check');
  const seen = (port: number, ms: number) => {
    Object.assign(check, {
      ms,
      did: [`started it with PORT=${port}`],
      observed: `nothing on port ${port} after ${ms} ms`,
    });
    return JSON.stringify(steady({ ...grade, milestones, ms, startedAt: new Date(ms).toISOString() }));
  };
  expect(seen(16_461, 300)).toBe(seen(29_709, 4000));
  expect(JSON.stringify(timeless({ ...grade, milestones }))).toContain('nothing on port 29709');
});
