/** The files that a command starts, by the words of the command and of its complaints: why one of them cannot start. */
import { closeSync, constants, existsSync, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { StartedFile } from '../contract/check.ts';

/** Limits the work for a command with many words. */
const MAX_FILES = 8;
const MAX_WORDS = 200;
/** The kernel reads 256 bytes of a file to find its interpreter; see execve(2). */
const HEAD_BYTES = 256;
const ELF = Buffer.from('\x7fELF', 'latin1');

/**
 * Looks at the files that exist under a word of a command or of what it printed. A submission chooses these words, so
 * only files below its own folder count: the first line of no other file gets into a report.
 *
 * @param command a line for a shell
 * @param cwd the folder in which it was started
 * @param lines what it printed, with the paths as printed
 */
export function startedFiles(command: string, cwd: string, lines: string[]): StartedFile[] {
  const names = new Set([command, ...lines].flatMap(namesIn).slice(0, MAX_WORDS));
  return [...names].flatMap((name) => lookAt(name, cwd) ?? []).slice(0, MAX_FILES);
}

/** 'env PORT=1 "./my proxy.sh"' and 'sh: 1: ./run.sh: not found': quoted words, pieces between colons, words. */
function namesIn(line: string): string[] {
  const quoted = Array.from(line.matchAll(/'([^']+)'|"([^"]+)"|‘([^’]+)’/g), ([, a, b, c]) => a ?? b ?? c ?? '');
  return [...quoted, ...line.split(': '), ...line.split(/[\s'"`‘’;&|()<>:,=]+/)].filter((name) => name !== '');
}

function lookAt(path: string, cwd: string): StartedFile | undefined {
  const own = ownPath(path, cwd);
  if (own !== undefined && statSync(own, { throwIfNoEntry: false })?.isDirectory()) {
    return { path, kind: 'folder', firstLine: '' };
  }
  const head = own === undefined ? undefined : headOf(own);
  if (head === undefined) return undefined;
  if (head.subarray(0, ELF.length).equals(ELF)) return { path, kind: 'program', firstLine: '' };
  const [firstLine = ''] = head.toString('utf8').split('\n', 1);
  const interpreter = /^#! *(\/[^\s]*)/.exec(firstLine)?.[1];
  const missing = interpreter !== undefined && !existsSync(interpreter);
  return { path, kind: 'text', firstLine, ...(missing && { missing: interpreter }) };
}

/** Where the file really lies, if that is below this folder. */
function ownPath(path: string, cwd: string): string | undefined {
  try {
    const real = realpathSync(resolve(cwd, path));
    return real.startsWith(realpathSync(cwd) + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}

/** The beginning of a regular file; undefined if there is none. A submission can put anything there: a pipe, a device. */
function headOf(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(file).isFile()) return undefined;
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.subarray(0, readSync(file, bytes, 0, HEAD_BYTES, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
