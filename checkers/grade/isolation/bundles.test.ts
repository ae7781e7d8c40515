/** The judging programs stay the same until the class is graded. */
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../root.ts';
import { bundlesAside } from './bundles.ts';
import { plainEnvironment } from './enclosure.ts';

it('copies the bundles, and starts the copies even if the sources change', async () => {
  const folder = (await bundlesAside(plainEnvironment())) ?? '';
  expect(readdirSync(folder)).toEqual(['check-worker.mjs', 'submission-worker.mjs']);
  writeFileSync(join(folder, 'check-worker.mjs'), 'export const main = async (words) => words.length;');
  const env = { ...plainEnvironment(), WORKSHOP_BUNDLES: folder };
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'start.mjs'), 'check-worker', 'a', 'b', 'c'], {
    env,
  });
  expect(status).toBe(3);
});
