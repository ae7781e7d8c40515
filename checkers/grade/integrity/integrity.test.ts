/** What is told of a class, with programs of our own in the place of students'. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findStage, type Stage } from '../../course/course.ts';
import { skeletonOf, solutionOf } from '../../course/skeleton.ts';
import { root } from '../../root.ts';
import type { Submission } from '../contract/submission.ts';
import { NASTY } from '../fixtures/class.ts';
import { examine } from './examine.ts';
import { integrityLine, writeIntegrity } from './index.ts';
import { integrityHtml } from './page.ts';
import type { Source } from './sources.ts';
import { tokensOf } from './tokens.ts';
import { winnow } from './winnow.ts';

const stage = findStage(4) as Stage;
const next = findStage(5) as Stage;
const solution = solutionOf(stage);
const skeleton = skeletonOf(stage);

function source(id: string, text: string, name = stage.file): Source {
  return { student: { id, name: id }, files: [{ name, text }] };
}

/** The same program with other names, white space and comments. */
function disguised(text: string): string {
  const renamed = text.replaceAll(/\b(pairs|buffer|readN|sentN|clientSockFd|events)\b/g, 'my_$1');
  return renamed
    .replaceAll(/^( *)(\S)/gm, (_, blanks: string, first: string) => `${blanks}${blanks}${first}`)
    .replaceAll(/\/\/.*$/gm, '// something else')
    .replaceAll(/\n\n/g, '\n/* more\n than before */\n');
}

/** A different way to fill the skeleton: nonsense, but of its own. */
function ownWork(seed: number): string {
  const kinds = [
    'for (const a of b) c(a);',
    'while (x < y) x += 1;',
    'if (!k) return m.get(k) ?? 3;',
    'const q = [w, ...e];',
  ];
  const more = [
    'try { a(); } catch { b(); }',
    'switch (x) { case 1: break; default: y(); }',
    'return a ? b : c;',
    'z ||= !f;',
  ];
  const all = [...kinds, ...more];
  const lines = Array.from(
    { length: 40 },
    (_, index) => all[(seed * 7 + index * (seed + 3) + ((index * index) % (seed + 2))) % 8],
  );
  return skeleton.replace(/todo\('4\.1\.\d'\);/, lines.join('\n'));
}

const class40 = Array.from({ length: 40 }, (_, index) => source(`s${index}`, ownWork(index)));

describe('text of the course', () => {
  const oursOf = (text: string) => examine(stage, [source('ada', text)]).ours.map(({ what, same }) => [what, same]);

  it.each<[string, string, [string, boolean][]]>([
    ['our solution', solution, [['the solution of stage 4', true]]],
    ['our solution in disguise', disguised(solution), [['the solution of stage 4', true]]],
    [
      'our solution with a line more',
      solution.replace('const buffer', 'let unused = 0;\nunused += 1;\nconst buffer'),
      [['the solution of stage 4', false]],
    ],
    ["the next stage's skeleton", skeletonOf(next), [['the skeleton of stage 5', true]]],
    ["the next stage's solution", solutionOf(next), [['the solution of stage 5', true]]],
    ['the skeleton that all students have', skeleton, []],
    ['something else', ownWork(3), []],
    ['nothing', '', []],
  ])('%s', (_, text, due) => {
    expect(oursOf(text)).toEqual(due);
  });
});

