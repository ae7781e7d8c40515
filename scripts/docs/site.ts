/** Builds the site, and tells whether it is out of date. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, workshopFolder } from '../../checkers/root.ts';

/** Where the built site is. */
export const siteFolder = join(workshopFolder, 'site');
const stamp = join(siteFolder, '.built-from');

/** Sources of pages. Not a learner's own program: it changes all the time. */
const SOURCES = ['docs', 'assets', 'solutions', 'linux', 'checkers/course', 'package-lock.json'];

/** Whether the site was built for this base, from the pages as they are now. */
export function siteIsFresh(base: string): boolean {
  try {
    return readFileSync(stamp, 'utf8') === fingerprint(base);
  } catch {
    return false;
  }
}

/**
 * Builds the site.
 *
 * @param base where on a server it will be, with a slash at both ends: '/', '/course/'
 * @param folder where to put it; what was there goes, once the new one is complete
 * @returns what VitePress said, if it failed
 */
export async function buildSite(base: string, folder = siteFolder): Promise<string | undefined> {
  const unfinished = `${folder}.${process.pid}`;
  const before = fingerprint(base);
  mkdirSync(workshopFolder, { recursive: true });
  try {
    const { code, said } = await vitepress(['build', 'docs', '--base', base, '--outDir', unfinished]);
    if (code !== 0) return said;
    writeFileSync(join(unfinished, '.built-from'), before);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
    return undefined;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** How to serve a folder at http://localhost:PORT. */
export function serverCommand(folder: string, port: number): string[] {
  const program = join(root, 'node_modules', 'http-server', 'bin', 'http-server');
  // It uses deprecated parts of Node, which would print warnings.
  return [process.execPath, '--no-deprecation', program, folder, '-p', String(port), '-a', '127.0.0.1', '-c-1', '-s'];
}

function vitepress(words: string[]): Promise<{ code: number | null; said: string }> {
  const program = join(root, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
  const child = spawn(process.execPath, [program, ...words], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const stop = () => child.kill();
  process.once('exit', stop);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, said: error.message }));
    child.once('close', (code) => {
      process.off('exit', stop);
      resolve({ code, said: said.trim() });
    });
  });
}

function fingerprint(base: string): string {
  const hash = createHash('sha1').update(base);
  for (const place of SOURCES) addTo(hash, join(root, place));
  return hash.digest('hex');
}

function addTo(hash: ReturnType<typeof createHash>, path: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (status.isDirectory()) for (const name of readdirSync(path).sort()) addTo(hash, join(path, name));
  else hash.update(`${path} ${status.size} ${status.mtimeMs}\n`);
}
