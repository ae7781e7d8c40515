/** Small files in .workshop/ that remember things from one command to the next. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workshopFolder } from '../root.ts';

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
  mkdirSync(workshopFolder, { recursive: true });
  const file = join(workshopFolder, name);
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(value, null, 2)}\n`);
  try {
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
