/** What judges a class stays what it was when the class was begun. */
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../root.ts';
import { bundlesAside } from './bundles.ts';
import { plainEnvironment } from './enclosure.ts';

it('takes the bundles aside, and starts what lies there, whatever becomes of the sources', async () => {
  const folder = (await bundlesAside(plainEnvironment())) ?? '';
  expect(readdirSync(folder)).toEqual(['submission-worker.mjs', 'worker.mjs']);
  writeFileSync(join(folder, 'worker.mjs'), 'export const main = async (words) => words.length;');
  const env = { ...plainEnvironment(), WORKSHOP_BUNDLES: folder };
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'start.mjs'), 'worker', 'a', 'b', 'c'], {
    env,
  });
  expect(status).toBe(3);
});
