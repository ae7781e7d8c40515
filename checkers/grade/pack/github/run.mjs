// @ts-check
/** Grades a checkout as Classroom 50 wants it: node run.mjs FOLDER. Its settings are in the environment. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { complain, gradeOne, theOne, writeResult } from '../one.mjs';

const { env } = process;
const [folder = process.cwd()] = process.argv.slice(2);
const owner = env.OWNER || env.USERNAME || 'student';
try {
  grade();
} catch (error) {
  complain(error);
}

function grade() {
  // The runner's only user writes the result: without the sandbox, a process of the submission could write it anew.
  const how = { id: owner, seed: seedOfClass(), isolation: 'bubblewrap' };
  const { text, feedback } = gradeOne(folder, how, (results) => ({
    text: theOne(results, 'classroom50', '.json'),
    feedback: theOne(results, 'feedback', '.md'),
  }));
  const result = {
    ...JSON.parse(text),
    classroom: env.CLASSROOM ?? '',
    assignment: env.ASSIGNMENT ?? '',
    // The service has groups and teams; the grader counts each hand-in as one student.
    assignment_type: env.ASSIGNMENT_TYPE || 'individual',
    owner,
    submission: env.SUBMISSION_TAG || 'submit/unknown',
    commit: env.COMMIT_URL ?? '',
    release: env.RELEASE_URL ?? '',
    review: env.REVIEW_URL || env.COMMIT_URL || '',
    datetime: handedInAt(),
  };
  writeResult(join(folder, 'release-body.md'), feedback);
  writeResult(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

/** A secret of the runner: whatever lies beside the autograder can be read by all who know the place. */
function seedOfClass() {
  if (env.GRADE_SEED) return env.GRADE_SEED;
  console.error(
    'GRADE_SEED is not set, so this run has a seed of its own. Set it as a secret to have the same bytes again.',
  );
  return randomBytes(8).toString('hex');
}

/** The time of the commit, which is the same each time; without git, now. */
function handedInAt() {
  const { stdout } = spawnSync('git', ['-c', 'safe.directory=*', '-C', folder, 'log', '-1', '--format=%ct'], {
    encoding: 'utf8',
  });
  const seconds = Number.parseInt(stdout ?? '', 10);
  const when = Number.isFinite(seconds) ? new Date(seconds * 1000) : new Date();
  return `${when.toISOString().slice(0, 19)}Z`;
}
