/**
 * Blackboard: one flat folder with `Assignment_login_attempt_YYYY-MM-DD-HH-MM-SS_file` for each file, and
 * `Assignment_login_attempt_YYYY-MM-DD-HH-MM-SS.txt` for each attempt, which names the student and the files. The times are
 * the server's, without a zone.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from '../../contract/submission.ts';
import { type Attempt, emptyReading, isFolder, type Reader } from './reading.ts';

const ENTRY = /^(?<key>(?<before>.+)_attempt_(?<time>\d{4}(?:-\d\d){5}))(?:_(?<file>.+)|(?<receipt>\.txt))?$/s;
/** A receipt is a page of text. */
const MAX_RECEIPT = 2 ** 20;

/** What a receipt says. */
interface Receipt {
  name?: string;
  login?: string;
  /** the student's own name of each file, by its name in the export */
  originals: Map<string, string>;
}

/** Reads 'Assignment File Download' of Blackboard's grade centre. */
export const readBlackboard: Reader = (folder, names) => {
  const reading = emptyReading();
  const entries = names.flatMap((name) => {
    const groups = ENTRY.exec(name)?.groups;
    return groups === undefined || isFolder(join(folder, name)) ? [] : [{ name, ...groups }];
  }) as { name: string; key: string; before: string; time: string; file?: string; receipt?: string }[];
  const receipts = new Map(
    entries.flatMap(({ name, key, receipt }) =>
      receipt === undefined ? [] : [[key, receiptOf(join(folder, name))] as const],
    ),
  );
  const attempts = new Map<string, Attempt>();
  for (const { name, key, before, time, file, receipt } of entries) {
    reading.known.add(name);
    const said = receipts.get(key);
    const login = said?.login ?? before.slice(before.lastIndexOf('_') + 1);
    const attempt = attempts.get(key) ?? attemptOf(login, said?.name ?? login, time);
    attempts.set(key, attempt);
    if (receipt === undefined) attempt.parts.push(partOf(folder, name, file, said));
  }
  reading.attempts.push(...attempts.values());
  return entries.length === 0 ? null : reading;
};

function attemptOf(id: string, name: string, time: string): Attempt {
  const [year, month, day, hour, minute, second] = time.split('-');
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  return { id, name, also: [], at, order: 1, late: false, parts: [], texts: [] };
}

function partOf(folder: string, name: string, file: string | undefined, receipt: Receipt | undefined): Part {
  const original = receipt?.originals.get(name) ?? file ?? name;
  return { name: original.replaceAll(/[/\\]/g, '_'), path: join(folder, name) };
}

function receiptOf(path: string): Receipt {
  const originals = new Map<string, string>();
  if (statSync(path).size > MAX_RECEIPT) return { originals };
  const lines = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  // A comment may contain lines that look like these: the name is in the first line, the files are at the end.
  const [, name = '', login] = /^Name:\s*(.*?)\s*\(([^()]+)\)\s*$/.exec(lines[0] ?? '') ?? [];
  for (const [index, line] of lines.entries()) {
    const [, original] = /^\s*Original filename:\s*(.+?)\s*$/.exec(line) ?? [];
    const [, stored] = /^\s*Filename:\s*(.+?)\s*$/.exec(lines[index + 1] ?? '') ?? [];
    if (original !== undefined && stored !== undefined) originals.set(stored, original);
  }
  return { ...(login !== undefined && { login, name: name || login }), originals };
}
