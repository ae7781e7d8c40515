import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeReadable } from './readable.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

it('opens private folders and files for reading, and keeps what can be run', () => {
  const inner = join(folder, 'one', 'two');
  mkdirSync(inner, { recursive: true });
  const [text, program] = [join(inner, 'text'), join(inner, 'program')];
  writeFileSync(text, '', { mode: 0o600 });
  writeFileSync(program, '', { mode: 0o700 });
  for (const place of [inner, join(folder, 'one')]) chmodSync(place, 0o700);
  makeReadable(join(folder, 'one'));
  expect([join(folder, 'one'), inner, text, program].map(modeOf)).toEqual(['755', '755', '644', '755']);
});

it('does not follow a link', () => {
  const [secret, place] = [join(folder, 'secret'), join(folder, 'place')];
  writeFileSync(secret, '', { mode: 0o600 });
  mkdirSync(place);
  symlinkSync(secret, join(place, 'link'));
  makeReadable(place);
  expect(modeOf(secret)).toBe('600');
});

it('ignores a missing path', () => {
  expect(() => makeReadable(join(folder, 'missing'))).not.toThrow();
});
