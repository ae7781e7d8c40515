/** Assigns hand-ins to students: by names, or by a class list. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findSubmissions } from './find.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), 'x');
  }
}

function roster(text: string): string {
  writeFileSync(join(folder, 'roster.csv'), text);
  return join(folder, 'roster.csv');
}

async function found(list?: string): Promise<string[]> {
  const all = await findSubmissions(folder, list);
  return all.map(({ student, path, kind }) => `${student.id}|${student.name}|${path.slice(folder.length + 1)}|${kind}`);
}

it('takes ids from names of every kind of hand-in, in the same order on every machine', async () => {
  put(
    'carol/proxy.ts',
    'bob.zip',
    'alice.ts',
    'dan.tar.gz',
    'eve.bundle',
    'fay.docx',
    'grades.csv',
    'grades.xls',
    '.DS_Store',
    'Ünal -rf/proxy.ts',
  );
  expect(await found()).toEqual([
    'alice|alice|alice.ts|file',
    'bob|bob|bob.zip|zip',
    'carol|carol|carol|folder',
    'dan|dan|dan.tar.gz|tar',
    'eve|eve|eve.bundle|bundle',
    'fay.docx|fay.docx|fay.docx|file',
    'Ünal -rf|Ünal -rf|Ünal -rf|folder',
  ]);
});

it('ignores a readme file, but not a folder whose name begins with that word', async () => {
  put('readme.md', 'readme-dora/proxy.ts', 'cyd.tar.xz');
  expect(await found()).toEqual(['cyd|cyd|cyd.tar.xz|tar', 'readme-dora|readme-dora|readme-dora|folder']);
});

it('never gives two hand-ins the same id', async () => {
  put('alice/proxy.ts', 'alice.ts', 'alice.zip');
  expect((await findSubmissions(folder)).map(({ student }) => student.id)).toEqual(['alice', 'alice.ts', 'alice.zip']);
});

it('follows the class list, with all its students and every hand-in that it does not list', async () => {
  put('s1/proxy.ts', 'team/late.ts', 'guest.ts');
  const list = roster(
    '\ufeffID;Name;Path;Submitted\ns1;Ada L.;;2026-11-22T18:00Z\ns2;Ben;team/late.ts;2026-11-23\ns3;Cleo;;\n',
  );
  expect(await found(list)).toEqual([
    'guest|guest|guest.ts|file',
    's1|Ada L.|s1|folder',
    's2|Ben|team/late.ts|file',
    's3|Cleo|s3|missing',
  ]);
  const [, first, second] = await findSubmissions(folder, list);
  expect([first?.submittedAt, second?.submittedAt]).toEqual(['2026-11-22T18:00:00.000Z', '2026-11-23T00:00:00.000Z']);
});

it.each([
  ['id,name\n', 'lists no students. Expected: a line of headings'],
  ['', 'lists no students.'],
  ['id,name,ID\nada,Ada,1\n', "line 1: there are two columns 'id'. Rename one of them."],
  ['name,mail\nAda,a@b\n', "line 1: there is no column 'id'. Expected: id,name,path,submitted; found: name,mail."],
  ['ids,name\na,Ada\n', "Is 'ids' meant? Rename it to id."],
  ['id,name\na,Ada\nb,Ben\na,Ann\n', "line 4: the id 'a' is already in line 2."],
  ['id,name\n,Ada\n', 'line 2: the id is empty.'],
  ['id,submitted\na,yesterday\n', "line 2: 'yesterday' is not a time. Expected, for example: 2026-11-22T18:00Z"],
  ['id,submitted\na,2026-11-22 18:00\n', "line 2: '2026-11-22 18:00' does not say its zone. Add it"],
  ['id,submitted\na,2026-02-30T18:00Z\n', "line 2: '2026-02-30T18:00Z' is not a time."],
  ['id,name\n..,Ada\n', 'line 2: the id ".." cannot be the name of a folder or a file.'],
  ['id,name\na/b,Ada\n', 'line 2: the id "a/b" cannot be the name'],
  ['id,name\na\u0000,Ada\n', 'line 2: the id "a\\u0000" cannot be the name'],
  ['id,path\na,../../etc\n', "line 2: the path '../../etc' leads out of the folder of submissions."],
  ['id,name\na,"Ada\n', 'line '],
  ['id,name\na,Ada,more,than,that\n', 'line 2'],
])('says what is wrong with a class list: %j', async (text, sentence) => {
  await expect(findSubmissions(folder, roster(text))).rejects.toThrow(sentence);
});

it('says what to do when there is nothing to grade', async () => {
  await expect(findSubmissions(folder)).rejects.toThrow('There is nothing to grade in');
  await expect(findSubmissions(join(folder, 'nowhere'))).rejects.toThrow('There is no folder');
  put('file');
  await expect(findSubmissions(join(folder, 'file'))).rejects.toThrow('is a file; a folder with the submissions');
});

it('matches an id in another spelling, unless it is ambiguous', async () => {
  put('Jose\u0301/proxy.ts', 'ADA.zip', 'ben.ts', 'Ben.zip', 'cleo.ts');
  const list = roster('id,name\nJos\u00e9,José\nada,Ada\nben,Ben\nCLEO,Cleo\nClEo,Another Cleo\n');
  expect(await found(list)).toEqual([
    'Ben|Ben|Ben.zip|zip',
    'CLEO|Cleo|CLEO|missing',
    'ClEo|Another Cleo|ClEo|missing',
    'Jos\u00e9|José|Jose\u0301|folder',
    'ada|Ada|ADA.zip|zip',
    'ben|Ben|ben.ts|file',
    'cleo|cleo|cleo.ts|file',
  ]);
});

it('reads a class list as spreadsheets save it, in any locale and encoding', async () => {
  const list = join(folder, 'list.csv');
  mkdirSync(folder, { recursive: true });
  const rows = 'id;name;submitted\r\nzm;"Müller; Zoë";2026-11-22 18:00+01:00\r\n"o""b";Lovelace, Ada;\r\n\r\n';
  for (const bytes of [Buffer.from(rows, 'latin1'), Buffer.from(rows), Buffer.from(`\ufeff${rows}`, 'utf16le')]) {
    writeFileSync(list, bytes);
    const all = await findSubmissions(folder, list);
    expect(all.map(({ student, submittedAt }) => [student.id, student.name, submittedAt])).toEqual([
      ['o"b', 'Lovelace, Ada', null],
      ['zm', 'Müller; Zoë', '2026-11-22T17:00:00.000Z'],
    ]);
  }
});

it.each([
  ['as Excel writes it', 'sep=;\r\nid;name\r\nada;Ada\r\n'],
  ['with an old Mac’s line ends', 'sep=;\rid;name\rada;Ada\r'],
  ['a tab, in quotes, behind a byte order mark', '\ufeff"sep=\t"\nid\tname\nada\tAda\n'],
  ['filled up with separators', 'SEP=,,,\nid,name,path\nada,Ada,\n'],
  ['one that only this line names', 'sep=|\nid|name\nada|Ada\n'],
])('reads a class list whose first line tells the separator: %s', async (_, text) => {
  const all = await findSubmissions(folder, roster(text));
  expect(all.map(({ student }) => [student.id, student.name])).toEqual([['ada', 'Ada']]);
});

it('reports line numbers that include the sep= line', async () => {
  const list = roster('sep=;\nid;name\nada;Ada\nada;Bo\n');
  await expect(findSubmissions(folder, list)).rejects.toThrow(/4/);
});
