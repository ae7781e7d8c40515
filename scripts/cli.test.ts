/** End-to-end tests of the commands: arguments, output, exit code. */
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { course, FIRST_STAGE } from '../checkers/course/course.ts';
import { findOnPath } from '../checkers/harness/python.ts';
import { root } from '../checkers/root.ts';
import { copyWorkshop, type Finished, run } from './fixtures.ts';

const workshop = copyWorkshop();
/** Another one, whose .workshop is no folder. */
const sealed = copyWorkshop();
const progressFile = join(workshop, '.workshop', 'progress.json');
const onLinux = process.platform === 'linux';

function type(words: string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return run([process.execPath, join(workshop, 'scripts', 'start.mjs'), ...words], workshop, env);
}

function writeProgress(text: string): void {
  mkdirSync(join(workshop, '.workshop'), { recursive: true });
  writeFileSync(progressFile, text);
}

/** Puts our solution, or again the skeleton, where the learner's program is. */
function fillStage(whose: 'solutions' | 'stages'): void {
  for (const { folder, file } of course) {
    copyFileSync(join(root, whose, folder, file), join(workshop, 'stages', folder, file));
  }
}

/** Puts a folder that is not empty where a file was. */
function folderInPlaceOf(path: string): void {
  rmSync(path, { force: true });
  mkdirSync(join(path, 'with a folder in it'), { recursive: true });
}

/** Lines that are too long for 80 columns although they could have been broken: a label and one word could not. */
function tooLong(text: string): string[] {
  return text.split('\n').filter((line) => line.length > 80 && !/^ *(\S+(?: \S+)? {2,})?\S+$/.test(line));
}

const stage = course.find(({ number }) => number === FIRST_STAGE);
if (stage === undefined) throw new Error('the course has no first stage');
const [firstMilestone, secondMilestone] = stage.milestones;
const passing = ['milestone', `${stage.number}.1`, 'solution'];
const failing = ['milestone', `${stage.number}.1`, 'only', '1', '--command', 'exit 3'];

