/** Checks that link targets in the repository's markdown files exist, without network access. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { anchorsOf, linksOf } from './markdown.ts';

const SKIPPED = new Set(['node_modules', '.workshop', '.git', 'coverage']);

/** Every markdown file below a folder, as paths from there. */
export function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return markdownFiles(path).map((name) => join(entry.name, name));
      return entry.name.endsWith('.md') ? [entry.name] : [];
    })
    .sort();
}

/**
 * What is wrong with the links of one file.
 *
 * @param root the repository
 * @param file path from there
 * @returns a sentence for each link that leads nowhere and each picture without words, with file and line
 */
export function brokenLinks(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return linksOf(text).flatMap(({ line, href, alt }) => {
    const fault = alt?.trim() === '' ? 'a picture without alternative text' : faultOf(root, file, text, href);
    return fault === undefined ? [] : [`${file}:${line}: ${href}: ${fault}`];
  });
}

function faultOf(root: string, file: string, text: string, href: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/.test(href)) return undefined;
  if (href.startsWith('/')) return 'begins with /, which GitHub and the site read differently';
  const [path = '', anchor] = decodeURI(href).split('#');
  const target = path === '' ? join(root, file) : join(root, dirname(file), path);
  if (relative(root, target).startsWith('..')) return 'leads out of the repository';
  if (!existsSync(target)) return 'does not exist';
  if (anchor === undefined || anchor === '') return undefined;
  if (!target.endsWith('.md') || statSync(target).isDirectory()) return 'has an anchor, but is no markdown file';
  const anchors = anchorsOf(path === '' ? text : readFileSync(target, 'utf8'));
  return anchors.includes(anchor) ? undefined : `has no heading for #${anchor}`;
}
