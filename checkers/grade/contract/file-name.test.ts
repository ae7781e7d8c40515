import { describe, expect, it } from 'vitest';
import { fileNameOf } from './file-name.ts';

const odd = [
  '..',
  '.',
  '',
  '/',
  '../../etc/passwd',
  '-rf',
  'a b',
  'a\nb',
  'Zoë Müller',
  '王小明',
  'x'.repeat(300),
  'con',
  'nul.txt',
];
const clashing = ['alice', 'Alice', 'ALICE', 'alice ', 'a-lice', 'a.lice', 'é', 'e\u0301', 'a b', 'a_b', 'a  b'];

describe('fileNameOf', () => {
  it('keeps plain ids as they are', () => {
    for (const id of ['alice', 's1234567', 'ada.lovelace', 'a_b-c.d']) expect(fileNameOf(id)).toBe(id);
  });

  it('turns every id into a harmless, stable name', () => {
    for (const id of odd) {
      expect(fileNameOf(id)).toMatch(/^[a-z0-9][a-z0-9._~-]{0,60}$/);
      expect(fileNameOf(id)).not.toContain('..');
      expect(fileNameOf(id)).toBe(fileNameOf(id));
    }
  });

  it('never gives two ids the same name, even on case-insensitive file systems', () => {
    const ids = [...odd, ...clashing, ...clashing.map(fileNameOf)];
    const names = new Set(ids.map((id) => fileNameOf(id).toLowerCase()));
    expect(names.size).toBe(new Set(ids).size);
  });

  it('stays readable', () => {
    expect(fileNameOf('Zoë Müller')).toMatch(/^zoe-muller~[0-9a-f]{12}$/);
    expect(fileNameOf('王小明')).toMatch(/^student~/);
  });
});
