/** Text blocks of a page that no command of ours prints: excerpts of other programs, drawings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../checkers/root.ts';
import { markdownFiles } from './links.ts';

const OUTPUT = /^<!-- output: .+? -->\n[\s\S]*?^<!-- \/output -->$/gm;

/** One such block. */
export interface Excerpt {
  /** from the repository's root */
  file: string;
  text: string;
}

/** All of them, in the order of the pages. */
export function excerpts(): Excerpt[] {
  return markdownFiles(root)
    .filter((file) => file.startsWith('docs/'))
    .flatMap((file) => {
      const page = readFileSync(join(root, file), 'utf8').replaceAll(OUTPUT, '');
      return [...page.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, text = '']) => ({ file, text }));
    });
}

/** The commands of a page, one block of them each. */
export function commandsOf(file: string): string[] {
  const page = readFileSync(join(root, file), 'utf8');
  return [...page.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
}
