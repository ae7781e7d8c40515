/** The language is a wish: what there is of it is spoken, the rest is English. */
import { expect, it } from 'vitest';
import { en } from './en/index.ts';
import { filled, languageOf, type Translation, translationTo } from './language.ts';

/** Not a language: some ids in capitals, to see them come. */
const loud: Translation = {
  causes: {
    closing: {
      recvReturned: 'RECV() RETURNED 0',
      closedTwice: (fd) => `DESCRIPTOR ${fd} TWICE`,
    },
  },
};

function spoken(wish: string | undefined): { text: typeof en; said: string[] } {
  const said: string[] = [];
  return {
    text: filled(
      en,
      translationTo(languageOf(wish), { xx: loud }, (line) => said.push(line)),
    ),
    said,
  };
}

it.each(['xx', 'XX', 'xx_YY.UTF-8', 'xx-YY', ' xx@latin '])('%j asks for the language xx', (wish) => {
  const { text, said } = spoken(wish);
  expect(text.causes.closing.closedTwice(7)).toBe('DESCRIPTOR 7 TWICE');
  expect(said).toEqual([]);
});

it('takes English for each id that the translation lacks', () => {
  const { text } = spoken('xx');
  expect(text.causes.closing.recvReturned).toBe('RECV() RETURNED 0');
  expect(text.causes.closing.theClient).toBe(en.causes.closing.theClient);
  expect(text.causes.sending).toEqual(en.causes.sending);
  expect(Object.keys(text)).toEqual(Object.keys(en));
});

it.each([undefined, '', 'en', 'en_GB.UTF-8', 'C', 'C.UTF-8', 'POSIX'])('%j means English, without a word', (wish) => {
  const { text, said } = spoken(wish);
  expect(text).toBe(en);
  expect(said).toEqual([]);
});

it.each(['tlh', 'constructor', '__proto__', '42', "x';y"])(
  'says that it does not know %j, and speaks English',
  (wish) => {
    const { text, said } = spoken(wish);
    expect(text).toBe(en);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('It knows: en, xx. To add a language: docs/translating.md');
  },
);
