/** Small files in .workshop/ that remember things from one command to the next. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workshopFolder, writeWhole } from '../root.ts';

/** The contents of such a file; undefined if it is missing or damaged. The caller checks the shape. */
export function readWorkshopFile(name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(workshopFolder, name), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes it atomically. */
export function writeWorkshopFile(name: string, value: unknown): void {
  writeWhole(join(workshopFolder, name), `${JSON.stringify(value, null, 2)}\n`);
}
