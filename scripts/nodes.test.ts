/**
 * The workshop on other releases of Node. Each installed one judges our solution; `.ci/run` installs them. WORKSHOP_NODES names folders that have bin/node, separated by colons.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../checkers/root.ts';
import { copyWorkshop, type Finished, run } from './fixtures.ts';

/** Releases that are maintained, the recommended one among them. */
const RELEASES = [22, 24, 26];
const RECOMMENDED = 24;

/** Files that bring a Node, or say which one to take. */
const PLACES: [string, RegExp][] = [
  ['.devcontainer/Dockerfile', /^FROM node:(\d+)/gm],
  ['docs/grading/ci/gitlab-ci.yml', /image: node:(\d+)/g],
  ['docs/grading/ci/github-actions.yml', /node-version: (\d+)/g],
  ['docs/grading/ci/kubernetes-job.yaml', /has Node (\d+)/g],
  ['checkers/grade/pack/github/grade.yml', /node-version: (\d+)/g],
  ['checkers/grade/pack/gradescope/setup.sh', /latest-v(\d+)\.x/g],
  ['docs/other-systems.md', /node:(\d+)/g],
  ['docs/troubleshooting.md', /nvm (?:install|use) (\d+)/g],
  ['linux/platform.ts', /node:(\d+)/g],
  ['scripts/start.mjs', /nvm install (\d+)/g],
  ['README.md', /Node.*\((\d+) is a good choice/g],
];

it.each(PLACES)(`sends new users of %s to Node ${RECOMMENDED}`, (path, pattern) => {
  const found = [...readFileSync(join(root, path), 'utf8').matchAll(pattern)].map(([, release]) => Number(release));
  expect(found.length).toBeGreaterThan(0);
  expect(new Set(found)).toEqual(new Set([RECOMMENDED]));
});

/** The folder of a release, or undefined where this machine has none. */
function folderOf(release: number): string | undefined {
  const nvm = join(process.env.NVM_DIR ?? join(homedir(), '.nvm'), 'versions', 'node');
  const installed = existsSync(nvm) ? readdirSync(nvm).map((name) => join(nvm, name)) : [];
  const folders = [...(process.env.WORKSHOP_NODES ?? '').split(':').filter(Boolean), ...installed];
  return folders.find((folder) => {
    const { stdout } = spawnSync(join(folder, 'bin', 'node'), ['--version'], { encoding: 'utf8' });
    return stdout?.startsWith(`v${release}.`);
  });
}

describe.runIf(process.platform === 'linux')('the commands of a learner', () => {
  const workshop = copyWorkshop();

  it.for(RELEASES)('work with Node %i', async (release, { skip }) => {
    const folder = folderOf(release);
    if (folder === undefined) return skip(`no Node ${release} here; name its folder in WORKSHOP_NODES`);
    const type = (...words: string[]): Promise<Finished> =>
      run([join(folder, 'bin', 'node'), 'scripts/start.mjs', ...words], workshop, {
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        INIT_CWD: workshop,
      });
    expect(await type('milestone', '4.1', 'solution')).toMatchObject({ code: 0, stderr: '' });
    expect(await type('milestone', '9.2', 'solution')).toMatchObject({ code: 0, stderr: '' });
    expect(await type('milestone', '1.1')).toMatchObject({ code: 1, stderr: '' });
    expect(await type('hint')).toMatchObject({ code: 0, stderr: '' });
    expect(await type('stage', '4', 'diff')).toMatchObject({ code: 0, stderr: '' });
    expect(await type('doctor')).toMatchObject({ code: 0, stderr: '' });
  });
});
