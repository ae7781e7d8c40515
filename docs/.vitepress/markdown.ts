/**
 * What the site does to a page that GitHub does not: neighbouring TypeScript and C become tabs, links that leave docs/
 * lead to a page that shows the file, and the place of an interactive picture gets it.
 */
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { MarkdownOptions } from 'vitepress';
import { root } from '../../checkers/root.ts';
import { sourcePage } from './source.ts';

type Markdown = Parameters<NonNullable<MarkdownOptions['config']>>[0];

/** Two fenced blocks with nothing but comments between them, TypeScript first. No line of either begins with a fence. */
const NEIGHBOURS = /^```ts\n((?:(?!```).*\n)*)```\n((?:\s|<!--.*?-->)*)^```c\n((?:(?!```).*\n)*)```$/gm;
/** A picture that moves on the site: the comment, and the still picture that stands for it elsewhere, and where scripts do not run. */
const INTERACTIVE = /^<!-- interactive: (\w+) -->\n+(!\[[^\]]*\]\([^)]*\))$/gm;

/**
 * A page as the site wants it.
 *
 * @param text the markdown of a page
 * @returns the same with tabs and moving pictures
 */
export function rewritten(text: string): string {
  return text
    .replaceAll(
      NEIGHBOURS,
      (_all, ts: string, between: string, c: string) =>
        `::: code-group\n\n\`\`\`ts [TypeScript]\n${ts}\`\`\`\n\n\`\`\`c [C]\n${c}\`\`\`\n\n:::\n${between.trim()}`,
    )
    .replaceAll(
      INTERACTIVE,
      (_all, name: string, still: string) => `<${name} />\n\n<div class="still">\n\n${still}\n\n</div>`,
    );
}

/**
 * Where a link leads on the site.
 *
 * @param href as it stands in the page
 * @param page the page's path from the repository's root
 * @returns the same for links within docs/ and to elsewhere on the net
 */
export function siteLink(href: string, page: string): string {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const target = posix.normalize(posix.join(posix.dirname(page), path)).replace(/\/$/, '');
  const isPage = target.startsWith('docs/') && target.endsWith('.md');
  if (isPage || !existsSync(join(root, target))) return href;
  return `/${sourcePage(target)}.md${anchor ? `#${anchor}` : ''}`;
}

/** Teaches the site's markdown all of that. */
export function forTheSite(markdown: Markdown): void {
  markdown.core.ruler.before('normalize', 'workshop-tabs', (state) => {
    state.src = rewritten(state.src.replaceAll('\r\n', '\n'));
  });
  markdown.core.ruler.push('workshop-links', (state) => {
    const page = posix.join('docs', state.env.relativePath ?? '');
    for (const token of state.tokens.flatMap((block) => block.children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href) token.attrSet('href', siteLink(href, page));
    }
  });
}
