// @ts-check
/**
 * Starts one word of `npm run`: node scripts/start.mjs WORD [more words]. Each word is scripts/WORD.ts. Its TypeScript
 * is bundled once and kept in .workshop/, which starts a fifth of a second sooner than loading every file through a
 * TypeScript loader; a changed source file makes a new bundle, and so does a bundle that is damaged.
 */
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isAtLeast, OLDEST_NODE } from './node-version.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const workshopFolder = join(root, '.workshop');
const builds = join(workshopFolder, 'scripts');

if (!isAtLeast(process.versions.node, OLDEST_NODE)) {
  const { node } = process.versions;
  console.error(`Node ${node} is too old: it takes ${OLDEST_NODE} or later. Type: nvm install 24, or see nodejs.org`);
  process.exit(2);
}
if (!existsSync(join(root, 'node_modules', 'esbuild'))) {
  console.error('The packages are not installed yet. Type: npm install');
  process.exit(2);
}
/**
 * An import of an external package runs before all else, also where only a part of the bundle needs it. Away from Linux,
 * koffi may not load, and most commands do without.
 *
 * @type {import('esbuild').Plugin}
 */
const koffiWhenNeeded = {
  name: 'koffi-when-needed',
  setup(build) {
    build.onResolve({ filter: /^koffi$/ }, ({ kind }) =>
      kind === 'require-call' ? { path: 'koffi', external: true } : { path: 'koffi', namespace: 'when-needed' },
    );
    build.onLoad({ filter: /^koffi$/, namespace: 'when-needed' }, () => ({
      contents: "module.exports = require('koffi');",
    }));
  },
};

const [word = '', ...words] = process.argv.slice(2);
// chalk knows --no-color, but not the variable that people set once for all programs (no-color.org).
if (process.env.NO_COLOR) process.argv.splice(2, 0, '--no-color');
// Long jobs use their own copies of the bundles, which do not change meanwhile: see checkers/grade/isolation.
const aside = process.env.WORKSHOP_BUNDLES && join(process.env.WORKSHOP_BUNDLES, `${word}.mjs`);
const path = await (aside ? Promise.resolve(aside) : bundle(word)).catch((error) => {
  // Mistakes in our sources come with a list. Otherwise esbuild cannot run here: node_modules may
  // have been filled on another system, say outside of the container that shares this folder.
  if (error.errors) {
    // After `npm install --omit=dev`, all that a learner needs is there, but not what makes the site.
    const absent = /^Could not resolve "([^."][^"]*)"/.exec(error.errors[0]?.text ?? '');
    if (absent === null) throw error;
    console.error(`npm run ${word} needs the package ${absent[1]}, which is not installed. Type: npm install`);
    process.exit(2);
  }
  refuseFile(error);
  console.error('The packages in node_modules do not fit this system. Delete that folder, then type: npm install');
  process.exit(2);
});
// `npm run help | head -3` closes our output before we are done: exit silently.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPIPE') throw error;
    process.exit();
  });
}
const { main } = await import(pathToFileURL(path).href);
process.exitCode = await main(words).catch((/** @type {NodeJS.ErrnoException} */ error) => {
  refuseFile(error);
  throw error;
});

/**
 * Ends with a sentence where a file could not be read or written: in .workshop/, say after a `sudo npm run`, or elsewhere.
 *
 * @param {NodeJS.ErrnoException} error
 */
function refuseFile({ syscall, path, code = '', message, ...error }) {
  if (!syscall || syscall.startsWith('spawn') || typeof path !== 'string') return;
  const inside = path.startsWith(workshopFolder);
  const why = whyNot((inside && code === 'ENOENT' && whyNothingIsWritten()) || code, message);
  // For a rename, the target is in the way.
  const place = relative(root, 'dest' in error ? String(error.dest) : path);
  if (inside) {
    console.error(`The folder .workshop has to be yours, to keep your progress in, but ${why}: ${place}`);
  } else {
    console.error(`A file could not be read or written: ${why}: ${place.startsWith('..') ? path : place}`);
  }
  process.exit(2);
}

/**
 * Making folders within folders says ENOENT where none may be made.
 *
 * @returns {string | undefined} the code of what is in the way of writing here at all
 */
function whyNothingIsWritten() {
  try {
    accessSync(existsSync(workshopFolder) ? workshopFolder : root, constants.W_OK);
    return undefined;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code;
  }
}

/**
 * @param {string} code
 * @param {string} message
 * @returns {string} in plain words why a file could not be read or written
 */
function whyNot(code, message) {
  if (code === 'EROFS') return 'it is on a disk that can only be read (EROFS)';
  if (code === 'ENOSPC' || code === 'EDQUOT') return `the disk is full (${code})`;
  if (code === 'EACCES' || code === 'EPERM') return `you have no right to it (${code})`;
  if (code === 'ENOENT') return 'it is not there (ENOENT)';
  if (code === 'EISDIR' || code === 'ENOTEMPTY') return `a folder is in the way (${code})`;
  if (code === 'ENOTDIR' || code === 'EEXIST') return `a file is in the way (${code})`;
  return message;
}

/**
 * @param {string} word
 * @returns {Promise<string>} path of the bundle, made now if the sources have changed
 */
async function bundle(word) {
  const outfile = join(builds, `${word}-${fingerprint()}.mjs`);
  if (isWhole(outfile)) return outfile;
  const { build } = await import('esbuild');
  mkdirSync(builds, { recursive: true });
  accessSync(builds, constants.W_OK);
  const { outputFiles } = await build({
    // esbuild takes an asterisk in an entry point for a pattern, and the folder's name may have one.
    absWorkingDir: root,
    entryPoints: [`scripts/${word}.ts`],
    write: false,
    logLevel: 'silent',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // These load other files of their packages.
    plugins: [koffiWhenNeeded],
    external: ['esbuild', 'zx', 'playwright-core', 'bullmq', 'ioredis'],
    banner: { js: "import { createRequire as _cr } from 'node:module'; const require = _cr(import.meta.url);" },
  });
  const text = outputFiles[0]?.text ?? '';
  writeWhole(outfile, `${text}${seal(text)}`);
  for (const name of readdirSync(builds)) {
    const old = name.startsWith(`${word}-`) && name.endsWith('.mjs') && join(builds, name) !== outfile;
    if (old) rmSync(join(builds, name), { force: true });
  }
  return outfile;
}

/**
 * Whether a bundle is there, as it was written.
 *
 * @param {string} path
 */
function isWhole(path) {
  try {
    const text = readFileSync(path, 'utf8');
    const length = text.length - seal('').length;
    return text.slice(length) === seal(text.slice(0, length));
  } catch {
    return false;
  }
}

/**
 * @param {string} text
 * @returns {string} a last line that fits no other text
 */
function seal(text) {
  return `// ${createHash('sha1').update(text).digest('hex')}\n`;
}

/**
 * Writes atomically, since two processes may do so at once.
 *
 * @param {string} path
 * @param {string} text
 */
function writeWhole(path, text) {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, text);
  try {
    renameSync(unfinished, path);
  } catch {
    // A folder is in the way.
    rmSync(path, { recursive: true, force: true });
    renameSync(unfinished, path);
  }
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
