/** Writes the integrity page of a class. */
import { join } from 'node:path';
import type { Stage } from '../../course/course.ts';
import { INTEGRITY_PAGE } from '../batch/reports.ts';
import { writeDurably } from '../contract/durable.ts';
import type { Submission } from '../contract/submission.ts';
import { examine, type Integrity } from './examine.ts';
import { integrityHtml } from './page.ts';
import { type Source, sourceOf } from './sources.ts';

/**
 * Compares the hand-ins of a class, and writes the page.
 *
 * @param folder of the results; it has to be there
 * @param library earlier hand-ins, to compare with
 * @returns what was found, and the path of the page
 * @throws BatchError when it cannot be written
 */
export async function writeIntegrity(
  folder: string,
  stage: Stage,
  submissions: Submission[],
  library: Submission[] = [],
): Promise<{ found: Integrity; path: string }> {
  const found = examine(stage, await sourcesOf(submissions, stage), await sourcesOf(library, stage));
  const path = join(folder, INTEGRITY_PAGE);
  writeDurably(path, integrityHtml(found));
  return { found, path };
}

async function sourcesOf(submissions: Submission[], stage: Stage): Promise<Source[]> {
  const sources: Source[] = [];
  for (const submission of submissions) {
    const source = await sourceOf(submission, stage);
    if (source !== undefined) sources.push(source);
  }
  return sources;
}

/** 'integrity: 2 with text of the course, 1 pair that stands out, 3 without #linux' */
export function integrityLine({ ours, pairs, withoutLinux }: Integrity): string {
  const parts = [
    `${ours.length} with text of the course`,
    `${pairs.length} ${pairs.length === 1 ? 'pair stands' : 'pairs stand'} out`,
    `${withoutLinux.length} without #linux`,
  ];
  return `Integrity: ${parts.join(', ')}`;
}
