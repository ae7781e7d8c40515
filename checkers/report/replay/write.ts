/** Writes the replay of a milestone to .workshop/replay/. */
import { join } from 'node:path';
import { workshopFolder, writeWhole } from '../../root.ts';
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
  const path = join(workshopFolder, 'replay', `${result.milestone.id}.html`);
  // A browser may be reloading it.
  writeWhole(path, await renderPage(replayData(result)));
  return path;
}
