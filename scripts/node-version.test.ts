/** An old Node gives a clear message instead of a stack trace. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { root } from '../checkers/root.ts';
import { run } from './fixtures.ts';
import { isAtLeast } from './node-version.mjs';

it.each([
  ['20.19.0', '20.19', true],
  ['22.1.0', '20.19', true],
  ['20.9.5', '20.19', false],
  ['18.20.0', '20.19', false],
])('Node %s is at least %s: %s', (version, wanted, is) => {
  expect(isAtLeast(version, wanted)).toBe(is);
});

it('says in a sentence that this Node is too old, and how to get another', async () => {
  const workshop = mkdtempSync(join(tmpdir(), 'tcp-proxy-workshop-'));
  onTestFinished(() => rmSync(workshop, { recursive: true, force: true }));
  mkdirSync(join(workshop, 'scripts'));
  for (const name of ['start.mjs', 'node-version.mjs'])
    copyFileSync(join(root, 'scripts', name), join(workshop, 'scripts', name));
  writeFileSync(join(workshop, 'package.json'), JSON.stringify({ engines: { node: '>=999.1' } }));
  const { code, stdout, stderr } = await run([process.execPath, 'scripts/start.mjs', 'doctor'], workshop);
  expect(stderr).toMatch(/^Node \d+\.\d+\.\d+ is too old: it takes 999\.1 or later\. Type: nvm install 24, .+\n$/);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});
