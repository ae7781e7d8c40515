// @ts-check
/**
 * Starts one word of `npm run`: node scripts/start.mjs WORD [more words]. Each word is scripts/WORD.ts. Its TypeScript
 * is bundled once and kept in .workshop/, which starts a fifth of a second sooner than loading every file through a
 * TypeScript loader; a changed source file makes a new bundle.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const workshopFolder = join(root, '.workshop');
const builds = join(workshopFolder, 'scripts');

if (!existsSync(join(root, 'node_modules', 'esbuild'))) {
  console.error('The packages are not installed yet. Type: npm install');
  process.exit(2);
}
const [word = '', ...words] = process.argv.slice(2);
// chalk knows --no-color, but not the variable that people set once for all programs (no-color.org).
if (process.env.NO_COLOR) process.argv.splice(2, 0, '--no-color');
// Whoever works for hours on what must not change meanwhile has taken bundles aside: see checkers/grade/isolation.
const aside = process.env.WORKSHOP_BUNDLES && join(process.env.WORKSHOP_BUNDLES, `${word}.mjs`);
const path = await (aside ? Promise.resolve(aside) : bundle(word)).catch((error) => {
  // Mistakes in our sources come with a list. Anything else is an esbuild that cannot run here: node_modules may well
  // have been filled on another system, say outside of the container that shares this folder.
  if (error.errors) throw error;
  refuseUnwritable(error);
  console.error('The packages in node_modules do not fit this system. Delete that folder, then type: npm install');
  process.exit(2);
});
// `npm run help | head -3` closes our output before we are done: whoever reads it has seen enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPIPE') throw error;
    process.exit();
  });
}
const { main } = await import(pathToFileURL(path).href);
process.exitCode = await main(words).catch((/** @type {NodeJS.ErrnoException} */ error) => {
  refuseUnwritable(error);
  throw error;
});

/**
 * Ends with a sentence where something in .workshop/ could not be written, say after a `sudo npm run`.
 *
 * @param {NodeJS.ErrnoException} error
 */
function refuseUnwritable({ syscall, path, message }) {
  if (!syscall || !path?.startsWith(workshopFolder)) return;
  console.error(`The folder .workshop has to be yours, to keep your progress in, but: ${message}`);
  process.exit(2);
}

/**
 * @param {string} word
 * @returns {Promise<string>} path of the bundle, made now if the sources have changed
 */
async function bundle(word) {
  const outfile = join(builds, `${word}-${fingerprint()}.mjs`);
  if (existsSync(outfile)) return outfile;
  const { build } = await import('esbuild');
  mkdirSync(builds, { recursive: true });
  accessSync(builds, constants.W_OK);
  const unfinished = `${outfile}.${process.pid}`;
  await build({
    entryPoints: [join(root, 'scripts', `${word}.ts`)],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // These bring files of their own along.
    external: ['koffi', 'esbuild', 'zx', 'playwright-core', 'bullmq', 'ioredis'],
    banner: { js: "import { createRequire as _cr } from 'node:module'; const require = _cr(import.meta.url);" },
  });
  // Whole or not at all, should two of us be at it at once.
  renameSync(unfinished, outfile);
  for (const name of readdirSync(builds)) {
    const old = name.startsWith(`${word}-`) && name.endsWith('.mjs') && join(builds, name) !== outfile;
    if (old) rmSync(join(builds, name), { force: true });
  }
  return outfile;
}

/** Changes whenever a file that may be in a bundle does. */
function fingerprint() {
  const hash = createHash('sha1').update(process.version);
  for (const place of ['package-lock.json', 'linux', 'checkers', 'scripts', 'stages/todo.ts', 'assets/pictures'])
    addTo(hash, join(root, place));
  return hash.digest('hex').slice(0, 12);
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} path
 */
function addTo(hash, path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (!status.isDirectory()) {
    hash.update(`${path} ${status.size} ${status.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(path)) {
    if (!name.endsWith('.test.ts')) addTo(hash, join(path, name));
  }
}
