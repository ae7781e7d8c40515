/** Detects saved files. */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { importsOf } from './imports.ts';

/** Editors write a file in several steps; wait for a quiet period of this length, in ms. */
const QUIET_MS = 40;
/** But no longer than this since the first of them. */
const LONGEST_MS = 150;
/** An editor may move a file away and put the new one in its place; a file that is missing for longer is deleted, in ms. */
const GONE_MS = 300;
/**
 * Polling interval, in ms: for files in other folders, and for file systems that report nothing (network drives, folders
 * shared with a virtual machine).
 */
const LOOK_MS = 150;
/** Source files of a program. A proxy may write other files, which must not restart it. */
const SOURCE = /^[^.].*\.[cm]?[jt]s$/;
/** The stamp of a file that does not exist. */
const GONE = 'gone';
/** The stamp of a file that has to be looked at. */
const UNSEEN = 'unseen';

/**
 * Calls back after each save of a program: of any source file in its folder, and of any file that it imports.
 *
 * @param entry absolute path of the program
 * @returns stops it
 */
export function onSave(entry: string, saved: () => void): () => void {
  const folder = dirname(entry);
  /** Each file's stamp at the last save. */
  const known = new Map<string, string>();
  let since: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let following: Promise<void> | undefined;

  /** The files that differ from the last save, with their stamps. */
  const changes = (): [string, string][] => {
    const files = [...new Set([...known.keys(), ...sourcesIn(folder)])];
    const stamps = files.map((file): [string, string] => [file, stampOf(file)]);
    return stamps.filter(([file, stamp]) => stamp !== (known.get(file) ?? GONE));
  };
  /** Also watches what the program imports by now. A file that has changed meanwhile counts as saved. */
  const follow = async (): Promise<void> => {
    // The next whole millisecond: Date.now() is rounded down, and the time of a file that was just written is not.
    const begun = Date.now() + 1;
    await following;
    const { files, complete } = await importsOf(entry);
    for (const file of files) if (!known.has(file)) known.set(file, isNewer(file, begun) ? UNSEEN : stampOf(file));
    if (!complete) return;
    const needed = new Set([...files, ...sourcesIn(folder)]);
    for (const file of known.keys()) if (!needed.has(file)) known.delete(file);
  };
  const settle = (): void => {
    const changed = changes();
    const age = performance.now() - (since ?? 0);
    if (changed.some(([, stamp]) => stamp === GONE) && age < GONE_MS) {
      timer = setTimeout(settle, GONE_MS - age);
      return;
    }
    [since, timer] = [undefined, undefined];
    // Without the program there is nothing to judge.
    if (changed.length === 0 || stampOf(entry) === GONE) return;
    for (const [file, stamp] of changed) known.set(file, stamp);
    // Beside the run: the bundler may take seconds on a busy machine.
    following = follow();
    saved();
  };
  const touched = (): void => {
    clearTimeout(timer);
    since ??= performance.now();
    timer = setTimeout(settle, Math.max(0, Math.min(QUIET_MS, since + LONGEST_MS - performance.now())));
  };

  for (const [file, stamp] of changes()) known.set(file, stamp);
  following = follow();
  const watcher = watchFolder(folder, touched);
  const look = setInterval(() => {
    if (timer === undefined && changes().length > 0) touched();
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

function sourcesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => SOURCE.test(name));
    return names.map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** @param since in ms since 1970 */
function isNewer(file: string, since: number): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > since;
}

/** Changes whenever the file does. */
function stampOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return GONE;
  }
}
