import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lastLevel, rememberLevel } from './last-level.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('is unknown at first, then what was remembered', () => {
  const file = join(folder, 'level');
  expect(lastLevel(file)).toBeUndefined();
  rememberLevel('unshare', file);
  expect(lastLevel(file)).toBe('unshare');
});

it('is unknown where the file holds something else', () => {
  const file = join(folder, 'other');
  writeFileSync(file, 'none of our levels');
  expect(lastLevel(file)).toBeUndefined();
});
