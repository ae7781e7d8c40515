/** Every message has an entry in docs/troubleshooting.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../checkers/root.ts';
import { asShown, messages, messagesOf } from './messages.ts';

const page = readFileSync(join(root, 'docs', 'troubleshooting.md'), 'utf8').replaceAll(/\s+/g, ' ');

it('finds messages in the source: thrown, printed, made by a function', () => {
  const [number, word] = ['$'.concat('{number}'), '$'.concat('{word}')];
  const source = [
    `throw new WordsError(\`There is no stage ${number} yet.\`);`,
    "process.stderr.write('The packages are not there.\\n');",
    'throw new WordsError(unknown(word));',
    `function unknown(word: string): string { return \`'${word}' is no word of ours.\`; }`,
    "throw new Error('a fault of our own, for us alone');",
  ];
  expect(messagesOf('a.ts', source.join('\n')).map(({ text }) => asShown(text))).toEqual([
    'There is no stage … yet.',
    'The packages are not there.',
    "'…' is no word of ours.",
  ]);
  expect(messages().length).toBeGreaterThan(20);
});

it.each(messages())('docs/troubleshooting.md has an entry for a message of $file: $text', ({ text }) => {
  const entry = `\`${asShown(text)}\``;
  expect(page.includes(entry), `add an entry that begins with **${entry}**`).toBe(true);
});

it('has no entry for a message of ours that is gone', () => {
  const [ours = ''] = page.split('## Messages of your own program');
  const entries = [...ours.matchAll(/\*\*`([^`]+)`\*\*/g)].map((match) => match[1] ?? '');
  const known = messages().map(({ text }) => asShown(text));
  expect(entries.filter((entry) => !known.includes(entry))).toEqual([]);
});
