/** The isolation level of the last run on this machine, so that a drop can be reported. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workshopFolder } from '../../root.ts';
import { ISOLATION_LEVELS, type Isolation } from '../contract/result.ts';

const path = join(workshopFolder, 'grade-isolation');

/** The level of the last run; undefined before the first one. */
export function lastLevel(file = path): Isolation | undefined {
  try {
    const name = readFileSync(file, 'utf8').trim();
    return ISOLATION_LEVELS.find((level) => level === name);
  } catch {
    return undefined;
  }
}

/** Stores the level for the next run. If it cannot be written, the next run does not compare. */
export function rememberLevel(level: Isolation, file = path): void {
  try {
    mkdirSync(workshopFolder, { recursive: true });
    writeFileSync(file, `${level}\n`);
  } catch {
    // A read-only workshop still grades.
  }
}
