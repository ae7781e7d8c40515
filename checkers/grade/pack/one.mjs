// @ts-check
/**
 * Grades a single submission for a service: as a class of one, with the same command that an
 * instructor types. Plain JavaScript, so that it runs before any build.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const workshop = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
/** Longer than any submission may take, canaries included. */
const DEADLINE_MS = 25 * 60_000;

/** What the instructor packed. */
export function settings() {
  const read = JSON.parse(readFileSync(join(workshop, 'grading.json'), 'utf8'));
  return /** @type {{ stage: number, classSeed: string, rubric: string | null }} */ (read);
}

/**
 * Grades a folder.
 *
 * @template T
 * @param {string} submission what was handed in
 * @param {string} id of the student; becomes a folder's name
 * @param {string} seed of the class
 * @param {(results: string) => T} use takes what it needs from the folder of results, which then goes
 * @returns {T}
 */
export function gradeOne(submission, id, seed, use) {
  const { stage, rubric } = settings();
  const work = mkdtempSync(join(tmpdir(), 'workshop-one-'));
  try {
    const place = join(work, 'submissions', folderName(id));
    mkdirSync(dirname(place), { recursive: true });
    // Keep links: the grader decides about them, not the copy.
    cpSync(submission, place, { recursive: true, verbatimSymlinks: true });
    const results = join(work, 'results');
    const words = [join(work, 'submissions'), 'stage', String(stage), 'seed', seed, 'results', results];
    if (rubric !== null) words.push('rubric', join(workshop, rubric));
    const { error } = spawnSync('npm', ['run', '--silent', 'grade', '--', ...words], {
      cwd: workshop,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: DEADLINE_MS,
      env: { ...process.env, INIT_CWD: workshop },
    });
    if (error) throw error;
    return use(results);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * For the log: what went wrong, in a sentence.
 *
 * @param {unknown} error
 */
export function complain(error) {
  console.error(`There is no mark: ${error instanceof Error ? error.message : error}.`);
  process.exitCode = 1;
}

/**
 * The text of the one file in a folder of results.
 *
 * @param {string} results
 * @param {string} kind 'gradescope', 'feedback', …
 * @param {string} ending
 */
export function theOne(results, kind, ending) {
  let names = /** @type {string[]} */ ([]);
  try {
    names = readdirSync(join(results, kind)).filter((name) => name.endsWith(ending));
  } catch {
    // The error is reported below.
  }
  if (names.length !== 1) throw new Error(`the grader left ${names.length} files in ${kind} where one was due`);
  return readFileSync(join(results, kind, names[0] ?? ''), 'utf8');
}

/** @param {string} id */
function folderName(id) {
  const name = id
    .replace(/[^\w.@+-]/g, '_')
    .replace(/^[.-]+/, '')
    .slice(0, 100);
  return name === '' ? 'student' : name;
}
