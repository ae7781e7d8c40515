/** Every faulty submission is reported in a sentence, and no file is written outside the private folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { findStage, type Stage } from '../../course/course.ts';
import { skeletonOf } from '../../course/skeleton.ts';
import { Refused } from '../contract/limits.ts';
import type { Submission } from '../contract/submission.ts';
import { folderForEachTest } from '../fixtures/folder.ts';
import { kindOfFile } from './kind.ts';
import { type Opened, open } from './open.ts';

const stage = findStage(4) as Stage;
const around = folderForEachTest();
let here: string;
beforeEach(() => {
  here = join(around(), 'here');
  mkdirSync(join(here, 'in'), { recursive: true });
});

function handed(path: string, kind: Submission['kind']): Promise<Opened> {
  const target = join(here, 'out');
  mkdirSync(target);
  return open({ student: { id: 'a', name: 'a' }, path, kind, submittedAt: null }, stage, target);
}

async function source(opened: Promise<Opened>): Promise<string> {
  const { program } = await opened;
  return program.kind === 'file' ? readFileSync(program.path, 'utf8') : program.run;
}

function folder(files: Record<string, string | Buffer>): Promise<Opened> {
  const path = join(here, 'in');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return handed(path, 'folder');
}

async function zip(fill: (zip: ZipFile) => void, change = (bytes: Buffer): Buffer => bytes): Promise<Opened> {
  const file = new ZipFile();
  fill(file);
  file.end();
  const path = join(here, 'alice.zip');
  writeFileSync(path, change(await buffer(file.outputStream)));
  expect(kindOfFile(path)).toBe('zip');
  return handed(path, 'zip');
}

const hasXz = spawnSync('xz', ['--version']).status === 0;

function xzOf(path: string, options: string[] = []): string {
  writeFileSync(`${path}.xz`, execFileSync('xz', [...options, '-c', path], { maxBuffer: 2 ** 26 }));
  expect(kindOfFile(`${path}.xz`)).toBe('tar');
  return `${path}.xz`;
}

async function tar(entries: [Partial<Header> | string, string?][], gzip = false): Promise<Opened> {
  const file = pack();
  for (const [header, content] of entries)
    file.entry(typeof header === 'string' ? { name: header } : (header as Header), content ?? '');
  file.finalize();
  const path = join(here, gzip ? 'alice.tgz' : 'alice.tar');
  writeFileSync(path, await buffer(gzip ? file.pipe(createGzip()) : file));
  expect(kindOfFile(path)).toBe('tar');
  return handed(path, 'tar');
}

describe('the right file is found', () => {
  it.each([
    ['proxy.ts'],
    ['stage-4-tcp-proxy/proxy.ts'],
    ['stages/stage-4-tcp-proxy/proxy.ts'],
    ['my workshop/stages/stage-4-tcp-proxy/proxy.ts'],
    ['deep/in/somewhere/proxy.ts'],
  ])('at %s', async (name) => {
    const others = { 'solutions/stage-4-tcp-proxy/proxy.ts': 'ours', 'stages/stage-1-tcp-server/server.ts': 'other' };
    expect(await source(folder({ ...others, [name]: 'mine' }))).toBe('mine');
  });

  it('under another name, if it is the only one', async () => {
    const { notes } = await folder({ 'Proxy (1).ts': 'mine' });
    expect(notes).toEqual(["The file is named 'Proxy (1).ts'; it was taken as proxy.ts."]);
  });

  it('beside one whose name differs in its case alone', async () => {
    const { notes } = await folder({ 'proxy.ts': 'mine', 'Proxy.ts': 'other' });
    expect(notes[0]).toBe("'Proxy.ts' has the same name but for its case; 'proxy.ts' counts.");
  });

  it('and the skeleton is recognised', async () => {
    expect((await folder({ 'proxy.ts': skeletonOf(stage) })).notes).toEqual(['proxy.ts is the skeleton, unchanged.']);
  });

  it('in another encoding, as the compiler on the learner’s machine takes it', async () => {
    const { notes } = await folder({ 'proxy.ts': Buffer.from('// gr\xfc\xdfe\n', 'latin1') });
    expect(notes).toEqual(['proxy.ts is not in UTF-8 all through; what is not was read as �.']);
  });

  it('beside what macOS puts there', async () => {
    const { notes } = await folder({ 'my.ts': 'mine', '._my.ts': 'x', '__MACOSX/._my.ts': 'x', '.DS_Store': 'x' });
    expect(notes).toEqual(["The file is named 'my.ts'; it was taken as proxy.ts."]);
  });

  it('in a single file, a zip, a tar with and without gzip, and an archive in a folder', async () => {
    const path = join(here, 'alice.ts');
    writeFileSync(path, 'mine');
    expect(await source(handed(path, 'file'))).toBe('mine');
    for (const read of [
      () => zip((file) => file.addBuffer(Buffer.from('mine'), 'alice/proxy.ts')),
      () => tar([['proxy.ts', 'mine']]),
      () => tar([['./proxy.ts', 'mine']], true),
    ]) {
      rmSync(join(here, 'out'), { recursive: true });
      expect(await source(read())).toBe('mine');
    }
    rmSync(join(here, 'out'), { recursive: true });
    expect(await source(folder({ 'alice.tgz': readFileSync(join(here, 'alice.tgz')) }))).toBe('mine');
  });

  it.runIf(hasXz)('in a tar that xz has packed, also in several blocks, and within a folder', async () => {
    await tar([['alice/proxy.ts', 'mine']]);
    for (const options of [[], ['-9e'], ['-T2', '--block-size=1024'], ['-C', 'crc32']]) {
      rmSync(join(here, 'out'), { recursive: true });
      expect(await source(handed(xzOf(join(here, 'alice.tar'), options), 'tar'))).toBe('mine');
    }
    rmSync(join(here, 'out'), { recursive: true });
    expect(await source(folder({ 'alice.txz': readFileSync(join(here, 'alice.tar.xz')) }))).toBe('mine');
  });

  it('in a git bundle, without running what is in it', async () => {
    const work = join(here, 'in');
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: work });
    git('init', '-q', '-b', 'main');
    writeFileSync(join(work, 'proxy.ts'), 'mine');
    writeFileSync(join(work, '.gitattributes'), '* filter=evil\nproxy.ts export-ignore\n');
    symlinkSync('/etc/passwd', join(work, 'passwords'));
    git('add', '.');
    git('commit', '-q', '-m', 'x');
    git('bundle', 'create', '-q', join(here, 'alice.bundle'), 'HEAD', 'main');
    expect(kindOfFile(join(here, 'alice.bundle'))).toBe('bundle');
    const opened = handed(join(here, 'alice.bundle'), 'bundle');
    expect(await source(opened)).toBe('mine');
    expect((await opened).notes.join()).toContain("'passwords' is a symbolic link, not a file");
  });
});

it('refuses a zip file with a file in it that is not the one that was packed', async () => {
  const flipped = (bytes: Buffer): Buffer => {
    const at = bytes.indexOf('const answer');
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return bytes;
  };
  const opened = zip(
    (file) => file.addBuffer(Buffer.from('const answer = 42;\n'), 'proxy.ts', { compress: false }),
    flipped,
  );
  await expect(opened).rejects.toThrow(/^The archive is damaged/);
});

it('says what a zip file lacks in words that a student can use', async () => {
  const packed = (file: ZipFile) => file.addBuffer(Buffer.from('mine'), 'proxy.ts');
  await expect(zip(packed, (bytes) => Buffer.concat([bytes, Buffer.from('more')]))).rejects.toThrow(
    'It is not a zip file that can be read: there are bytes after its end. Pack it again.',
  );
  rmSync(join(here, 'out'), { recursive: true });
  await expect(zip(packed, (bytes) => bytes.subarray(0, 60))).rejects.toThrow('its end is missing');
});

it('names the submodules of a git bundle, whose files are not in there', async () => {
  const work = join(here, 'in');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: work });
  git('init', '-q', '-b', 'main');
  writeFileSync(join(work, 'notes.txt'), 'see lib');
  git('add', '.');
  git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
  git('commit', '-q', '-m', 'x');
  git('bundle', 'create', '-q', join(here, 'alice.bundle'), 'HEAD', 'main');
  const refused = await handed(join(here, 'alice.bundle'), 'bundle').catch((error: Refused) => error);
  expect(refused).toMatchObject({
    message: "There is no proxy.ts. Found instead: 'notes.txt'.",
    notes: ["A git bundle does not contain submodules; left out: 'lib'."],
  });
});

describe('an archive in a submission', () => {
  const packed = async (files: Record<string, string | Buffer>): Promise<Buffer> => {
    const file = new ZipFile();
    for (const [name, content] of Object.entries(files)) file.addBuffer(Buffer.from(content), name);
    file.end();
    return await buffer(file.outputStream);
  };

  it('is opened where it is the only one, beside other files, and those are told', async () => {
    const archive = await packed({ 'proxy.ts': 'mine' });
    const report = await packed({ 'word/document.xml': 'x' });
    const opened = folder({ 'sub/stage4.zip': archive, 'report.docx': report, 'old.rar': 'Rar!', 'a.7z': '7z' });
    expect(await source(opened)).toBe('mine');
    expect((await opened).notes).toEqual([
      "'sub/stage4.zip' was opened. Not looked at beside it: 'a.7z', 'old.rar', 'report.docx'.",
    ]);
  });

  it('is opened in an archive, a few times', async () => {
    let inner = await packed({ 'proxy.ts': 'mine' });
    for (let depth = 0; depth < 3; depth += 1) inner = await packed({ 'inner.zip': inner });
    expect(await source(zip((file) => file.addBuffer(inner, 'inner.zip')))).toBe('mine');
    rmSync(join(here, 'out'), { recursive: true });
    for (let depth = 0; depth < 3; depth += 1) inner = await packed({ 'inner.zip': inner });
    await expect(zip((file) => file.addBuffer(inner, 'inner.zip'))).rejects.toThrow('more than 4 archives within');
  });

  it('is not chosen among several, nor opened where a file fits', async () => {
    const archive = await packed({ 'proxy.ts': 'other' });
    await expect(folder({ 'a.zip': archive, 'b.zip': archive })).rejects.toThrow("it could be in: 'a.zip', 'b.zip'.");
    rmSync(join(here, 'out'), { recursive: true });
    expect(await source(folder({ 'proxy.ts': 'mine' }))).toBe('mine');
  });

  it('shares the limits with the one around it', async () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.txt`, '']));
    const inner = await packed({ ...many(1200), 'proxy.ts': 'mine' });
    const outer = await packed({ ...many(1200), 'inner.zip': inner });
    await expect(folder({ 'outer.zip': outer })).rejects.toThrow('more than 2000 files');
  });

  it('counts the bytes of both', async () => {
    const stored = async (name: string, bytes: Buffer): Promise<Buffer> => {
      const file = new ZipFile();
      file.addBuffer(bytes, name, { compress: false });
      file.end();
      return await buffer(file.outputStream);
    };
    const inner = await stored('big.bin', Buffer.alloc(40 * 2 ** 20, 'x'));
    await expect(zip((file) => file.addBuffer(inner, 'inner.zip', { compress: false }))).rejects.toThrow(
      'Its files have more than 64 MB together.',
    );
    expect(inner.length).toBeLessThan(64 * 2 ** 20);
  });
});

describe('rejected files are named', () => {
  it.each([
    ['nothing at all', {}, 'There is no file in it. Expected: proxy.ts.'],
    ['other files', { 'a.txt': 'x', 'b.py': 'y' }, "There is no proxy.ts. Found instead: 'a.txt', 'b.py'."],
    [
      'an archive of another kind',
      { 'ada.tar.zst': '\x28\xb5\x2f\xfd' },
      "There is no proxy.ts. Found instead: 'ada.tar.zst'. Of archives, zip, tar, tar.gz, tar.xz and git bundles are read.",
    ],
    ['an empty file', { 'proxy.ts': '' }, "'proxy.ts' is empty."],
    ['bytes', { 'proxy.ts': Buffer.from([0x7f, 0x45, 0, 1]) }, "'proxy.ts' is not text: it has bytes that are zero."],
    ['UTF-16', { 'proxy.ts': Buffer.from('\ufeffx', 'utf16le') }, "'proxy.ts' is text in UTF-16; save it in UTF-8"],
    [
      'too much text',
      { 'proxy.ts': 'x'.repeat(2 ** 21) },
      "'proxy.ts' has 2 MB; a program of this course needs at most 1 MB.",
    ],
    ['two of them', { 'a/proxy.ts': 'x', 'b/c/proxy.ts': 'y', 'b/d/proxy.ts': 'y' }, ''],
    [
      'two that are as good as each other',
      { 'old/proxy.ts': 'x', 'new/proxy.ts': 'y' },
      "There are several proxy.ts, and only one can be graded: 'new/proxy.ts', 'old/proxy.ts'.",
    ],
    ['a manifest without a command', { 'workshop.json': '{"run": 3}' }, 'workshop.json has no command under "run".'],
    ['a manifest that is no JSON', { 'workshop.json': '{run' }, 'workshop.json is not JSON'],
  ])('%s', async (_name, files, sentence) => {
    if (sentence === '') return expect(await source(folder(files))).toBe('x');
    await expect(folder(files)).rejects.toThrow(sentence);
  });

  it('links and pipes in a folder are not followed', async () => {
    writeFileSync(join(here, 'secret.ts'), 'secret');
    symlinkSync(join(here, 'secret.ts'), join(here, 'in', 'proxy.ts'));
    symlinkSync(here, join(here, 'in', 'loop'));
    execFileSync('mkfifo', [join(here, 'in', 'pipe.ts')]);
    const refused = await folder({}).catch((error: Refused) => error);
    expect(refused).toMatchObject({ message: 'There is no file in it. Expected: proxy.ts.', notes: { length: 3 } });
    rmSync(join(here, 'out', 'submission'), { recursive: true });
    await expect(open(submission(join(here, 'in', 'proxy.ts'), 'file'), stage, join(here, 'out'))).rejects.toThrow(
      "'proxy.ts' is a symbolic link, not a file.",
    );
  });

  it('names that lead out of an archive, links, devices and doubles', async () => {
    const opened = await tar([
      ['../../escape.ts', 'x'],
      ['/etc/escape.ts', 'x'],
      [{ name: 'a.ts', type: 'symlink', linkname: '/etc/passwd' }],
      [{ name: 'b.ts', type: 'link', linkname: '/etc/passwd' }],
      [{ name: 'sda', type: 'block-device' }],
      ['proxy.ts', 'mine'],
      ['proxy.ts', 'other'],
      [`odd\n\u001b[31m${'n'.repeat(300)}`, 'x'],
    ]);
    const [first, second, ...rest] = opened.notes;
    expect(first).toBe("'../../escape.ts' would lie outside of the folder that it is unpacked to; left out.");
    expect(second).toContain("'/etc/escape.ts' would lie outside");
    expect(rest.slice(0, 4)).toEqual([
      "'a.ts' is a symbolic link, not a file; left out.",
      "'b.ts' is a hard link, not a file; left out.",
      "'sda' is a device, not a file; left out.",
      "'proxy.ts' is in there more than once; the last one counts.",
    ]);
    expect(rest.join('')).not.toMatch(/\p{Cc}/u);
    expect(await source(Promise.resolve(opened))).toBe('other');
    expect(existsSync(join(around(), 'escape.ts')) || existsSync('/etc/escape.ts')).toBe(false);
    expect(readdirSync(here).toSorted()).toEqual(['alice.tar', 'in', 'out']);
  });

  it('the same in a zip', async () => {
    const rename = (bytes: Buffer): Buffer =>
      Buffer.from(bytes.toString('latin1').replaceAll('xx/evil.ts', '../evil.ts'), 'latin1');
    const opened = await zip((file) => {
      file.addBuffer(Buffer.from('x'), 'xx/evil.ts');
      file.addBuffer(Buffer.from('/etc/passwd'), 'link.ts', { mode: 0o120777 });
      file.addBuffer(Buffer.from('mine'), 'proxy.ts');
    }, rename);
    expect(opened.notes).toEqual([
      "'../evil.ts' would lie outside of the folder that it is unpacked to; left out.",
      "'link.ts' is a symbolic link, not a file; left out.",
    ]);
  });

  it('archives that grow without measure, have too many files, or are broken', async () => {
    const zeros = Buffer.alloc(8 * 2 ** 20);
    await expect(zip((file) => file.addBuffer(zeros, 'proxy.ts'))).rejects.toThrow('more than 200 times its size');
    rmSync(join(here, 'out'), { recursive: true });
    const many = Array.from({ length: 2001 }, (_, index): [string, string] => [`${index}.ts`, '']);
    await expect(tar(many)).rejects.toThrow('more than 2000 files');
    for (const [name, kind, bytes] of [
      ['a.zip', 'zip', 'PK\u0003\u0004 and no more'],
      ['a.tar', 'tar', 'x'.repeat(1024)],
      ['a.tgz', 'tar', '\u001f\u008bx'],
      ['a.bundle', 'bundle', `# v2 git bundle\n${'1'.repeat(40)} HEAD\n\nnonsense`],
    ] as const) {
      rmSync(join(here, 'out'), { recursive: true });
      writeFileSync(join(here, name), bytes, 'latin1');
      await expect(handed(join(here, name), kind)).rejects.toThrow(
        /^It is not a (zip|tar|git bundle)( file)? that can be read/,
      );
    }
  });

  it.runIf(hasXz)('what xz has packed and grows without measure, is cut off, or takes too much memory', async () => {
    const attempt = (path: string): Promise<Opened> => {
      rmSync(join(here, 'out'), { recursive: true, force: true });
      return handed(path, kindOfFile(path) as 'tar');
    };
    await expect(tar([['proxy.ts', '\0'.repeat(8 * 2 ** 20)]])).rejects.toThrow('1 MB');
    const path = join(here, 'alice.tar');
    await expect(attempt(xzOf(path))).rejects.toThrow('more than 200 times its size');
    await tar([['proxy.ts', `// ${randomBytes(30_000).toString('hex')}`]]).catch(() => {});
    const whole = readFileSync(xzOf(path));
    writeFileSync(join(here, 'half.tar.xz'), whole.subarray(0, whole.length / 2));
    await expect(attempt(join(here, 'half.tar.xz'))).rejects.toThrow(
      'It is not a tar file that can be read: its end is missing, as when it was not uploaded whole. Pack it again.',
    );
    await expect(attempt(xzOf(path, ['--lzma2=dict=256MiB']))).rejects.toThrow('more than 64 MB of memory');
    writeFileSync(join(here, 'no.tar.xz'), Buffer.from('\xfd7zXZ\0 and no more', 'latin1'));
    await expect(attempt(join(here, 'no.tar.xz'))).rejects.toThrow('It is not a tar file that can be read');
    // The decoder serves one archive at a time: none of these keeps it.
    expect((await attempt(xzOf(path))).file).toBe('proxy.ts');
  });

  it('a folder with far too many files, and one that is too deep', async () => {
    for (let index = 0; index < 2100; index += 1) writeFileSync(join(here, 'in', `${index}.txt`), '');
    await expect(folder({ 'proxy.ts': 'mine' })).rejects.toThrow('It has more than 2000 files and folders.');
    for (const place of ['in', 'out']) rmSync(join(here, place), { recursive: true });
    const deep = 'd/'.repeat(1500);
    const { notes } = await folder({ 'proxy.ts': 'mine', [`${deep}proxy.ts`]: 'other' });
    expect(notes.join()).toContain('lies too deep; left out');
  });

  it('a submission that is not there', async () => {
    await expect(handed(join(here, 'bob'), 'missing')).rejects.toThrow("Nothing was handed in: there is no 'bob'.");
  });

  it('links in place of a hand-in, for any target', async () => {
    symlinkSync(here, join(here, 'bob'));
    await expect(handed(join(here, 'bob'), 'file')).rejects.toThrow("'bob' is a symbolic link, not a file.");
  });

  it('a bundle, without the path of its folder', async () => {
    writeFileSync(join(here, 'a.bundle'), '');
    const refused = await handed(join(here, 'a.bundle'), 'bundle').catch((error: Refused) => error);
    expect(refused).toMatchObject({ message: expect.stringContaining("'a.bundle'") });
    expect(refused).toMatchObject({ message: expect.not.stringContaining(here) });
  });

  it('a shortcoming of this machine is not blamed on the student', async () => {
    const mangled = await handed(join(here, 'b\uFFFD'), 'missing').catch((error: Error) => error);
    expect(mangled).not.toBeInstanceOf(Refused);
    expect(mangled).toMatchObject({ message: expect.stringContaining('not in UTF-8') });
    rmSync(join(here, 'out'), { recursive: true });
    writeFileSync(join(here, 'a.bundle'), '# v2 git bundle\n\n');
    const path = process.env.PATH;
    process.env.PATH = join(here, 'in');
    const withoutGit = await handed(join(here, 'a.bundle'), 'bundle').catch((error: Error) => error);
    process.env.PATH = path;
    expect(withoutGit).not.toBeInstanceOf(Refused);
    expect(withoutGit).toMatchObject({ message: expect.stringContaining('git is not installed') });
  });
});

it('takes everything beside a manifest, with its commands', async () => {
  const { program } = await folder({ 'workshop.json': '{"build": "make", "run": "./p"}', 'src/p.c': 'int main;' });
  expect(program).toMatchObject({ kind: 'command', build: 'make', run: './p' });
  expect(program.kind === 'command' && readFileSync(join(program.cwd, 'src', 'p.c'), 'utf8')).toBe('int main;');
});

it('takes a manifest that an editor on Windows has saved', async () => {
  const { program } = await folder({ 'workshop.json': '\ufeff{\r\n"run": "./p"\r\n}\r\n' });
  expect(program).toMatchObject({ build: null, run: './p' });
});

function submission(path: string, kind: Submission['kind']): Submission {
  return { student: { id: 'a', name: 'a' }, path, kind, submittedAt: null };
}

describe('which file was graded', () => {
  const stage5 = 'stages/stage-5-non-blocking';

  it('is in every result, from the hand-in on', async () => {
    expect((await folder({ 'my work/proxy.ts': 'mine' })).file).toBe('my work/proxy.ts');
  });

  it('is named behind the archive that it was in', async () => {
    const inner = new ZipFile();
    inner.addBuffer(Buffer.from('mine'), 'src/proxy.ts');
    inner.end();
    const opened = await folder({ 'report.txt': 'x', 'work.zip': await buffer(inner.outputStream) });
    expect(opened.file).toBe('work.zip: src/proxy.ts');
  });

  it.each([
    ['alone', {}],
    ['under another name', { 'solutions/Proxy.ts': 'ours' }],
    ['in another case', { 'Solutions/stage-4-tcp-proxy/proxy.ts': 'ours' }],
    ['with a manifest', { 'solutions/workshop.json': '{"run": "./ours"}' }],
  ])('is never ours: solutions %s', async (_, more) => {
    const ours = { 'solutions/stage-4-tcp-proxy/proxy.ts': 'ours', ...more };
    await expect(folder(ours)).rejects.toThrow('There is no proxy.ts outside of solutions/, which is the course’s.');
  });

  it('is the student’s beside ours, under any name', async () => {
    const files = {
      'solutions/stage-4-tcp-proxy/proxy.ts': 'ours',
      'solutions/helper.ts': 'ours',
      'my-work.ts': 'mine',
    };
    expect(await source(folder(files))).toBe('mine');
  });

  it('tells that it lies in the folder of another stage', async () => {
    const { notes } = await folder({ [`${stage5}/proxy.ts`]: 'mine' });
    expect(notes).toContain(`'${stage5}/proxy.ts' lies in the folder of stage 5.`);
  });
});

describe('workshop.json', () => {
  it.each([
    ['stage-4-tcp-proxy/workshop.json'],
    ['stages/stage-4-tcp-proxy/workshop.json'],
    ['my repository/stages/stage-4-tcp-proxy/workshop.json'],
    ['my project/workshop.json'],
  ])('counts at %s', async (name) => {
    const { program, file } = await folder({ [name]: '{"run": "./mine"}', 'stages/stage-4-tcp-proxy/proxy.ts': 'x' });
    expect(program).toMatchObject({ kind: 'command', run: './mine' });
    expect(file).toBe(name);
  });

  it('in the stage’s folder counts before one at the top', async () => {
    const files = { 'workshop.json': '{"run": "./top"}', 'stage-4-tcp-proxy/workshop.json': '{"run": "./stage"}' };
    const { program, notes } = await folder(files);
    expect(program).toMatchObject({ run: './stage' });
    expect(notes).toEqual([
      "'workshop.json' is ignored: workshop.json counts in stage-4-tcp-proxy/ or at the top of the hand-in.",
    ]);
  });

  it.each(['stages/stage-3-epoll/workshop.json', 'stage-3-epoll/workshop.json', 'a/b/workshop.json'])(
    'is told where it does not count: %s',
    async (name) => {
      const { program, notes } = await folder({ [name]: '{"run": "./other"}', 'proxy.ts': 'mine' });
      expect(program.kind).toBe('file');
      expect(notes[0]).toContain(`'${name}' is ignored`);
    },
  );

  it('is told also when nothing can be graded', async () => {
    const refused = folder({ 'a/b/workshop.json': '{"run": "./x"}', 'a/b/x.c': '' });
    await expect(refused).rejects.toMatchObject({ notes: [expect.stringContaining('is ignored')] });
  });
});
