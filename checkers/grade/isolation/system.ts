/** The parts of this machine that a sandbox can see: the system's folders, Node and Python, all read-only. */
import { execFileSync } from 'node:child_process';
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findOnPath } from '../../harness/python.ts';

/** Programs, libraries, and the few settings that programs need to start. */
const FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'];
const SETTINGS = ['alternatives', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'hosts', 'nsswitch.conf', 'localtime'];
const PLACES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Whether we are root, who can create sandboxes without a user namespace, and switch users. */
export const isRoot = process.getuid?.() === 0;

/** bubblewrap's arguments that show the system. */
export function systemArguments(): string[] {
  const shown = [...FOLDERS, ...SETTINGS.map((name) => `/etc/${name}`)].flatMap(shownAs);
  // They may be installed below a home folder, which is not mounted.
  const own = [...new Set([nodePrefix(), ...pythonPrefixes()])].filter((place) => !/^\/(usr|bin)(\/|$)/.test(place));
  return [...shown, ...own.flatMap((place) => readOnly(place))];
}

/** bubblewrap's arguments that show a folder or file, in its own place. */
export function readOnly(path: string): string[] {
  return [...foldersAbove(path), '--ro-bind', path, path];
}

/** Parent folders that bubblewrap creates implicitly are private to their owner. */
export function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === '/' || above === '/tmp' ? [] : [...foldersAbove(above), '--dir', above];
}

function shownAs(path: string): string[] {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return [];
  return status.isSymbolicLink() ? [...foldersAbove(path), '--symlink', readlinkSync(path), path] : readOnly(path);
}

/** PATH in a sandbox: Node's and Python's own folders first. */
export function sandboxPath(): string {
  const own = [dirname(process.execPath), ...pythonPrefixes().map((prefix) => join(prefix, 'bin'))];
  return [...new Set([...own, ...PLACES])].join(delimiter);
}

function nodePrefix(): string {
  return dirname(dirname(realpathSync(process.execPath)));
}

let prefixes: string[] | undefined;

/** python3 on PATH may be a pyenv shim that needs its whole home, so we ask it for the real executable. */
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
