import { expect, it } from 'vitest';
import { diffLines } from './diff.ts';

const before = { name: 'old.ts (yours)', text: 'a\nb\nc\n' };

it('shows and counts the differences, with the lines around them', () => {
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

it('is empty if only the line endings differ', () => {
  expect(diffLines(before, { name: 'new.ts', text: 'a\r\nb\r\nc\r\n' })).toEqual([]);
});

it('passes no escape sequence of a file to the terminal', () => {
  expect(diffLines(before, { name: 'new.ts', text: 'a\n\u001b[2Jx\nc\n' }).join('\n')).not.toContain('\u001b');
});
