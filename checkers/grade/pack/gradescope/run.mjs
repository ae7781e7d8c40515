// @ts-check
/** Grades /autograder/submission into /autograder/results/results.json: node run.mjs /autograder */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complain, gradeOne, settings, theOne, writeResult } from '../one.mjs';

const [root = '/autograder'] = process.argv.slice(2);
try {
  grade();
} catch (error) {
  complain(error);
}

function grade() {
  const metadata = readMetadata();
  const how = {
    id: studentId(metadata),
    seed: settings().classSeed ?? '',
    times: timesOf(metadata),
    // Gradescope's container has no namespaces, but root: another user cannot write where the result stands.
    isolation: 'user',
  };
  const text = gradeOne(join(root, 'submission'), how, (results) => theOne(results, 'gradescope', '.json'));
  writeResult(join(root, 'results', 'results.json'), text);
}

/** What Gradescope tells about a submission: https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/ */
function readMetadata() {
  try {
    return JSON.parse(readFileSync(join(root, 'submission_metadata.json'), 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Gradescope's id of the student, so that the seed is the same each time; of a group, that of the first.
 *
 * @param {any} metadata
 */
function studentId({ users }) {
  const id = users?.[0]?.id ?? users?.[0]?.email;
  if (id === undefined) console.error('submission_metadata.json names no student: using the common seed.');
  return String(id ?? 'student');
}

/**
 * When it was handed in, and until when that is on time. A student may have an extension; of a group, the latest one counts.
 *
 * @param {any} metadata
 */
function timesOf({ created_at, assignment, users }) {
  const extended = (users ?? []).map((/** @type {any} */ user) => user?.assignment?.due_date);
  const due = [assignment?.due_date, ...extended].map(Date.parse).filter((time) => !Number.isNaN(time));
  const submitted = Date.parse(created_at);
  if (due.length === 0 || Number.isNaN(submitted)) return null;
  return { submitted: new Date(submitted).toISOString(), deadline: new Date(Math.max(...due)).toISOString() };
}
