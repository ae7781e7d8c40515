/**
 * Pages quote code and output between two comments, so that they can be read on GitHub as they are, and be brought up to
 * date from the files and commands that they quote:
 *
 *     <!-- snippet: FILE#NAME -->      <!-- output: npm run -s stage -->
 *     (a fenced block)                 (a fenced block)
 *     <!-- /snippet -->                <!-- /output -->
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../checkers/root.ts';
import { markdownFiles } from './links.ts';
import { comparable, outputOf, withCopy } from './outputs.ts';
import { reference, referencePage } from './reference.ts';
import { languageOf, snippet } from './snippets.ts';

const QUOTE = /^<!-- (snippet|output): (.+?) -->\n([\s\S]*?)^<!-- \/\1 -->$/gm;

/** Something that a page quotes. */
export interface Quote {
  kind: 'snippet' | 'output';
  /** FILE#NAME, or a command */
  reference: string;
  /** what stands in the page, without the fence */
  text: string;
}

/** Everything that a page quotes. */
export function quotesOf(page: string): Quote[] {
  return [...page.matchAll(QUOTE)].map(([, kind = '', reference = '', body = '']) => ({
    kind: kind as Quote['kind'],
    reference,
    text: /^```\w*\n([\s\S]*?)\n?```$/m.exec(body.trim())?.[1] ?? '',
  }));
}

/** A page with its snippets as they are now, and its outputs where `outputs` has newer ones. */
export function renewed(page: string, outputs: Map<string, string> = new Map()): string {
  return page.replaceAll(QUOTE, (all, kind: string, reference: string) => {
    const text = kind === 'snippet' ? snippet(reference) : outputs.get(reference);
    if (text === undefined) return all;
    const language = kind === 'snippet' ? languageOf(reference) : 'text';
    return `<!-- ${kind}: ${reference} -->\n\n\`\`\`${language}\n${text}\n\`\`\`\n\n<!-- /${kind} -->`;
  });
}

/** The pages that quote anything, from the repository's root. */
export function quotingPages(): string[] {
  return markdownFiles(root).filter((file) => quotesOf(readFileSync(join(root, file), 'utf8')).length > 0);
}

/** Rewrites every page whose quotes have changed; an output that differs only in its numbers is left alone. */
export async function syncPages(): Promise<string[]> {
  const pages = quotingPages().map((file) => ({ file, page: readFileSync(join(root, file), 'utf8') }));
  const shown = pages.flatMap(({ page }) => quotesOf(page)).filter(({ kind }) => kind === 'output');
  const outputs = new Map<string, string>();
  await withCopy(async (copy) => {
    for (const { reference, text } of shown) {
      const output = await outputOf(reference, copy);
      if (comparable(reference, output) !== comparable(reference, text)) outputs.set(reference, output);
    }
  });
  const wanted = pages.map(({ file, page }) => ({ file, page, text: renewed(page, outputs) }));
  const path = join(root, referencePage);
  wanted.push({ file: referencePage, page: existsSync(path) ? readFileSync(path, 'utf8') : '', text: reference() });
  const changed = wanted.filter(({ page, text }) => text !== page);
  for (const { file, text } of changed) writeFileSync(join(root, file), text);
  return changed.map(({ file }) => file);
}
