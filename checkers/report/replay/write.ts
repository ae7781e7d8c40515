/** Writes the replay of a milestone to .workshop/replay/. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workshopFolder } from '../../root.ts';
import type { MilestoneResult } from '../../run/run.ts';
import { replayData } from './data.ts';
import { renderPage } from './render.ts';

/**
 * Writes the page.
 *
 * @param result of a run with `record`; without it, passed checks have no steps
 * @returns absolute path of the file
 */
export async function writeReplay(result: MilestoneResult): Promise<string> {
  const folder = join(workshopFolder, 'replay');
  const path = join(folder, `${result.milestone.id}.html`);
  const page = await renderPage(replayData(result));
  mkdirSync(folder, { recursive: true });
  // Whole or not at all: a browser may be reloading it.
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, page);
  renameSync(unfinished, path);
  return path;
}
