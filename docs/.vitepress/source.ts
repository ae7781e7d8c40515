/** Files of the repository that a page links to, as pages of the site. On GitHub the link leads to the file itself. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, posix } from 'node:path';
import { withoutMarks } from '../../checkers/course/skeleton.ts';
import { root } from '../../checkers/root.ts';
import { pages } from './sidebar.ts';

const languages: Record<string, string> = {
  '.ts': 'ts',
  '.mjs': 'js',
  '.c': 'c',
  '.py': 'python',
  '.json': 'json',
  '.md': 'md',
  '.html': 'html',
};

/** The path of the page that shows a file, without its ending. */
export function sourcePage(file: string): string {
  return `source/${file}`;
}

/** Everything that a page of docs/ links to and that is no page itself: files and folders. */
export function linkedFiles(): string[] {
  const found = new Set<string>();
  for (const page of pages()) {
    const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
    for (const [, href = ''] of text.matchAll(/(?<!!)\[[^\]]*\]\(([^)\s]+)\)/g)) {
      if (/^([a-z]+:|#|\/)/.test(href)) continue;
      const path = href.split('#')[0] ?? '';
      const target = posix.normalize(posix.join(posix.dirname(page), path)).replace(/\/$/, '');
      if (target.startsWith('docs/') && target.endsWith('.md')) continue;
      if (statSync(join(root, target), { throwIfNoEntry: false })) found.add(target);
    }
  }
  return [...found].sort();
}

/** What the page of a file or folder shows, as markdown. */
export function shown(path: string): string {
  if (isFolder(path)) {
    const list = filesOf(path).map((name) => `- \`${name}\``);
    return [`# ${path}/`, '', 'A folder of the repository, with these files:', '', ...list].join('\n');
  }
  const text = withoutMarks(readFileSync(join(root, path), 'utf8'));
  const language = languages[extname(path)] ?? 'text';
  // One backtick more than the longest row of them in the file.
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([row]) => row.length));
  const fence = '`'.repeat(longest + 1);
  return [
    `# ${posix.basename(path)}`,
    '',
    `The file \`${path}\`, as it was when this site was built:`,
    '',
    `${fence}${language}`,
    text.trimEnd(),
    fence,
  ].join('\n');
}

function isFolder(path: string): boolean {
  return statSync(join(root, path)).isDirectory();
}

/** The files of a folder that are worth reading: no tests, no folders. */
function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map(({ name }) => name)
    .sort();
}
