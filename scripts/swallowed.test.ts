/** npm's settings stop no command; a typed flag that npm swallowed does. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../checkers/fixtures.ts';
import { findOnPath } from '../checkers/harness/python.ts';
import { root } from '../checkers/root.ts';
import { run } from './fixtures.ts';

const folder = temporaryFolder();

/** Runs a command line as typed. Each names something that does not exist, so that only npm takes time. */
async function npm(words: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  return (await run(['npm', 'run', '-s', ...words], root, env)).stderr;
}

function settings(text: string): NodeJS.ProcessEnv {
  const path = join(mkdtempSync(join(folder, 'settings-')), 'npmrc');
  writeFileSync(path, text);
  return { NPM_CONFIG_USERCONFIG: path };
}

const milestone = ['milestone', '4.1', 'only', 'no-such-check'];
const noSuchCheck = "Milestone 4.1 has no check 'no-such-check'.";
const grade = ['grade', join(folder, 'nothing'), 'stage', '4'];
const noFolder = 'There is no folder';

describe.runIf(process.platform === 'linux' && findOnPath('npm'))('a setting of npm', () => {
  it.concurrent.each<[string, string[], NodeJS.ProcessEnv, string]>([
    ['jobs=max in a file', grade, settings('jobs=max\n'), noFolder],
    ['npm_config_jobs', grade, { npm_config_jobs: '4' }, noFolder],
    ['npm_config_only', milestone, { npm_config_only: 'production' }, noSuchCheck],
    ['NPM_CONFIG_ONLY', milestone, { NPM_CONFIG_ONLY: 'production' }, noSuchCheck],
    ['json=true in a file', milestone, settings('json=true\n'), noSuchCheck],
    ['json and seed in a file', milestone, settings('json = true\nseed = "7f3a"\n'), noSuchCheck],
    ['a setting that names a variable', milestone, settings('command=$' + '{HOME}/bin/x\n'), noSuchCheck],
    ['pids[]= and memory=', grade, settings('pids[]=1\nmemory=2\n'), noFolder],
    ['npm_config_open', milestone, { npm_config_open: 'firefox' }, noSuchCheck],
  ])('%s stops nothing', async (_what, words, env, sentence) => {
    const stderr = await npm(words, env);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('for itself');
  });

  it.concurrent.each<[string[], string[], NodeJS.ProcessEnv, string]>([
    [['milestone', '1'], ['--seed', '7f3a'], {}, 'npm run milestone 1 -- --seed …'],
    [['milestone', '1'], ['--solution'], {}, 'npm run milestone 1 -- --solution …'],
    [['stage', '4'], ['--solution'], {}, 'npm run stage 4 -- --solution …'],
    [['grade', 'folder'], ['--jobs=4'], {}, 'npm run grade folder -- --jobs …'],
    [['grade', 'folder'], ['--jobs=4'], settings('jobs=max\n'), 'npm run grade folder -- --jobs …'],
    [['milestone', '1'], ['--seed=7f3a'], { npm_config_only: 'production' }, 'npm run milestone 1 -- --seed …'],
  ])('%j and %j, typed before two dashes, is told', async (words, flags, env, advice) => {
    const flag = flags[0]?.split('=')[0];
    expect(await npm([...words, ...flags], env)).toBe(
      `npm took ${flag} for itself. Put two dashes before it: ${advice}\n`,
    );
  });

  it('leaves flags after two dashes alone', async () => {
    expect(await npm(['milestone', '4.1', '--', '--only=no-such-check'])).toContain(noSuchCheck);
  });
});
