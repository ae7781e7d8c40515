import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { otherSystemMessage } from './platform.ts';

test.each([
  ['darwin', 'macOS'],
  ['win32', 'Windows'],
  ['freebsd', 'FreeBSD'],
  ['sunos', 'sunos'],
])('on %s the message says %s and how to go on', (platform, name) => {
  const message = otherSystemMessage(platform);
  expect(message).toContain(`this machine runs ${name}.`);
  for (const way of ['dev container', 'Codespaces', 'docker run', 'docs/other-systems.md']) {
    expect(message).toContain(way);
  }
  expect(message.includes('WSL')).toBe(platform === 'win32');
  expect(message.includes('--command')).toBe(platform !== 'win32');
  expect(message.endsWith('\n')).toBe(false);
});

/** Runs a program that imports '#linux' in a Node that pretends to run on the given system. */
function importOn(platform: string) {
  const pretend = `data:text/javascript,Object.defineProperty(process, 'platform', { value: '${platform}' })`;
  const program = `import '#linux'; console.log('imported')`;
  const args = ['--import', 'tsx', '--import', pretend, '--input-type=module', '--eval', program];
  const cwd = new URL('..', import.meta.url);
  const env = { ...process.env, NODE_NO_WARNINGS: '1' };
  return spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8', timeout: 30_000 });
}

// The koffi in node_modules has a binary for Linux only, so this also shows that koffi is not loaded first.
test.each(['darwin', 'win32'])('importing it on %s ends with that message and nothing else', (platform) => {
  const { status, stdout, stderr } = importOn(platform);
  expect(stderr).toBe(`${otherSystemMessage(platform)}\n`);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

test('importing it on Linux says nothing', () => {
  expect(importOn('linux')).toMatchObject({ status: 0, stdout: 'imported\n', stderr: '' });
});
