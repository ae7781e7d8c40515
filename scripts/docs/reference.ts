/** The reference of the system calls, written from the comments of linux/. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../checkers/root.ts';

/** Where the page is. */
export const referencePage = 'docs/reference/system-calls.md';

/** Files in the order in which a reader meets them, with their part of the page. */
const CHAPTERS: [file: string, heading: string][] = [
  ['socket.ts', 'Making and configuring sockets'],
  ['io.ts', 'Moving bytes, and giving descriptors back'],
  ['pipe.ts', 'Pipes, and moving bytes inside the kernel'],
  ['epoll.ts', 'Waiting for many descriptors'],
  ['signalfd.ts', 'Signals'],
  ['libc.ts', 'Errors'],
  ['address.ts', 'Addresses'],
];

/** An exported name and the comment above it. */
interface Documented {
  name: string;
  /** 'recv(sockfd, buffer, length, flags)'; of a constant its name */
  call: string;
  comment: string;
}

/** The whole page. */
export function reference(): string {
  const lines = [
    '# System calls',
    '',
    '<!-- Written by npm run docs:sync from the comments in linux/. Change those. -->',
    '',
    "What `import { … } from '#linux'` offers. Names, arguments and results are those of the manual pages: where a call",
    'fails it returns `-1`, and `errno()` then says why. The same text is shown by your editor when you point at a call.',
    '',
    ...CHAPTERS.flatMap(([file, heading]) => [`## ${heading}`, '', ...documented(file).flatMap(entry)]),
    '## Constants',
    '',
    '| name | what it is for | manual page |',
    '| --- | --- | --- |',
    ...documented('constants.ts').map(constant),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Everything that a file of linux/ exports to learners, in its order. */
function documented(file: string): Documented[] {
  const text = readFileSync(join(root, 'linux', file), 'utf8');
  const index = readFileSync(join(root, 'linux', 'index.ts'), 'utf8');
  const pattern =
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:(?:const|let) (\w+) = bindCall<\[([^\]]*)\]>|function (\w+)\(([\s\S]*?)\): |const (\w+))/g;
  return [...text.matchAll(pattern)]
    .map(([, comment = '', bound, boundArgs = '', fn, fnArgs = '', plain]) => {
      const name = bound ?? fn ?? plain ?? '';
      return {
        name,
        call: plain ? name : `${name}(${argumentNames(bound ? boundArgs : fnArgs)})`,
        comment: clean(comment),
      };
    })
    .filter(({ name }) => file === 'constants.ts' || new RegExp(`\\b${name}\\b`).test(index));
}

function argumentNames(text: string): string {
  return text
    .split(',')
    .map((part) => /^\s*(\w+)/.exec(part)?.[1])
    .filter(Boolean)
    .join(', ');
}

/** A comment without its stars. */
function clean(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^ *\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

function entry({ name, call, comment }: Documented): string[] {
  const [about = '', ...tags] = comment
    .split(/\n(?=@)|^(?=@)/m)
    .map((part) => part.replaceAll(/\s*\n\s*/g, ' ').trim());
  const tagged = (tag: string) =>
    tags.filter((text) => text.startsWith(`@${tag} `)).map((text) => text.slice(tag.length + 2));
  const params = tagged('param').map((text) => {
    const [param = '', ...words] = text.split(' ');
    return `| \`${param}\` | ${cell(words.join(' '))} |`;
  });
  return [
    `### ${name}`,
    '',
    '```ts',
    call,
    '```',
    '',
    prose(about),
    '',
    ...(params.length > 0 ? ['| argument | meaning |', '| --- | --- |', ...params, ''] : []),
    ...tagged('returns').flatMap((text) => [`**Returns** ${prose(text)}`, '']),
    ...tagged('throws').flatMap((text) => [`**Throws** ${prose(text)}`, '']),
    ...tagged('see').flatMap((text) => [`**Manual** ${text.split(', ').map(manual).join(', ')}`, '']),
  ];
}

function constant({ name, comment }: Documented): string {
  const text = comment.replaceAll(/\s*\n\s*/g, ' ');
  const page = /See (\w+\(\d\))\.$/.exec(text)?.[1] ?? '';
  return `| \`${name}\` | ${cell(text.replace(/ ?See \w+\(\d\)\.$/, ''))} | ${page ? manual(page) : ''} |`;
}

/** Escapes markdown in comments. */
function prose(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll(/(?<![`\w])([A-Z]{2,}_\w+|E[A-Z]{4,}\w*)(?![`\w])/g, '`$1`');
}

function cell(text: string): string {
  return prose(text).replaceAll('|', '\\|');
}

/** 'recv(2)' as a link to the page at man7.org. */
function manual(page: string): string {
  const match = /^(\w+)\((\w+)\)$/.exec(page.trim());
  if (match === null) return page;
  const [, name = '', section = ''] = match;
  return `[${page}](https://man7.org/linux/man-pages/man${section[0]}/${name}.${section}.html)`;
}