describe('programs that are alike', () => {
  it('are found in a class, white space, comments and names set aside', () => {
    const copied = source('copy', disguised(ownWork(5)));
    const { pairs } = examine(stage, [...class40, copied]);
    expect(pairs.map(({ one, other, share }) => [one.student.id, other.student.id, share])).toContainEqual([
      's5',
      'copy',
      1,
    ]);
  });

  it('do not stand out where they share the skeleton and the code of the lesson alone', () => {
    const lesson = readFileSync(join(root, stage.doc), 'utf8');
    const snippets = [...lesson.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code).join('\n');
    expect(tokensOf(snippets, 'a.ts').length).toBeGreaterThan(200);
    const { pairs, distribution } = examine(stage, [
      source('ada', `${ownWork(1)}\n${snippets}`),
      source('ben', `${ownWork(2)}\n${snippets}`),
      source('cy', skeleton),
      source('dot', skeleton),
    ]);
    expect(pairs).toEqual([]);
    expect(distribution.reduce((sum, count) => sum + count, 0)).toBe(6);
    expect(distribution.slice(8)).toEqual([0, 0, 0]);
  });

  it('the distribution tells where all of a class are alike', () => {
    const { distribution, from } = examine(
      stage,
      Array.from({ length: 12 }, (_, id) => source(`t${id}`, ownWork(4))),
    );
    expect([distribution[10], from]).toEqual([66, 0.98]);
  });

  it('are not listed where they are of one student, or of a group', () => {
    const copies = (ids: string[], more: Partial<Source> = {}) =>
      ids.map((id) => ({ ...source(id, ownWork(5)), ...more }));
    const listed = (sources: Source[], library: Source[] = []) => {
      const { pairs, distribution } = examine(stage, sources, library);
      expect(distribution.reduce((sum, count) => sum + count, 0)).toBe(distribution[10]);
      return [distribution[10], ...pairs.map(({ one, other }) => `${one.student.id} ${other.student.id}`)];
    };
    expect(listed(copies(['ada', 'ben'], { group: 'ada' }))).toEqual([0]);
    expect(listed([...copies(['ada', 'ben'], { group: 'ada' }), ...copies(['cy'])])).toEqual([2, 'ada cy', 'ben cy']);
    expect(listed(copies(['ada', 'ada.zip', 'ada.zip (2)']))).toEqual([0]);
    expect(listed(copies(['ada']), copies(['ada', 'old']))).toEqual([0, 'ada old']);
  });

  it('of 500 students take seconds, whether they are the same or not', () => {
    const works = Array.from({ length: 500 }, (_, id) => source(`t${id}`, `${ownWork(id % 50)}// ${id}`));
    const began = process.cpuUsage();
    const found = examine(stage, works);
    const { user } = process.cpuUsage(began);
    expect(found.pairs.length).toBeGreaterThan(1000);
    expect(integrityHtml(found)).toContain('more are not listed');
    expect(user / 1e6).toBeLessThan(20);
  }, 120_000);

  it('compares with a library, but not the library with itself', () => {
    const { pairs } = examine(
      stage,
      [source('ada', ownWork(5))],
      [source('old', ownWork(5)), source('older', ownWork(5))],
    );
    expect(pairs.map(({ one, other, kept }) => [one.student.id, other.student.id, kept])).toEqual([
      ['ada', 'old', true],
      ['ada', 'older', true],
    ]);
  });

  it('finds every match that is longer than a run and a window', () => {
    const shared = tokensOf('for (const a of b) { if (a.c > d) e(a, [f, g]); else h += i; }', 'a.ts');
    const around = (text: string) => [
      ...tokensOf(text.repeat(9), 'a.ts'),
      ...shared,
      ...tokensOf(text.repeat(9), 'a.ts'),
    ];
    const [one, other] = [winnow(around('x(1);'), new Set()), winnow(around('return !y;'), new Set())];
    expect([...one.keys()].filter((hash) => other.has(hash)).length).toBeGreaterThan(0);
  });
});

it('a program without #linux is told with what it imports; other languages have none', () => {
  const net =
    "import { connect, createServer } from 'node:net';\nimport {\n  a,\n} from 'node:http';\nconst fs = require('fs');\n";
  const { withoutLinux } = examine(stage, [
    source('ada', solution),
    source('ben', net),
    source('cy', 'import socket\nsocket.create_server(1)\n', 'proxy.py'),
    source('dot', 'console.log(1);'),
  ]);
  expect(withoutLinux.map(({ student, imports }) => [student.id, imports])).toEqual([
    ['ben', ['fs', 'node:http', 'node:net']],
    ['dot', []],
  ]);
});

it('knows comments and texts of other languages', () => {
  const words = (text: string, name: string) =>
    tokensOf(text, name)
      .map(({ word }) => word)
      .join(' ');
  expect(words('a = "# no comment" # one\nb', 'a.py')).toBe('n = "" n');
  expect(words('#include <a.h> // x\n/* y */ int b = 0x1f;', 'a.c')).toBe('# n < n . n > int n = 0');
  expect(words('const größe = `a\n\u0024{b}`;\nc', 'a.ts')).toBe('const n = "" n');
  expect(tokensOf('a\n\n/*\n*/ b', 'a.ts').map(({ line }) => line)).toEqual([1, 4]);
});

describe('the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-integrity-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('shows pairs side by side with what they share, of hand-ins as they came', async () => {
    const handIn = (id: string, text: string): Submission => {
      const path = join(folder, 'class', id);
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, stage.file), text);
      return { student: { id, name: '' }, path, kind: 'folder', submittedAt: null };
    };
    const all = [handIn('ada', ownWork(5)), handIn('ben', disguised(ownWork(5))), handIn('cy', solution)];
    const nothing: Submission = { ...(all[0] as Submission), path: join(folder, 'none'), kind: 'missing' };
    const { found, path } = await writeIntegrity(folder, stage, [...all, nothing]);
    expect(integrityLine(found)).toBe('Integrity: 1 with text of the course, 1 pair stands out, 0 without #linux');
    const page = readFileSync(path, 'utf8');
    expect(page).toContain('3 programs compared');
    expect(page).toContain('Pair 1: ada and ben, 100 %');
    expect(page).toMatch(/<mark>.*[a-z].*<\/mark>/);
    expect(page).toContain('<li>cy: the solution of stage 4 (the same, apart from');
  });

  it('has no element that a submission wrote', () => {
    const nasty = { student: { id: NASTY, name: NASTY }, files: [{ name: NASTY, text: ownWork(5) + NASTY }] };
    const page = integrityHtml(examine(stage, [nasty, { ...nasty, student: { id: 'ben', name: '' } }]));
    expect(page).toContain('Pair 1:');
    expect(page).not.toMatch(/<(script|img)/);
  });
});
