/** What of this machine a sandbox is shown: the system's own folders, Node and Python, all read-only. */
import { execFileSync } from 'node:child_process';
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findOnPath } from '../../lab/python.ts';

/** Programs, libraries, and of the settings the few that programs start by. */
const FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'];
const SETTINGS = ['alternatives', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'hosts', 'nsswitch.conf', 'localtime'];
const PLACES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Whether we are root, who can make sandboxes without a user namespace, and become somebody else. */
export const isRoot = process.getuid?.() === 0;

/** bubblewrap's arguments that show the system. */
export function systemArguments(): string[] {
  const shown = [...FOLDERS, ...SETTINGS.map((name) => `/etc/${name}`)].flatMap(shownAs);
  // Installed below somebody's home, they would not be there.
  const own = [...new Set([nodePrefix(), ...pythonPrefixes()])].filter((place) => !/^\/(usr|bin)(\/|$)/.test(place));
  return [...shown, ...own.flatMap((place) => readOnly(place))];
}

/** bubblewrap's arguments that show a folder or file, in its own place. */
export function readOnly(path: string): string[] {
  return [...foldersAbove(path), '--ro-bind', path, path];
}

/** Made by bubblewrap on the way to something else, they would be for their owner alone. */
export function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === '/' || above === '/tmp' ? [] : [...foldersAbove(above), '--dir', above];
}

function shownAs(path: string): string[] {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return [];
  return status.isSymbolicLink() ? [...foldersAbove(path), '--symlink', readlinkSync(path), path] : readOnly(path);
}

/** Where programs are looked for in a sandbox: Node's and Python's own folders first. */
export function sandboxPath(): string {
  const own = [dirname(process.execPath), ...pythonPrefixes().map((prefix) => join(prefix, 'bin'))];
  return [...new Set([...own, ...PLACES])].join(delimiter);
}

function nodePrefix(): string {
  return dirname(dirname(realpathSync(process.execPath)));
}

let prefixes: string[] | undefined;

/** python3 on PATH may be a script of pyenv's that only works with its whole home around it; the real one is asked. */
function pythonPrefixes(): string[] {
  prefixes ??= askPython();
  return prefixes;
}

function askPython(): string[] {
  const python = findOnPath('python3');
  if (python === undefined) return [];
  const question = 'import sys; print(sys.prefix); print(sys.base_prefix)';
  try {
    const answer = execFileSync(python, ['-c', question], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [...new Set(answer.trim().split('\n'))];
  } catch {
    return [];
  }
}
