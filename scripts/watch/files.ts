/** Detects saved files. */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps; wait for a quiet period of this length, in ms. */
const QUIET_MS = 40;
/** But no longer than this since the first of them. */
const LONGEST_MS = 150;
/** Some file systems (network drives, folders shared with a virtual machine) report nothing: polling interval, in ms. */
const LOOK_MS = 150;
/** Source files of a program. A proxy may write other files, which must not restart it. */
const SOURCE = /^[^.].*\.[cm]?[jt]s$/;

/**
 * Calls back after each save of a program's file in a folder.
 *
 * @returns stops it
 */
export function onSave(folder: string, saved: () => void): () => void {
  let known = fingerprint(folder);
  let since: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    [since, timer] = [undefined, undefined];
    const now = fingerprint(folder);
    // Empty: an editor has moved the file away and is about to put the new one in its place.
    if (now === known || now === '') return;
    known = now;
    saved();
  };
  const touched = (): void => {
    clearTimeout(timer);
    since ??= performance.now();
    timer = setTimeout(settle, Math.max(0, Math.min(QUIET_MS, since + LONGEST_MS - performance.now())));
  };
  const watcher = watchFolder(folder, touched);
  const look = setInterval(() => {
    if (timer === undefined && fingerprint(folder) !== known) touched();
  }, LOOK_MS);
  return () => {
    clearTimeout(timer);
    clearInterval(look);
    watcher?.close();
  };
}

/** The folder and not the file: many editors save by putting a new file in place of the old one. */
function watchFolder(folder: string, touched: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, touched);
    // From then on only polling works.
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

/** Changes whenever one of the program's files does; empty while there is none. */
function fingerprint(folder: string): string {
  try {
    const names = readdirSync(folder).filter((name) => SOURCE.test(name));
    return names.map((name) => `${name} ${stampOf(join(folder, name))}`).join('\n');
  } catch {
    return '';
  }
}

function stampOf(file: string): string {
  const status = statSync(file, { throwIfNoEntry: false });
  return status === undefined ? 'gone' : `${status.ino} ${status.size} ${status.mtimeMs}`;
}
