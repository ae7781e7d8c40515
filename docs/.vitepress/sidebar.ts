/** What stands in the sidebar, and so in which order one reads: the course table, then the pages that there are. */
import { readdirSync, readFileSync } from 'node:fs';
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
  'a-kernel-of-our-own',
].map((name) => `docs/background/${name}.md`);
const reference = [
  'docs/reference/system-calls.md',
  'docs/glossary.md',
  'docs/troubleshooting.md',
  'docs/other-systems.md',
  'docs/use-another-language.md',
];
const teaching = ['docs/teach.md', 'docs/grade.md', 'docs/wrong-proxies.md'];

export interface Entry {
  text: string;
  link: string;
}

export interface Group {
  text: string;
  items: Entry[];
}

/** The groups of the sidebar; a group without pages is left out. */
export function sidebar(own = pages(), titleOf = headingOf): Group[] {
  const stages = course.map(({ doc }) => doc);
  const placed = new Set(['docs/README.md', ...stages, ...background, ...reference, ...teaching]);
  const others = own.filter((page) => !placed.has(page));
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
    .map(([text, items]) => ({
      text,
      items: items.filter((page) => own.includes(page)).map((page) => ({ text: titleOf(page), link: linkTo(page) })),
    }))
    .filter(({ items }) => items.length > 0);
}

function isStage(page: string): boolean {
  return /^docs\/stage-\d/.test(page);
}

/** Every handwritten page of the site, from the repository's root. */
export function pages(): string[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !/\/(\.|source\/)/.test(path))
    .sort();
}

function headingOf(page: string): string {
  const heading = /^# (.+)$/m.exec(readFileSync(join(root, page), 'utf8'))?.[1] ?? page;
  return heading.replaceAll('`', '');
}

function linkTo(page: string): string {
  return `/${page.replace(/^docs\//, '').replace(/\.md$/, '')}`.replace(/\/README$/, '/');
}
