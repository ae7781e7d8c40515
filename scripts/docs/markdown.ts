/** Links and anchors of a markdown file, as GitHub renders it. */
import GithubSlugger from 'github-slugger';

/** A link or picture. */
export interface Link {
  /** from 1 */
  line: number;
  href: string;
  /** alternative text of a picture */
  alt?: string;
}

/** The text of a file without its code blocks and, if wanted, comments; lines stay where they are. */
export function prose(text: string): string {
  const blank = (match: string) => match.replaceAll(/[^\n]/g, '');
  return text.replaceAll(/^( *)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1\2`*$/gm, blank).replaceAll(/<!--[\s\S]*?-->/g, blank);
}

/**
 * The anchors of a file, without '#'.
 *
 * @param text its markdown
 */
export function anchorsOf(text: string): string[] {
  const slugger = new GithubSlugger();
  return [...prose(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map((match) => slugger.slug(plain(match[1] ?? '')));
}

/** The text of a heading: links become their text, and markup for code and emphasis is removed. */
function plain(heading: string): string {
  return heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '')
    .replaceAll(/(?<!\w)_(.+?)_(?!\w)/g, '$1');
}

/** All links and pictures. */
export function linksOf(text: string): Link[] {
  const clean = prose(text).replaceAll(/`[^`\n]*`/g, (match) => ' '.repeat(match.length));
  const lineAt = (index: number) => clean.slice(0, index).split('\n').length;
  const pictures = [...clean.matchAll(/!\[([^\]]*)\]\(\s*([^)\s]+)[^)]*\)/g)].map(
    ({ index, 1: alt = '', 2: href = '' }) => ({
      line: lineAt(index),
      href,
      alt,
    }),
  );
  // A picture can be the text of a link.
  const words = clean.replaceAll(/!\[[^\]]*\]\([^)]*\)/g, (match) => match.replaceAll(/[^\n]/g, '-'));
  const links = [...words.matchAll(/\[[^\]]*\]\(\s*([^)\s]+)[^)]*\)/g)].map(({ index, 1: href = '' }) => ({
    line: lineAt(index),
    href,
  }));
  const tags = [...clean.matchAll(/<(a|img)\b[^>]*?\b(?:href|src)="([^"]+)"[^>]*>/g)].map(
    ({ index, 0: tag, 1: name, 2: href = '' }) => ({
      line: lineAt(index),
      href,
      ...(name === 'img' && { alt: /\balt="([^"]*)"/.exec(tag)?.[1] ?? '' }),
    }),
  );
  return [...pictures, ...links, ...tags];
}
