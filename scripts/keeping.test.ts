/** End-to-end tests of reset, restore, solution and diff: no work of a learner is ever lost. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { course, origin } from '../checkers/course/course.ts';
import { findOnPath } from '../checkers/harness/python.ts';
import { root } from '../checkers/root.ts';
import { copyWorkshop, type Finished, run } from './fixtures.ts';

const workshop = copyWorkshop();
const stage = course.at(-1);
if (stage === undefined) throw new Error('the course has no stage');
const { number, folder, file } = stage;
const mine = join(workshop, 'stages', folder, file);
const keptFolder = join(workshop, '.workshop', 'kept', folder);
const skeleton = readFileSync(join(root, 'stages', folder, file), 'utf8');

function type(...words: string[]): Promise<Finished> {
  return run([process.execPath, join(workshop, 'scripts', 'start.mjs'), ...words], workshop);
}

function copies(): string[] {
  return readdirSync(keptFolder).sort();
}

function setGreen(...ids: string[]): void {
  const green = Object.fromEntries(ids.map((id) => [id, '2026-01-31T00:00:00.000Z']));
  mkdirSync(join(workshop, '.workshop'), { recursive: true });
  writeFileSync(join(workshop, '.workshop', 'progress.json'), JSON.stringify({ stage: number, green }));
}

beforeEach(() => {
  writeFileSync(mine, skeleton);
  rmSync(keptFolder, { recursive: true, force: true });
  setGreen();
});

describe('npm run reset', () => {
  it('leaves an unchanged skeleton alone', async () => {
    const { code, stdout } = await type('reset', String(number));
    // The line break depends on the length of the file's name.
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Nothing was changed');
    expect(code).toBe(0);
    expect(copies).toThrow('ENOENT');
  });

  it('puts the skeleton back, keeps a copy each time, and restore brings it back', async () => {
    writeFileSync(mine, 'first\n');
    const { stdout } = await type('reset', String(number));
    expect(readFileSync(mine, 'utf8')).toBe(skeleton);
    expect(stdout).toContain(`.workshop/kept/${folder}/${copies()[0]}`);
    writeFileSync(mine, 'second\n');
    expect((await type('reset')).stdout).toContain(`npm run stage ${number} restore 2`);
    writeFileSync(mine, 'third\n');
    expect((await type('stage', String(number), 'restore', '1')).code).toBe(0);
    expect(readFileSync(mine, 'utf8')).toBe('first\n');
    const { stdout: list } = await type('stage', 'restore');
    expect(list).toMatch(
      /1 {2}[\d-]+ [\d:]+ {2}before reset, and as it is now\n +2 .* before reset\n +3 .* before restore\n/,
    );
    expect(copies().map((name) => readFileSync(join(keptFolder, name), 'utf8'))).toEqual([
      'first\n',
      'second\n',
      'third\n',
    ]);
  });

  it('stores the same text once', async () => {
    for (let time = 0; time < 2; time += 1) {
      writeFileSync(mine, 'same\n');
      await type('reset');
    }
    expect(copies().length).toBe(1);
  });

  it('brings back a deleted file and its folder', async () => {
    rmSync(join(workshop, 'stages', folder), { recursive: true });
    expect((await type('reset')).code).toBe(0);
    expect(readFileSync(mine, 'utf8')).toBe(skeleton);
  });

  it('replaces nothing if no copy can be kept, and says why', async () => {
    writeFileSync(mine, 'precious\n');
    mkdirSync(join(workshop, '.workshop', 'kept'), { recursive: true });
    writeFileSync(keptFolder, 'a file in the way');
    const { code, stderr } = await type('reset');
    expect(readFileSync(mine, 'utf8')).toBe('precious\n');
    expect(stderr).toMatch(/^The folder \.workshop has to be yours, .+, but a file is in the way \(E.+\): .+\n$/);
    expect(code).toBe(2);
  });
});

describe('npm run stage restore', () => {
  it('ignores other files among the copies', async () => {
    mkdirSync(join(keptFolder, '2026-01-31T00-00-00-000Z_4.1.ts'), { recursive: true });
    for (const name of ['notes.txt', '2026-99-99T00-00-00-000Z_before-reset.ts', '2026-01-31T00-00-00-000Z_9.9.ts']) {
      writeFileSync(join(keptFolder, name), 'x');
    }
    const { code, stdout } = await type('stage', 'restore');
    expect(stdout.replace(/\s+/g, ' ')).toContain('There is no copy of');
    expect(code).toBe(0);
  });

  it('of a missing copy lists the existing ones', async () => {
    writeFileSync(mine, 'x\n');
    await type('reset');
    const { code, stderr } = await type('stage', 'restore', '7');
    expect(stderr).toBe(`There is no copy 7. There is 1. To see them: npm run stage ${number} restore\n`);
    expect(code).toBe(2);
  });
});

describe.runIf(process.platform === 'linux')('a milestone that turns green', () => {
  const [milestone] = stage.milestones;

  it('keeps the learner’s file as it was judged; our solution and one check alone keep nothing', async () => {
    await type('milestone', String(milestone?.id), 'solution');
    copyFileSync(join(root, 'solutions', folder, file), mine);
    await type('milestone', String(milestone?.id), 'only', '1');
    expect(copies).toThrow('ENOENT');
    await type('milestone', String(milestone?.id));
    expect(copies()).toEqual([expect.stringMatching(new RegExp(`_${milestone?.id}\\.ts$`))]);
    expect((await type('stage', 'restore')).stdout).toContain(`milestone ${milestone?.id} green, and as it is now`);
  });
});

describe('npm run solution', () => {
  it('requires the word yes while milestones are open and there is no terminal to ask at', async () => {
    const { code, stdout, stderr } = await type('solution', String(number));
    expect(stderr).toContain(`type: npm run solution ${number} yes`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('shows both side by side after yes, and without a question when all is green', async () => {
    const { stdout } = await type('solution', 'yes');
    expect(stdout).toContain(`--- stages/${folder}/${file} (yours)\n+++ solutions/${folder}/${file} (ours)\n`);
    setGreen(...stage.milestones.map(({ id }) => id));
    expect((await type('solution')).stdout).toBe(stdout);
  });

  it.skipIf(findOnPath('script') === undefined)('asks at a terminal, and follows the answer', async () => {
    // script(1) provides a terminal, on which these answers are typed.
    const answered = (answer: string): Promise<Finished> => {
      const command = `"${process.execPath}" scripts/start.mjs solution`;
      return run(['sh', '-c', `echo ${answer} | timeout 20 script -qec '${command}' /dev/null`], workshop);
    };
    const { code, stdout } = await answered('n');
    expect(stdout.replace(/\s+/g, ' ')).toContain('[y/N]');
    expect(stdout).not.toContain('+++');
    expect(code).toBe(0);
    expect((await answered('y')).stdout).toContain('+++');
  });
});

describe.each(course)('npm run stage $number diff', (each) => {
  const before = origin(each);

  it.runIf(before === undefined)('says that there is no earlier program', async () => {
    const { code, stdout } = await type('stage', String(each.number), 'diff');
    expect(stdout).toContain('begins with a new program');
    expect(code).toBe(0);
  });

  it.runIf(before !== undefined)('shows the step from the stage’s earlier program to its skeleton', async () => {
    const { code, stdout } = await type('stage', String(each.number), 'diff');
    // Our solution is never shown unless requested.
    expect(stdout).not.toContain('+++');
    expect(stdout.replace(/\s+/g, ' ')).toContain(`npm run stage ${before?.number}. To compare with our solution`);
    expect(code).toBe(0);
    writeFileSync(join(workshop, 'stages', before?.folder ?? '', before?.file ?? ''), 'begun\n');
    const { stdout: own } = await type('stage', String(each.number), 'diff');
    expect(own).toContain(`--- stages/${before?.folder}/${before?.file} (yours)\n`);
    const { stdout: ours } = await type('stage', String(each.number), 'diff', 'solution');
    expect(ours).toContain(`--- solutions/${before?.folder}/${before?.file} (ours)\n`);
    expect(ours).toContain(`+++ stages/${each.folder}/${each.file} (the skeleton)\n`);
  });
});

it('stage 3 grew from the server of stage 1, and stage 2 from nothing', () => {
  const grew = course.map((one) => [one.number, origin(one)?.number]);
  expect(grew.slice(0, 4)).toEqual([
    [1, undefined],
    [2, undefined],
    [3, 1],
    [4, 3],
  ]);
});

it('each stage grew from an earlier one', () => {
  for (const each of course) expect(origin(each)?.number ?? 0).toBeLessThan(each.number);
});