describe.runIf(onLinux)('the exit code', () => {
  it('is 0 when all passed, and the report begins with stage and milestone', async () => {
    const { code, stdout, stderr } = await type(passing);
    expect(tooLong(stdout)).toEqual([]);
    expect(stdout.split('\n')[0]).toBe(`Stage 4: TCP proxy · Milestone 1: ${firstMilestone?.title}`);
    const count = firstMilestone?.checks.length;
    expect(stdout).toContain(`${count} of ${count} checks passed`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('is 1 when something failed, and the report says how to see it again', async () => {
    const { code, stdout, stderr } = await type([...failing, '--seed=7f3a']);
    expect(stdout).toMatch(/Again +npm run milestone 4\.1 only 1 seed 7f3a -- --command "exit\s+3"/);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('is 1 for a command that names no program, and the next step is to look at its path', async () => {
    const { code, stdout } = await type(['milestone', '1', 'only', '1', '--command', 'no-such-program']);
    expect(stdout).toContain('Cause       the program no-such-program was not found\n');
    expect(stdout).toContain('Next        check its name and its path');
    expect(code).toBe(1);
  });

  it.each([['milestone', '1'], ['try', '4'], ['proxy'], ['theatre']])(
    'of %s %s is 2 when the program is gone, and a sentence says how to get it back',
    async (...words) => {
      rmSync(join(workshop, 'stages', stage.folder, stage.file));
      const { code, stderr } = await type(words);
      fillStage('stages');
      expect(code).toBe(2);
      expect(stderr).toBe('There is no stages/stage-4-tcp-proxy/proxy.ts. Bring it back with: npm run reset 4\n');
    },
  );
});

describe.concurrent('invalid arguments', () => {
  it.each([
    [['milestone', '1', 'solutoin'], "Did you mean 'solution'?"],
    [['milestone', '99'], 'There is no milestone 99 (you are on stage 4, which has 4.1, 4.2).'],
    [['milestone', '7'], 'There is no milestone 7 (you are on stage 4, which has 4.1, 4.2). Stage 7 has: 7.1, 7.2.'],
    [['milestone', '9.9'], 'There is no milestone 9.9. Stage 9 has: 9.1, 9.2, 9.3.'],
    [['watch', '4.7'], 'There is no milestone 4.7. Stage 4 has: 4.1, 4.2.'],
    [['milestone', '12.1'], 'There is no milestone 12.1: there is no stage 12. Stages have the numbers 1 to 9.'],
    [['hint', '9.9'], 'There is no milestone 9.9. Stage 9 has: 9.1, 9.2, 9.3.'],
    [['hint', '4.7'], 'There is no milestone 4.7. Stage 4 has: 4.1, 4.2.'],
    [['hint', '4.7.1'], 'There is no milestone 4.7. Stage 4 has: 4.1, 4.2.'],
    [['stage', '12'], 'There is no stage 12. There are: 1, 2, 3, 4, 5, 6, 7, 8, 9. Type: npm run stage 9'],
    [['stage', '0'], 'Type: npm run stage 1'],
    [['stage', '4.7'], 'There is no milestone 4.7, and this command takes a whole stage. Type: npm run stage 4'],
    [['milestone', '1', '2'], "Unexpected argument '2'"],
    [['milestone', '1', 'only', 'listenin'], "Did you mean 'listening'?"],
    [['milestone', '4.1', 'only', '9'], "Milestone 4.1 has no check '9'. Its checks are: 1 listening, 2 on-connect"],
    [['hint', 'listenin'], "Did you mean 'listening'?"],
    [['milestone', '1', 'seed', 'xyz'], 'hexadecimal'],
    [['milestone', '1', 'solution', '--command', 'true'], 'not both'],
    [['stage', '99'], 'There is no stage 99'],
    [['stage', 'abc'], 'It knows: a stage such as'],
    [['stage', '4.1'], 'Type: npm run stage 4'],
    [['stage', '4', 'restor'], "Did you mean 'restore'?"],
    [['stage', '4', 'restore', 'x'], 'the number of a copy'],
    [['reset', 'al'], "Unknown argument 'al'"],
    [['solution', '4', 'yess'], "Did you mean 'yes'?"],
    [['proxy', 'soluton'], "Did you mean 'solution'?"],
    [['try', '99'], 'There is no stage 99'],
    [['try', 'one'], 'It knows: a stage such as'],
    [['try', '1', '2'], "Unexpected argument '2'"],
    [['try', '4.1'], 'Type: npm run try 4'],
    [['try', '1', 'soluton'], "Did you mean 'solution'?"],
    [['race', '9.9'], 'There is no milestone 9.9, and this command takes a whole stage. Type: npm run race 9'],
    [['race', '4.1'], 'Type: npm run race 4'],
    [['race', '99'], 'There is no stage 99'],
    [['race', '1'], 'There is no proxy in stage 1. There is one in: 4, 5, 6, 7, 8, 9.'],
    [['soak', '60', 'stage', '9.9'], 'Type: npm run soak 60 stage 9'],
    [['soak', '60', 'stage', '2'], 'There is no proxy in stage 2.'],
    [['help', 'me'], "'me'"],
  ])('%j: exit code 2 and one clear line', async (words, sentence) => {
    const { code, stdout, stderr } = await type(words);
    expect(stderr).toContain(sentence);
    expect(stderr).toMatch(/^.+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('ports in the environment', () => {
  it.each([['proxy'], ['try', '1'], ['theatre'], ['upstream']])(
    'that are not valid are refused by %s',
    async (...words) => {
      const variable = words[0] === 'upstream' ? 'UPSTREAM_PORT' : 'PORT';
      const { code, stdout, stderr } = await type(words, { [variable]: 'abc' });
      expect(stderr).toBe(`${variable} is a port, 1 to 65535; 'abc' is not.\n`);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
  );

  it('that are in use are reported by upstream', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stdout, stderr } = await type(['upstream'], { UPSTREAM_PORT: String(port) });
    server.close();
    expect(stderr).toMatch(new RegExp(`^Port ${port} is taken by another program.+\n$`));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('a bare number', () => {
  it.each(course)('means stage $number when called in its folder', async ({ number, folder }) => {
    const { stderr } = await type(['milestone', '99'], { INIT_CWD: join(workshop, 'stages', folder) });
    expect(stderr).toContain(`you are on stage ${number}`);
  });

  it.each(course)('means stage $number when that was chosen', async ({ number }) => {
    expect((await type(['stage', String(number)])).code).toBe(0);
    const { stderr } = await type(['milestone', '99'], { INIT_CWD: workshop });
    expect(stderr).toContain(`you are on stage ${number}`);
  });

  it('means the first stage for those who chose none', async () => {
    rmSync(progressFile, { force: true });
    const { stderr } = await type(['milestone', '99'], { INIT_CWD: workshop });
    expect(stderr).toContain(`you are on stage ${FIRST_STAGE}`);
  });
});

describe('a folder .workshop that cannot be written', () => {
  const folder = join(workshop, '.workshop');
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([['stage'], ['milestone', '1', 'solution'], ['docs', 'sync']])(
    'is reported by %s, not mistaken for packages that do not fit',
    async (...words) => {
      rmSync(folder, { recursive: true, force: true });
      writeFileSync(folder, 'a file in the way');
      const { code, stdout, stderr } = await type(words);
      expect(stderr).toMatch(
        /^The folder \.workshop has to be yours, .+, but a file is in the way \(E.+\): \.workshop.+\n$/,
      );
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
  );

  it.runIf(onLinux)('is reported when a run cannot write its files', async () => {
    await type(['stage']);
    rmSync(join(folder, 'runs'), { recursive: true, force: true });
    writeFileSync(join(folder, 'runs'), 'a file in the way');
    const { code, stderr } = await type(passing);
    expect(stderr).toMatch(/^The folder \.workshop has to be yours.+\n$/);
    expect(code).toBe(2);
  });
});

describe('a bundle in .workshop that is damaged', () => {
  const bundles = join(workshop, '.workshop', 'scripts');
  const bundle = (): string => join(bundles, readdirSync(bundles).find((name) => /^stage-.+\.mjs$/.test(name)) ?? '');

  it.each<[string, (path: string) => void]>([
    ['empty', (path) => writeFileSync(path, '')],
    ['cut short', (path) => writeFileSync(path, readFileSync(path).subarray(0, 40_000))],
    [
      'without its last line',
      (path) => writeFileSync(path, `${readFileSync(path, 'utf8').trimEnd().replace(/\n.*$/, '')}\n`),
    ],
    ['bytes of something else', (path) => writeFileSync(path, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 0xfe]))],
    ['a program that does something else', (path) => writeFileSync(path, 'console.log("never");\n')],
    ['a folder', folderInPlaceOf],
  ])('(%s) is made anew', async (_how, damage) => {
    await type(['stage']);
    const whole = readFileSync(bundle(), 'utf8');
    damage(bundle());
    const { code, stdout, stderr } = await type(['stage']);
    expect(stdout).toContain('Stage 1: TCP server');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readFileSync(bundle(), 'utf8')).toBe(whole);
  });
});

describe('a memory in .workshop that is not a file', () => {
  afterEach(() => rmSync(join(workshop, '.workshop'), { recursive: true, force: true }));

  it('counts as empty for reads, and is reported for writes', async () => {
    mkdirSync(join(progressFile, 'something'), { recursive: true });
    expect(await type(['stage'])).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await type(['stage', '5']);
    expect(stderr).toMatch(
      /^The folder \.workshop has to be yours, .+, but a folder is in the way \(E\w+\): \.workshop.+\n$/,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readdirSync(join(workshop, '.workshop')).filter((name) => /^progress\.json\./.test(name))).toEqual([]);
  });

  it.runIf(onLinux)('does not prevent a report', async () => {
    mkdirSync(join(workshop, '.workshop', 'hints.json', 'something'), { recursive: true });
    const { code, stdout, stderr } = await type(['milestone', '1', 'only', '1']);
    expect(stdout).toContain('Check 1 failed: listening');
    expect(stdout).toContain('Note: the failed check could not be saved (EISDIR');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });
});

describe('progress', () => {
  afterEach(() => rmSync(progressFile, { force: true }));

  it.each(['{"stage": 4, "gre', 'null', '{"stage": "four", "green": 7}'])(
    'that is damaged (%j) is a fresh start',
    async (text) => {
      writeProgress(text);
      const { code, stdout, stderr } = await type(['stage']);
      expect(stdout).toContain(`> Stage ${FIRST_STAGE}`);
      expect(stdout).not.toContain('✓');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );

  it('that is damaged is repaired by the next choice', async () => {
    writeProgress('{');
    await type(['stage', String(FIRST_STAGE)]);
    expect(JSON.parse(readFileSync(progressFile, 'utf8'))).toEqual({ stage: FIRST_STAGE, green: {} });
  });

  it.runIf(onLinux)('grows when the learner’s own proxy passes, and names what comes next', async () => {
    fillStage('solutions');
    const { stdout } = await type(['milestone', '1']);
    fillStage('stages');
    expect(stdout).toContain(`Next: milestone ${secondMilestone?.id}`);
    expect(tooLong(stdout)).toEqual([]);
    expect((await type(['stage'])).stdout).toContain(`✓ milestone ${firstMilestone?.id}`);
  });

  it.runIf(onLinux)(
    'leads from the last milestone of a stage to choosing the next, with one Next at the end',
    async () => {
      fillStage('solutions');
      await type(['stage', '1']);
      const { code, stdout } = await type(['milestone']);
      fillStage('stages');
      expect(code).toBe(0);
      expect(stdout.match(/Next: /g)).toHaveLength(1);
      expect(stdout).toMatch(/\n\nNext: stage 2, .+: npm run stage 2\n$/);
      const { stdout: map } = await type(['stage', '2']);
      expect(map).toContain('> Stage 2');
      expect(map).toMatch(/Next: npm run milestone 2\.1 /);
      // What is typed without a number means stage 2 from then on.
      expect((await type(['hint'])).stdout).toContain('npm run milestone 2.1');
    },
  );

  it.runIf(onLinux)('skips milestones that are green already', async () => {
    writeProgress(JSON.stringify({ stage: 4, green: { '4.2': '2026-01-31' } }));
    fillStage('solutions');
    const { stdout } = await type(['milestone', '1']);
    fillStage('stages');
    expect(stdout).toMatch(/Next: stage 5, .+: npm run stage 5\n$/);
  });

  it('of a choice in the folder of another stage: commands there still mean that one, which is said', async () => {
    const folder = join(workshop, 'stages', stage.folder);
    const { stdout } = await type(['stage', '2'], { INIT_CWD: folder });
    expect(stdout).toContain(`> Stage ${stage.number}`);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      `Stage 2 is chosen, but you are in the folder of stage ${stage.number}`,
    );
    expect((await type(['stage', '2'], { INIT_CWD: workshop })).stdout).not.toContain('is chosen, but');
    expect((await type(['stage', '4'], { INIT_CWD: folder })).stdout).not.toContain('is chosen, but');
  });

  it.runIf(onLinux)('does not grow when our solution passes, or one check alone', async () => {
    await type([...passing, 'only', '1']);
    fillStage('solutions');
    await type(['milestone', '1', 'only', '1']);
    fillStage('stages');
    expect(existsSync(progressFile)).toBe(false);
  });
});

describe('what is printed where there is no terminal', () => {
  it.each([
    ['the help', ['help']],
    ['the course', ['stage']],
    ['a report of a stub', ['milestone', '1']],
    ['a report of a program that is not there', failing],
  ])('has no line longer than 80 columns, no colours and no progress line: %s', async (_what, words) => {
    const { stdout } = await type(words);
    expect(stdout).not.toBe('');
    expect(tooLong(stdout)).toEqual([]);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain('\r');
  });
});

it('reports that .workshop cannot be written', async () => {
  rmSync(join(sealed, '.workshop'), { recursive: true, force: true });
  writeFileSync(join(sealed, '.workshop'), '');
  const { code, stderr } = await run([process.execPath, join(sealed, 'scripts', 'start.mjs'), 'help'], sealed);
  expect(stderr).toMatch(/^The folder \.workshop has to be yours.+\n$/);
  expect(code).toBe(2);
});

describe.skipIf(!onLinux || findOnPath('script') === undefined)('at a terminal', () => {
  /** script(1) gives a program a terminal, and us what it prints there. */
  function typeAtTerminal(env: NodeJS.ProcessEnv, word = 'stage'): Promise<Finished> {
    const command = `stty cols 80 rows 24; "${process.execPath}" scripts/start.mjs ${word}`;
    return run(['script', '-qec', command, '/dev/null'], workshop, { TERM: 'xterm-256color', ...env });
  }

  it('there are colours', async () => {
    expect((await typeAtTerminal({})).stdout).toContain('\u001b[');
  });

  it('the map fits the terminal’s height, unless all of it is requested', async () => {
    const { stdout } = await typeAtTerminal({ NO_COLOR: '1' });
    expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(24 - 5);
    expect(stdout).toContain('(you are here)');
    const { stdout: all } = await typeAtTerminal({ NO_COLOR: '1' }, 'stage all');
    expect(all.replaceAll('\r', '')).toBe((await type(['stage'])).stdout);
  });

  it('there are none for those who set NO_COLOR', async () => {
    const { code, stdout } = await typeAtTerminal({ NO_COLOR: '1' });
    expect(stdout).toContain(`Stage ${FIRST_STAGE}`);
    expect(stdout).not.toContain('\u001b[');
    expect(code).toBe(0);
  });
});
