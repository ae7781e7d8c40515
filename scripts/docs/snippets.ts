/** Code that a page quotes, extracted from a compiled and checked file, with gaps for the learner. */
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { withoutMarks } from '../../checkers/course/skeleton.ts';
import { root } from '../../checkers/root.ts';

/** For each file and function: pieces of its code, and their replacements in a page. */
type Gaps = Record<string, Record<string, [piece: string, shown: string][]>>;

/** The file of the gaps. */
export const gapsFile = 'docs/snippets/gaps.json';

/**
 * A piece of a file, as a page shows it.
 *
 * @param reference path from the root and a name: 'solutions/stage-4-tcp-proxy/proxy.ts#createServer'. The name is that
 *   of a function, a constant or a region (`// region NAME` to `// endregion`), or 'structure': all signatures, and main
 * @returns its lines
 * @throws Error naming the reference, when there is no such thing or a gap does not fit
 */
export function snippet(reference: string): string {
  const [path = '', name = ''] = reference.split('#');
  const source = withoutMarks(readFileSync(join(root, path), 'utf8'));
  const found = name === 'structure' ? structure(source) : (region(source, name) ?? declaration(source, name));
  if (found === undefined) throw new Error(`${reference}: there is nothing of that name in the file`);
  return withGaps(found.replaceAll(/^export /gm, ''), reference);
}

/** The name of a file's language, for the fence around a snippet. */
export function languageOf(reference: string): string {
  return extname(reference.split('#')[0] ?? '').slice(1);
}

/** Every function and file that has gaps. */
export function gapReferences(): string[] {
  return Object.entries(readGaps()).flatMap(([path, names]) => Object.keys(names).map((name) => `${path}#${name}`));
}

function region(source: string, name: string): string | undefined {
  const match = new RegExp(`^( *)// region ${name}\\n([\\s\\S]*?)\\n *// endregion$`, 'm').exec(source);
  return match?.[2]?.replaceAll(new RegExp(`^${match[1]}`, 'gm'), '');
}

/** A top-level function or constant of TypeScript or C: it ends where a line begins with a closing bracket. */
function declaration(source: string, name: string): string | undefined {
  const heads = [
    `(?:export )?(?:async )?function ${name}\\(`,
    `(?:export )?(?:const|let) ${name}\\b`,
    `(?:static )?(?:const )?(?:int|void|bool|char|struct \\w+) \\*?${name}(?:\\(|\\[|;| =)`,
  ];
  const lines = source.split('\n');
  const head = new RegExp(`^(?:${heads.join('|')})`);
  const first = lines.findIndex((line) => head.test(line));
  if (first === -1) return undefined;
  const opens = /[{([]$/.test(lines[first] ?? '');
  const last = opens ? lines.findIndex((line, index) => index > first && /^[})\]]/.test(line)) : first;
  return lines.slice(first, last + 1).join('\n');
}

/** The outline of a program. */
function structure(source: string): string {
  // A learner's functions are exported; C has no such keyword.
  const signature = /^(?:export (function \w+\(.*\): [\w |]+)|(?:static )?((?:int|void|bool) \w+\(.*\))) \{$/gm;
  const found = [...source.matchAll(signature)].map((match) => match[1] ?? match[2] ?? '');
  const outline = found.filter((line) => !/\b(?:remove|forget|die|main)\(/.test(line)).map((line) => `${line} {}`);
  return [...outline, declaration(source, 'main') ?? ''].join('\n\n').trim();
}

function withGaps(text: string, reference: string): string {
  const [path = '', name = ''] = reference.split('#');
  let result = text;
  for (const [piece, shown] of readGaps()[path]?.[name] ?? []) {
    const parts = result.split(piece);
    if (parts.length !== 2) throw new Error(`${reference}: occurs ${parts.length - 1} times, not once:\n${piece}`);
    result = parts.join(shown);
  }
  return result;
}

function readGaps(): Gaps {
  return JSON.parse(readFileSync(join(root, gapsFile), 'utf8'));
}
