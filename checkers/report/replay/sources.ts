/** The learner's source for the page: only files of this workshop, not any path that a trace names. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, join, resolve, sep } from 'node:path';
import { fromRoot, root } from '../../root.ts';
import type { Candidate } from '../../run/candidate.ts';
import { escapeJson } from './escape.ts';
import { cleanText } from './model/events.ts';

const MAX_BYTES = 200_000;
const ENDINGS = new Set(['.ts', '.mts', '.js', '.mjs']);

/**
 * Reads source files.
 *
 * @param files paths as a trace names them, relative to the repository
 * @param candidate its own file is allowed at any path
 * @returns the text of the allowed files, up to a total size
 */
export function sourcesFor(
  files: Iterable<string>,
  candidate: Pick<Candidate, 'kind'> & { path?: string },
): Record<string, string> {
  const judged = candidate.path === undefined ? [] : [fromRoot(candidate.path)];
  const sources: Record<string, string> = {};
  let room = MAX_BYTES;
  for (const file of new Set([...judged, ...files])) {
    const text = readSource(file, judged[0], room);
    if (text === undefined) continue;
    // Line by line, since ends of lines are control characters too.
    const clean = text
      .split(/\r?\n/)
      .map((line) => cleanText(line.replaceAll('\t', '  '), 500))
      .join('\n');
    room -= escapeJson(clean).length;
    if (room >= 0) sources[file] = clean;
  }
  return sources;
}

function readSource(file: string, judged: string | undefined, room: number): string | undefined {
  try {
    const path = realpathSync(resolve(root, file));
    const homes = ['stages', 'solutions'].map((folder) => join(root, folder) + sep);
    const allowed = file === judged || homes.some((home) => path.startsWith(home));
    const { size } = statSync(path);
    if (!allowed || !ENDINGS.has(extname(path)) || size > room) return undefined;
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
