// @ts-check
/**
 * Grades a single submission for a service: as a class of one, with the same command that an
 * instructor types. Plain JavaScript, so that it runs before any build.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const workshop = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
/** Could not begin: the grader's own sentence about it is on standard error. */
const REFUSED = 2;
/** Longer than any submission may take, canaries included. */
const DEADLINE_MS = 25 * 60_000;

/** What the instructor packed. */
export function settings() {
  const read = JSON.parse(readFileSync(join(workshop, 'grading.json'), 'utf8'));
  return /** @type {{ stage: number, classSeed: string | null, rubric: string | null }} */ (read);
}

/**
 * Grades a folder.
 *
 * @template T
 * @param {string} submission what was handed in
 * @param {object} how
 * @param {string} how.id of the student; becomes a folder's name
 * @param {string} how.seed of the class
 * @param {{ submitted: string, deadline: string } | null} [how.times] ISO 8601 with a zone; null: it is not late
 * @param {string} how.isolation the level below which nothing is graded: on a weaker one, a submission could write its own mark
 * @param {(results: string) => T} use takes what it needs from the folder of results, which then goes
 * @returns {T}
 */
export function gradeOne(submission, { id, seed, isolation, times = null }, use) {
  const { stage, rubric } = settings();
  const work = mkdtempSync(join(tmpdir(), 'workshop-one-'));
  try {
    const place = join(work, 'submissions', folderName(id));
    mkdirSync(dirname(place), { recursive: true });
    // Keep links: the grader decides about them, not the copy.
    cpSync(submission, place, { recursive: true, verbatimSymlinks: true });
    const results = join(work, 'results');
    const words = [join(work, 'submissions'), 'stage', String(stage), 'require', isolation, 'results', results];
    if (times !== null)
      words.push('deadline', times.deadline, 'roster', writeRoster(work, folderName(id), times.submitted));
    if (rubric !== null) words.push('rubric', join(workshop, rubric));
    const { error, status } = spawnSync('npm', ['run', '--silent', 'grade', '--', ...words], {
      cwd: workshop,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: DEADLINE_MS,
      // Every user can read a command line in /proc, so the seed is not in it.
      env: { ...process.env, GRADE_SEED: seed, INIT_CWD: workshop },
    });
    if (error) throw error;
    if (status === REFUSED) throw new Error('the grader refused to begin, for the reason above');
    return use(results);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * A class list of one, which tells when the hand-in came.
 *
 * @param {string} work folder to write to
 * @param {string} id
 * @param {string} submitted
 */
function writeRoster(work, id, submitted) {
  const path = join(work, 'roster.csv');
  const cell = (/** @type {string} */ text) => `"${text.replaceAll('"', '""')}"`;
  writeFileSync(path, `id,name,submitted\n${[id, id, submitted].map(cell).join(',')}\n`);
  return path;
}

/**
 * Writes a result, and makes sure that it is what the place then holds.
 *
 * @param {string} path replaced, also where it is a link
 * @param {string} text
 */
export function writeResult(path, text) {
  const unfinished = `${path}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  // Not through a link that stands there, and not into a file that another process has open.
  writeFileSync(unfinished, text, { flag: 'wx', mode: 0o600 });
  renameSync(unfinished, path);
  if (readFileSync(path, 'utf8') === text) return;
  rmSync(path, { recursive: true, force: true });
  throw new Error(`another process wrote to ${path}, so the result was removed`);
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
