/** End-to-end tests of npm run grade: wrong arguments; and, with THOROUGH=1, a whole class. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { findStage, type Stage } from '../../checkers/course/course.ts';
import { solutionOf } from '../../checkers/course/skeleton.ts';
import { temporaryFolder } from '../../checkers/fixtures.ts';
import { root } from '../../checkers/root.ts';
import { run } from '../fixtures.ts';

const folder = temporaryFolder();
mkdirSync(join(folder, 'class', 'ada'), { recursive: true });
mkdirSync(join(folder, 'taken'));
writeFileSync(join(folder, 'taken', 'marks.txt'), 'mine');
const solution = solutionOf(findStage(1) as Stage);
writeFileSync(join(folder, 'class', 'ada', 'server.ts'), solution);

const grade = (...words: string[]) =>
  run([process.execPath, join(root, 'scripts', 'start.mjs'), 'grade', ...words], root, { INIT_CWD: folder });

describe('a wrong argument gives a message', () => {
  it.concurrent.each<[string, string]>([
    ['', 'Name the folder of the submissions: npm run grade FOLDER.'],
    ['mrege class', "'mrege' is neither a folder nor something to do. Did you mean 'merge'?"],
    ['nowhere', 'There is no folder '],
    ['class resmue', "Unknown argument 'resmue'. Did you mean 'resume'?"],
    ['class stage 99', 'There is no stage 99.'],
    ['class stage 1 deadline 2026-10-01', 'A deadline is a moment with its zone'],
    ['class stage 1 roster no.csv', `There is no file ${join(folder, 'no.csv')}. Name the roster with: roster FILE`],
    ['class stage 1 require bubblewarp', "There is no isolation 'bubblewarp'."],
    ['class stage 1 shard 3/10', 'All shards of a class need the same seed.'],
    ['class stage 1 shard 11/10 seed s', 'A shard is its number and how many there are'],
    ['class stage 1 jobs 0', "How many at a time (jobs) is a number from 1 to 256; '0' is not."],
    ['class stage 1 results class/results', 'The results cannot be in the folder of the submissions'],
    [
      'class stage 1 results taken',
      `There is something in ${join(folder, 'taken')} already, and what is new is not mixed with it. Add the word resume`,
    ],
    ['class stage 1 only adda', "There is no submission of adda among these 1. Did you mean 'ada'?"],
    ['class stage 1 adjust nowhere.csv', 'nowhere.csv cannot be read'],
    ['merge class', 'is not a folder of results: there is no class.json in it.'],
    ['merge', 'There is nothing to merge'],
    ['compare class', 'Two folders of results are compared'],
    ['merge class results taken', 'is not a folder of results'],
    ['generate 40', 'How many, and where to?'],
    ['generate 0 new', "How many is a number from 1 to 100000; '0' is not."],
    [
      'generate 1 taken stage 1',
      `There is something in ${join(folder, 'taken')} already, and what is new is not mixed with it. Name a folder`,
    ],
    ['speed 3 stage 1 against taken', 'is no copy of the workshop. Expected, for example: against'],
    ['queue ad', "What about the queue? It knows: add, work, status, collect. Did you mean 'add'?"],
    ['queue status redis redis://127.0.0.1:1', 'No Redis server answers at redis://127.0.0.1:1 (ECONNREFUSED).'],
  ])('%s', async (words, message) => {
    const { code, stderr, stdout } = await grade(...words.split(' ').filter((word) => word !== ''));
    expect(`${stdout}${stderr}`).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });

  it('with a path that can be typed as it stands', async () => {
    mkdirSync(join(folder, 'my class', 'ada'), { recursive: true });
    const { stderr } = await grade('my class', 'stage', '1.1');
    expect(stderr).toContain(`npm run grade '${join(folder, 'my class')}' stage 1`);
  });

  it.each([
    ['nowhere', 'is not there'],
    ['taken/marks.txt', 'is not a folder'],
  ])('a folder that cannot hold temporary files: %s', async (place, why) => {
    const argv = [process.execPath, join(root, 'scripts', 'start.mjs'), 'grade', 'class', 'stage', '1'];
    const { code, stderr } = await run(argv, root, { INIT_CWD: folder, TMPDIR: join(folder, place) });
    expect(stderr).toBe(
      `The folder for temporary files, ${join(folder, place)}, ${why}. Make room there, or name another one: TMPDIR=FOLDER npm run grade …\n`,
    );
    expect(code).toBe(2);
  });
});

describe('what others may not read', () => {
  const modes = (place: string) =>
    readdirSync(join(folder, place), { recursive: true, encoding: 'utf8' })
      .map((name) => statSync(join(folder, place, name)))
      .filter((status) => (status.mode & 0o77) !== 0);

  it('a pack, which has the seed in it', async () => {
    expect(await grade('pack', 'gradescope', 'stage', '1', 'into', 'packs/deep')).toMatchObject({ code: 0 });
    expect(await grade('pack', 'github', 'stage', '1', 'into', 'packs/deep')).toMatchObject({ code: 0 });
    expect(modes('packs')).toEqual([]);
  });

  it('results and feedback', async () => {
    const { writeReports } = await import('../../checkers/grade/formats/write.ts');
    const { classOf } = await import('../../checkers/grade/fixtures/class.ts');
    const { Store } = await import('../../checkers/grade/batch/store.ts');
    const { main } = await import('../grade.ts');
    const before = process.umask();
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      // Every command of the grader sets the mask, this one too.
      expect(await main(['mrege'])).toBe(2);
      const results = new Store(join(folder, 'private', 'results'));
      for (const one of classOf(2).grades) {
        results.put({ ...one, basis: { classSeed: 's', deadline: null, submittedAt: null } });
      }
      await writeReports(join(folder, 'private', 'results'), classOf(2));
    } finally {
      process.umask(before);
      said.mockRestore();
    }
    expect(modes('private')).toEqual([]);
  });
});

const thorough = process.env.THOROUGH === '1';
const reason = thorough ? '' : ' (skipped: takes minutes; set THOROUGH=1)';

describe.skipIf(!thorough)(`a class of stage 1${reason}`, () => {
  it('gets the same bytes from one machine and from three', { timeout: 900_000 }, async () => {
    expect(await grade('generate', '7', 'seven', 'stage', '1')).toMatchObject({ code: 0 });
    const how = ['seven', 'stage', '1', 'seed', 'autumn'];
    expect(await grade(...how, 'results', 'whole', 'anonymise')).toMatchObject({ code: 0 });
    for (const part of ['1/3', '2/3', '3/3']) expect(await grade(...how, 'shard', part)).toMatchObject({ code: 0 });
    const parts = readdirSync(join(folder, 'results')).map((name) => join('results', name));
    expect(await grade('merge', ...parts, 'anonymise')).toMatchObject({ code: 0 });
    const names = ['grades.csv', 'grades.json', 'junit.xml', 'ctrf.json'];
    const files = [...names, ...names.map((name) => `anonymous/${name}`)].map((name) => join(folder, 'whole', name));
    const differ = files.filter(
      (path) => !readFileSync(path).equals(readFileSync(path.replace(join(folder, 'whole'), join(folder, 'merged')))),
    );
    expect(differ).toEqual([]);
  });
});

describe('a command that is stopped before it has results', () => {
  it.concurrent.each(['self-test', 'class stage 1 results stopped', 'dry stage 1'])(
    'says nothing: %s',
    async (words) => {
      const argv = [join(root, 'scripts', 'start.mjs'), 'grade', ...words.split(' ')];
      const child = spawn(process.execPath, argv, { cwd: root, env: { ...process.env, INIT_CWD: folder } });
      const ended = once(child, 'close');
      let said = '';
      child.stderr.on('data', (text) => {
        said += text;
      });
      // It tests the isolation of this machine.
      const isTrying = () => readdirSync(tmpdir()).some((name) => name.startsWith(`workshop-grade-${child.pid}-`));
      await vi.waitUntil(isTrying, { timeout: 60_000, interval: 5 });
      child.kill('SIGINT');
      expect(await ended).toEqual([130, null]);
      expect(said).toBe('');
      expect(isTrying()).toBe(false);
    },
  );
});
