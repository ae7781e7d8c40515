import { describe, expect, it } from 'vitest';
import { fitted, labelled, printable, width, wrap } from './layout.ts';

describe('the width of a report', () => {
  it('is 80 by default, and never so wide or narrow that it is hard to read', () => {
    expect(width(undefined)).toBe(80);
    expect(width(72)).toBe(72);
    expect(width(400)).toBeLessThanOrEqual(100);
    expect(width(3)).toBe(40);
  });
});

describe('wrapped text', () => {
  it('breaks between words, before a line gets too long', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrap('one two', 7)).toEqual(['one two']);
    expect(wrap('one two', 6)).toEqual(['one', 'two']);
  });

  it('keeps a long word whole, on a separate line: paths are copied', () => {
    const path = 'stages/stage-4-tcp-proxy/proxy.ts:57';
    expect(wrap(`see ${path} there`, 10)).toEqual(['see', path, 'there']);
    expect(wrap(path, 10)).toEqual([path]);
  });

  it('loses no word', () => {
    const text = 'a proxy is a server to the one side and a client to the other';
    for (let room = 1; room < 70; room += 1) expect(wrap(text, room).join(' ')).toBe(text);
  });

  it.each([
    ['npm run milestone 2.1', 'That is done. Next, type: npm run milestone 2.1 and go on.'],
    ['npm run stage 4 restore 2', 'To bring it back: npm run stage 4 restore 2. What is there is kept.'],
    ['UPSTREAM_PORT=3001 npm run upstream', 'It is taken. Another port: UPSTREAM_PORT=3001 npm run upstream'],
    ['"npm run upstream"', 'Browse it while "npm run upstream" serves the port.'],
    ['npm run milestone 4.2 only 1 seed 7f3a', 'Again: npm run milestone 4.2 only 1 seed 7f3a, please.'],
    ['npm run solution 4 yes', 'To see it all the same, type npm run solution 4 yes.'],
    ['apt-get install chromium', 'On Debian, as root: apt-get install chromium'],
    ['chmod +x build/proxy', 'make it executable: chmod +x build/proxy'],
    ['npm run hint 4.2.1', 'Type npm run hint 3, or npm run hint 4.2.1, for the next one.'],
  ])('never breaks inside a command: %s', (command, text) => {
    for (let room = command.length + 2; room < 80; room += 1) {
      const lines = wrap(text, room);
      expect(lines.filter((line) => line.includes(command))).toHaveLength(1);
      expect(lines.filter((line) => line.length > room)).toEqual([]);
      expect(lines.join(' ')).toBe(text);
    }
  });

  it('ends a command before the rest of the sentence', () => {
    expect(wrap('npm run doctor says by which', 20)).toEqual(['npm run doctor says', 'by which']);
    expect(wrap('npm run stage 4 (closing well)', 20)).toEqual(['npm run stage 4', '(closing well)']);
  });

  it('is one empty line if there is no text', () => {
    expect(wrap('', 10)).toEqual(['']);
  });
});

it('puts a label before the first line and the others below the text', () => {
  expect(labelled('  Next', 8, 'write it now please', 16)).toEqual([
    '  Next  write it',
    '        now',
    '        please',
  ]);
});

it('fits a message to a terminal, and leaves it alone without one', () => {
  const message =
    'No check of your server has failed yet. Type first: npm run milestone 1.1\n  as it is: npm run proxy';
  expect(fitted(message, undefined)).toBe(message);
  expect(fitted(message, 0)).toBe(message);
  expect(fitted(message, 60).split('\n')).toEqual([
    'No check of your server has failed yet. Type first:',
    'npm run milestone 1.1',
    '  as it is: npm run proxy',
  ]);
});

it.each([
  ['npm run milestone 2.1 only 1 seed 7f3a', 'npm run milestone 2.1 only 1 seed 7f3a'],
  ['stages/stage-4-tcp-proxy/proxy.ts:157', 'look at stages/stage-4-tcp-proxy/proxy.ts:157 there'],
  ['npm run stage 4 diff solution', 'to compare: npm run stage 4 diff solution, if you like'],
])('moves to the left what would not fit below the text: %s', (whole, text) => {
  const lines = labelled('  Next', 14, text, 40);
  expect(lines[0]).toMatch(/^ {2}Next/);
  expect(lines.filter((line) => line.includes(whole))).toHaveLength(1);
  expect(lines.filter((line) => line.length > 40)).toEqual([]);
  expect(lines.map((line) => line.trim()).join(' ')).toMatch(new RegExp(`^Next +${text}$`));
});

describe('the output of a program', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m and \u001b[1;38;5;200mbold', 'red and bold'],
    ['cursor movements', 'a\u001b[2Jb\u001b[10;1Hc\u001b[?25ld', 'abcd'],
    ['window titles', '\u001b]0;owned\u0007after', 'after'],
    ['links, keeping their text', '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['single escapes', 'a\u001bcb\u001b', 'ab'],
    ['bells, backspaces, carriage returns and null bytes', 'a\u0007\b\r\u0000b', 'ab'],
    ['the 8-bit control characters', 'a\u009bb\u0085c\u007f', 'abc'],
  ])('loses its %s', (_what, text, harmless) => {
    expect(printable(text)).toBe(harmless);
  });

  it('keeps letters of all languages, and blanks for its tabs', () => {
    expect(printable('\tGrüße, 世界 ✓')).toBe('  Grüße, 世界 ✓');
  });

  it('has no control character left', () => {
    const all = Array.from({ length: 256 }, (_, code) => `\u001b${String.fromCharCode(code)}`).join('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    expect(printable(all + all)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});
