/** Everything that a learner may read stands in the catalogue, so that it can be translated. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from '../root.ts';
import { saying, sentencesOf, shownByPages } from './sentences.ts';

/** Rooms that speak to learners. */
const rooms = [
  ...['contract', 'kernel', 'trace', 'lab', 'checks', 'course', 'explain', 'run', 'progress', 'doctor', 'report'].map(
    (room) => `checkers/${room}`,
  ),
  ...['race', 'soak', 'theatre'].map((room) => `checkers/${room}`),
  ...['formats', 'intake', 'worker'].map((room) => `checkers/grade/${room}`),
  'docs/.vitepress',
  'scripts/stage',
  'scripts/watch',
  'scripts',
];

/** What reads like a sentence and is none, or is not for people, and why. */
const allowed: [text: string | RegExp, why: string][] = [
  [/^(default-src 'none'|(script|style|img|connect)-src .*|(base-uri|form-action) 'none')$/, 'what a page may load'],
  [/^\s*import \{|^globalThis\.|^\ngroups=|^int ioctl/, 'a program'],
  [/^(apt-get|dnf|zypper) install$|^apk add$/, 'the beginning of a command'],
  [/^event: /, 'what goes over a socket'],
  [/^default-src 'none'; /, 'what a page may load'],
  [/\{ (fill|font|stroke|color-scheme|--ink)\b|^ {2}font: |^line own-line$/, 'how a page looks'],
  [
    /^(nbthread|maxconn|maxpipes|mode|timeout|listen|bind|server|option|daemon|pid|error_log|stream) /,
    'how a proxy is set',
  ],
  [/^(HAProxy|nginx) (1 MiB|splice)$/, 'the name of a proxy'],
  [/^::: code-group\n/, 'how tabs are written in markdown'],
  ['soak …', 'what bytes grow from'],
  ['no end of line', 'what goes over a socket'],
  [/^(client …|… side …)$/, 'the name of a connection, by which it is found again'],
  [/^(pseudonym|milestone|check) …( …)?$/, 'a name in a file for programs, or by which something is found again'],
  [/^Max (address space|cpu time|file size|open files|processes)$/, 'a name that the kernel has for a limit'],
  ['student id', 'a column that an instructor may have used'],
  ['out of time', 'how a try ended, as a name in a file for programs'],
  ['cause …', 'the name under which a hint is remembered'],
  ['{ …, fd: … }', 'an argument as strace shows it'],
];

/** Words for instructors and for those who write the docs: their texts are still where they are used. */
const notYet = [
  'checkers/race/goals.ts',
  'checkers/race/performance.ts',
  'scripts/performance.ts',
  'scripts/grade.ts',
  'scripts/submission-worker.ts',
];

function found(file: string, source: string): string[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  return sentencesOf(tree).map(saying);
}

function isAllowed(said: string): boolean {
  return allowed.some(([text]) => (typeof text === 'string' ? text === said : text.test(said)));
}

/** Files besides, in rooms that else speak to instructors: what they say ends up in a student's feedback. */
const single = [
  'grade-one.ts',
  'batch/batch.ts',
  'batch/canaries.ts',
  'batch/grade-safely.ts',
  'isolation/start-worker.ts',
];

const inRooms = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: room !== 'scripts', encoding: 'utf8' })
    .map((name) => `${room}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts') && !notYet.includes(name) && !/(\.test|fixtures)\.ts$/.test(name)),
);

const files = [...inRooms, ...single.map((name) => `checkers/grade/${name}`)];

/** Rooms that make pages for students and instructors, in which a single word is read, too. */
const pages = files.filter((file) => file.startsWith('checkers/grade/formats/'));

describe('a sentence outside of checkers/messages', () => {
  it('is found wherever it stands', () => {
    const source = [
      "const title = 'The client leaves';",
      'lab.step(`connected $'.concat('{n} $', "{n === 1 ? 'lonely client' : 'clients'}`);"),
      "throw new WordsError('There is no' + ' such stage.');",
      "const two = ['a question', \"it's an idea\"];",
    ];
    expect(found('a.ts', source.join('\n'))).toEqual([
      'The client leaves',
      'connected … …',
      'lonely client',
      'There is no',
      ' such stage.',
      'a question',
      "it's an idea",
    ]);
  });

  it('is not text that no person reads', () => {
    const source = [
      "import { a } from 'a folder/with blanks.ts';",
      "throw new Error('a fault of ours');",
      "if (line === 'the same words' || line.includes('other words')) run('npm run stage');",
      "const html = '<p>two words</p>';",
      "const [port, dash, id] = ['4.2 3', 'closed-before-end', 'chai.js'];",
      'type Word = "one word" | "two words";',
    ];
    expect(found('a.ts', source.join('\n'))).toEqual([]);
  });

  it.each(files)('is not in %s', (file) => {
    const left = found(file, readFileSync(join(root, file), 'utf8')).filter((said) => !isAllowed(said));
    expect(left, 'move these to checkers/messages/en, and write text.ROOM.id in their place').toEqual([]);
  });

  it('is found between the tags of a page', () => {
    const dollar = '$'.concat('{html(text.a.b)}');
    const source = [
      `const head = \`<th scope="col" title="as it is">${dollar}</th>\`;`,
      `const row = \`<td class="wide">points</td><td>${dollar}</td>\`;`,
      `const end = \`${dollar} and more</p>\`;`,
    ];
    const tree = ts.createSourceFile('a.ts', source.join('\n'), ts.ScriptTarget.Latest, true);
    expect(shownByPages(tree).map(saying)).toEqual(['<td class="wide">points</td><td>…</td>', '… and more</p>']);
  });

  it.each(pages)('is not between the tags of a page in %s', (file) => {
    const tree = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
    expect(shownByPages(tree).map(saying), 'move these words to checkers/messages/en').toEqual([]);
  });

  it('is allowed only where there is one', () => {
    const all = files.flatMap((file) => found(file, readFileSync(join(root, file), 'utf8')));
    const idle = allowed.filter(
      ([text]) => !all.some((said) => (typeof text === 'string' ? text === said : text.test(said))),
    );
    expect(idle).toEqual([]);
  });
});
