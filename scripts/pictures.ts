/** npm run pictures: redraws the pictures in assets/, and takes the screenshot of the Python server. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { svg } from '../assets/pictures/draw.ts';
import { pictures } from '../assets/pictures/index.ts';
import { chromiumPath } from '../checkers/harness/chromium.ts';
import { fromRoot, root } from '../checkers/root.ts';
import { readWords } from './command-line.ts';
import { takeScreenshot } from './docs/screenshot.ts';
import { reportErrors } from './report-errors.ts';

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    const { switches } = readWords(typed, { switches: ['screenshot'], options: [], plain: 0 });
    const drawn = pictures.filter(({ name }, index) => draw(join(root, 'assets', `${name}.svg`), index));
    process.stdout.write(`${drawn.length} of ${pictures.length} pictures have changed.\n`);
    return switches.has('screenshot') ? screenshot() : 0;
  });
}

/** Writes a picture if it has changed; returns whether it did. */
function draw(path: string, index: number): boolean {
  const picture = pictures[index];
  if (picture === undefined) return false;
  const text = svg(picture);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return true;
}

/** A screenshot differs each time, so it is taken only on request. */
async function screenshot(): Promise<number> {
  const browser = chromiumPath();
  if (browser === undefined) {
    process.stderr.write('The screenshot needs Chromium. On Debian: apt-get install chromium\n');
    return 2;
  }
  const path = join(root, 'assets', 'stage-4', 'python-server.png');
  await takeScreenshot(browser, path);
  process.stdout.write(`Taken: ${fromRoot(path)}\n`);
  return 0;
}
