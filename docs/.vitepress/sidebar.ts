/** What stands in the sidebar, and so in which order one reads: the course table, then the pages that there are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { course } from '../../checkers/course/course.ts';
import { root } from '../../checkers/root.ts';

/** Pages that have a good place; where one does not exist it is left out, and others follow in their folder's group. */
const background = [
  'sockets-and-descriptors',
  'tcp-in-ten-minutes',
  'blocking-and-non-blocking',
  'epoll',
  'streams-have-no-messages',
  'what-send-returns',
  'closing-a-connection',
].map((name) => `docs/background/${name}.md`);
const reference = [
  'docs/reference/system-calls.md',
  'docs/glossary.md',
  'docs/troubleshooting.md',
  'docs/other-systems.md',
  'docs/use-another-language.md',
];
const teaching = ['docs/teach.md', 'docs/wrong-proxies.md'];

export interface Entry {
  text: string;
  link: string;
}

export interface Group {
  text: string;
  items: Entry[];
}

/** The groups of the sidebar; a group without pages is left out. */
export function sidebar(): Group[] {
  const stages = course.map(({ doc }) => doc);
  const placed = new Set([...stages, ...background, ...reference, ...teaching, 'docs/README.md']);
  const others = pages().filter((page) => !placed.has(page));
  const inFolder = (folder: string) => others.filter((page) => page.startsWith(`docs/${folder}/`));
  const rest = others.filter((page) => !/^docs\/(background|reference)\//.test(page));
  const groups: [string, string[]][] = [
    ['Start', ['docs/README.md']],
    // A stage's page may be there before its row in the course table is.
    ['Stages', [...new Set([...rest.filter(isStage), ...stages])].sort()],
    ['Background', [...background, ...inFolder('background')]],
    ['Look up', [...reference, ...inFolder('reference')]],
    ['For instructors', teaching],
    ['More', rest.filter((page) => !isStage(page))],
  ];
  return groups
    .map(([text, items]) => ({ text, items: items.filter((page) => existsSync(join(root, page))).map(entryOf) }))
    .filter(({ items }) => items.length > 0);
}

function isStage(page: string): boolean {
  return /^docs\/stage-\d/.test(page);
}

/** Every page of the site that somebody wrote, from the repository's root. */
export function pages(): string[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !/\/(\.|source\/)/.test(path))
    .sort();
}

function entryOf(page: string): Entry {
  const heading = /^# (.+)$/m.exec(readFileSync(join(root, page), 'utf8'))?.[1] ?? page;
  const link = `/${page.replace(/^docs\//, '').replace(/\.md$/, '')}`;
  return { text: heading.replaceAll('`', ''), link: link === '/README' ? '/' : link };
}
