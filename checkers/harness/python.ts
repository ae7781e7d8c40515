/** The document's upstream: python3 -m http.server, or http-server if there is no Python. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from '../root.ts';
import { kill, MARK, type Reaper } from './reaper.ts';

/** The folder that the workshop's upstream serves. */
export const servedFolder = join(root, 'assets', 'www');

/** A file server's command line. */
export interface FileServerCommand {
  argv: string[];
  /** false: Python is missing, and http-server replaces it */
  python: boolean;
}

/**
 * How to serve a folder on 127.0.0.1.
 *
 * @param port where
 * @param folder absolute path
 */
export function fileServerCommand(port: number, folder: string): FileServerCommand {
  const python = findOnPath('python3');
  if (python !== undefined) {
    const address = ['--bind', '127.0.0.1', '--directory', folder];
    return { argv: [python, '-m', 'http.server', String(port), ...address], python: true };
  }
  const httpServer = join(root, 'node_modules', 'http-server', 'bin', 'http-server');
  return { argv: [process.execPath, httpServer, folder, '-p', String(port), '-a', '127.0.0.1', '-c-1'], python: false };
}

/** The first program of that name on PATH. */
export function findOnPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  const places = folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
  return places.find((place) => existsSync(place));
}

/** Starts the file server for a check; it dies with the run. */
export function startFileServer(
  port: number,
  reaper: Pick<Reaper, 'mark' | 'watch'>,
): { process: ChildProcess; dispose(): void } {
  const { argv } = fileServerCommand(port, servedFolder);
  const [command = '', ...args] = argv;
  const env = { ...process.env, [MARK]: reaper.mark };
  const child = spawn(command, args, { stdio: 'ignore', detached: true, env });
  child.on('error', () => {});
  if (child.pid !== undefined) reaper.watch(child.pid);
  return { process: child, dispose: () => child.pid !== undefined && kill(-child.pid) };
}
