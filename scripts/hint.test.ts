/** End-to-end tests of npm run hint: hints after failures, and the memory of failures. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { relayChecks } from '../checkers/checks/4.2/index.ts';
import { root } from '../checkers/root.ts';
import { copyWorkshop, type Finished, run } from './fixtures.ts';

const workshop = copyWorkshop();
const memory = join(workshop, '.workshop');
const program = join('stage-4-tcp-proxy', 'proxy.ts');

function type(...words: string[]): Promise<Finished> {
  return run([process.execPath, join(workshop, 'scripts', 'start.mjs'), ...words], workshop);
}

function fillStage(whose: 'solutions' | 'stages'): void {
  copyFileSync(join(root, whose, program), join(workshop, 'stages', program));
}

function setGreen(...ids: string[]): void {
  const green = Object.fromEntries(ids.map((id) => [id, '2026-01-31T00:00:00.000Z']));
  mkdirSync(memory, { recursive: true });
  writeFileSync(join(memory, 'progress.json'), JSON.stringify({ stage: 4, green }));
}

beforeEach(() => {
  fillStage('stages');
  for (const file of ['hints.json', 'progress.json']) rmSync(join(memory, file), { force: true });
});

describe.runIf(process.platform === 'linux')('npm run hint', () => {
  it('says what to type first when nothing has failed yet', async () => {
    const { code, stdout } = await type('hint');
    expect(stdout.replace(/\s+/g, ' ')).toContain('Type first: npm run milestone 4.1');
    expect(code).toBe(0);
  });

  it('shows one level more each time, then points to the lesson and to the solution', async () => {
    const { stdout: report } = await type('milestone', '1');
    expect(report).toMatch(/^ {2}Hint +npm run hint$/m);
    const shown: string[] = [];
    for (let time = 1; time <= 4; time += 1) shown.push((await type('hint')).stdout);
    expect(shown.map((text) => text.split('\n')[0])).toEqual([
      'Hint 1 of 3 for TODO 4.1.1, createServer',
      'Hint 2 of 3 for TODO 4.1.1, createServer',
      'Hint 3 of 3 for TODO 4.1.1, createServer',
      'All hints for TODO 4.1.1, createServer',
    ]);
    expect(shown[0]).toContain('type npm run hint again');
    expect(shown[2]).toContain('docs/stage-4-tcp-proxy.md#createserver');
    expect(shown[2]).toContain('solutions/stage-4-tcp-proxy/proxy.ts');
    for (const line of shown.join('').split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('forgets a failure when its check has passed', async () => {
    await type('milestone', '1');
    await type('hint', 'listening');
    fillStage('solutions');
    await type('milestone', '1');
    const { stdout } = await type('hint');
    expect(stdout.replace(/\s+/g, ' ')).toBe(
      'Milestone 4.1 is green: there is nothing to help with. Next: npm run milestone 4.2 ',
    );
  });

  it('is about the current stage, and says so if the last failure was on another', async () => {
    await type('milestone', '4.1');
    await type('stage', '1');
    const { code, stdout } = await type('hint');
    expect(stdout).not.toContain('Hint');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'No check of your server of stage 1 has failed yet, so there is nothing to help with. Type first: npm run milestone 1.1 (For what failed last in milestone 4.1: npm run hint 4.1)',
    );
    expect(code).toBe(0);
    expect((await type('hint', '4.1')).stdout).toContain('Hint 1 of 3 for TODO 4.1.1, createServer\n');
    // A failure on this stage does not replace the one on the other.
    expect((await type('milestone', '1.1')).stdout).toMatch(/^ {2}Hint +npm run hint$/m);
    expect((await type('hint')).stdout).toContain('for TODO 1.1.1, createServer\n');
    await type('stage', '4');
    expect((await type('hint')).stdout).toContain('Hint 2 of 3 for TODO 4.1.1, createServer\n');
  });

  it('is named with its milestone in the report of another stage', async () => {
    expect((await type('milestone', '1.1')).stdout).toMatch(/^ {2}Hint +npm run hint 1\.1$/m);
    expect((await type('hint', '1.1')).stdout).toContain('type npm run hint 1.1 again');
  });

  it.each([
    [['4.1'], 'Milestone 4.1 is green: there is nothing to help with. Next: npm run milestone 4.2 '],
    [['4.1', '4.2'], 'All milestones of stage 4 are green: there is nothing to help with. Next: npm run stage 5 '],
  ])('knows that %j are green, and names what is next', async (ids, sentence) => {
    setGreen(...ids);
    expect((await type('hint')).stdout.replace(/\s+/g, ' ')).toBe(sentence);
    const own = (await type('hint', '4.1')).stdout.replace(/\s+/g, ' ');
    expect(own).toMatch(
      /^Milestone 4\.1 is green: there is nothing to help with\. Next: npm run (milestone 4\.2|stage 5) $/,
    );
  });

  it('does not take our solution or a command for the learner’s proxy', async () => {
    await type('milestone', '1', 'only', '1', '--command', 'exit 3');
    await type('milestone', '1', 'solution', 'only', '1');
    expect((await type('hint')).stdout).toContain('No check of your proxy of stage 4 has failed yet');
  });
});

describe('npm run hint with a word', () => {
  it.each([
    ['3', 'check 3 of milestone 4.1, one-each'],
    ['on-connect', 'check 2 of milestone 4.1, on-connect'],
    ['idle', `check ${relayChecks.length} of milestone 4.2, idle`],
    ['4.2.8', 'TODO 4.2.8, closePair'],
  ])('takes %s for %s', async (word, about) => {
    const { code, stdout } = await type('hint', word);
    expect(stdout).toContain(`Hint 1 of 3 for ${about}\n`);
    expect(stdout).toContain(`type npm run hint ${word} again`);
    expect(code).toBe(0);
  });

  it.each([
    ['14', "Milestone 4.1 has no check '14'. Its checks are: 1 listening, 2 on-connect"],
    ['one-eech', "Did you mean 'one-each'?"],
    ['4.1.99', 'There is no TODO 4.1.99. Milestone 4.1 has: 4.1.1, '],
    ['4.9.9', 'There is no milestone 4.9. Stage 4 has: 4.1, 4.2.'],
    ['4.9', 'There is no milestone 4.9. Stage 4 has: 4.1, 4.2.'],
  ])('has exit code 2 for %s, which does not exist', async (word, sentence) => {
    const { code, stdout, stderr } = await type('hint', word);
    expect(stderr).toContain(sentence);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('treats a damaged memory as empty', async () => {
    mkdirSync(memory, { recursive: true });
    for (const text of ['{"last": {"milestone"', 'null', '{"failed": [7, null], "shown": {"4.1 one-each": "three"}}']) {
      writeFileSync(join(memory, 'hints.json'), text);
      expect((await type('hint', '3')).stdout).toContain('Hint 1 of 3');
    }
  });
});
