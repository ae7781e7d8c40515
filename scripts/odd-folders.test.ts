/** The workshop in folders whose names mean something to a shell, a URL, a pattern or a bundler. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../checkers/fixtures.ts';
import { copyTo } from './docs/outputs.ts';
import { freePort, run } from './fixtures.ts';

const FOLDERS = [
  'c# course',
  'why?',
  '100%',
  '%41',
  `it's "so"`,
  '{a,b} [c]',
  '$HOME `id`',
  'a&b;c',
  'a*',
  'жук é 课程',
];
const place = temporaryFolder();

/** A copy of the workshop. The packages are linked: to copy them takes too long. */
function workshopIn(name: string): string {
  const copy = join(place, name);
  mkdirSync(copy);
  return copyTo(copy);
}

/** Starts a program that does not end by itself, and waits for what it prints. */
async function prints(workshop: string, words: string[], wanted: string): Promise<void> {
  const env = { ...process.env, PORT: String(await freePort()), NO_COLOR: '1' };
  const child = spawn(process.execPath, ['scripts/start.mjs', ...words], { cwd: workshop, env });
  let printed = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const seen = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        printed += text;
        if (printed.includes(wanted)) resolve();
      });
    }
  });
  await Promise.race([seen, ended]);
  child.kill('SIGTERM');
  await ended;
  expect(printed).toContain(wanted);
}

describe.runIf(process.platform === 'linux')('the commands of a learner', () => {
  it.each(FOLDERS)('work in a folder named %s', async (name) => {
    const workshop = workshopIn(name);
    const type = (...words: string[]) => run([process.execPath, 'scripts/start.mjs', ...words], workshop);
    const stub = await type('milestone', '1');
    expect(stub).toMatchObject({ code: 1, stderr: '' });
    expect(stub.stdout).toContain('stages/stage-4-tcp-proxy/proxy.ts:');
    expect(await type('milestone', '4.1', 'solution')).toMatchObject({ code: 0, stderr: '' });
    expect(await type('hint')).toMatchObject({ code: 0, stderr: '' });
    expect((await type('doctor')).stdout).toContain('a socket and an epoll instance were made');
    await prints(workshop, ['try', '1', 'solution'], 'clients on port');
    await prints(workshop, ['proxy', 'solution'], 'clients on port');
    await prints(workshop, ['watch', '1'], '0 of 5 checks passed');
  });
});

it.runIf(process.platform === 'linux')('a folder with a backslash, where Node runs no module, is named', async () => {
  const workshop = workshopIn('back\\slash');
  const { scripts } = JSON.parse(readFileSync(join(workshop, 'package.json'), 'utf8'));
  for (const word of ['milestone', 'help', 'grade']) {
    const { code, stdout, stderr } = await run(['sh', '-c', scripts[word]], workshop);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^Node runs no module in a folder with a backslash in its path: .* Rename or move the folder\.\n$/,
    );
    expect(stderr).not.toContain('    at ');
  }
});
