import { expect, it } from 'vitest';
import { diffLines } from './diff.ts';

const before = { name: 'old.ts (yours)', text: 'a\nb\nc\n' };

it('shows what differs, with the lines around it, and counts it', () => {
  expect(diffLines(before, { name: 'new.ts (ours)', text: 'a\nB\nBB\nc\n' })).toEqual([
    '--- old.ts (yours)',
    '+++ new.ts (ours)',
    '@@ -1,3 +1,4 @@',
    ' a',
    '-b',
    '+B',
    '+BB',
    ' c',
    '',
    '1 line less, 2 lines more.',
  ]);
});

it('is empty where nothing differs but the line endings', () => {
  expect(diffLines(before, { name: 'new.ts', text: 'a\r\nb\r\nc\r\n' })).toEqual([]);
});

it('hands no escape sequence of a file on to the terminal', () => {
  expect(diffLines(before, { name: 'new.ts', text: 'a\n\u001b[2Jx\nc\n' }).join('\n')).not.toContain('\u001b');
});
