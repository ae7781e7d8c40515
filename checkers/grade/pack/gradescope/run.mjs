// @ts-check
/** Grades /autograder/submission into /autograder/results/results.json: node run.mjs /autograder */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { complain, gradeOne, settings, theOne } from '../one.mjs';

const [root = '/autograder'] = process.argv.slice(2);
try {
  grade();
} catch (error) {
  complain(error);
}

function grade() {
  const text = gradeOne(join(root, 'submission'), studentId(), settings().classSeed, (results) =>
    theOne(results, 'gradescope', '.json'),
  );
  const path = join(root, 'results', 'results.json');
  writeFileSync(`${path}.unfinished`, text);
  renameSync(`${path}.unfinished`, path);
}

/** Gradescope's id of the student, so that the seed is the same each time; of a group, that of the first. */
function studentId() {
  try {
    const { users } = JSON.parse(readFileSync(join(root, 'submission_metadata.json'), 'utf8'));
    return String(users[0].id ?? users[0].email);
  } catch {
    console.error('submission_metadata.json names no student: using the common seed.');
    return 'student';
  }
}
