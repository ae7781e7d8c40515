/** A batch for a test to kill; prints each graded submission. Arguments: folder, ms per submission, number of submissions. */
import { writeSync } from 'node:fs';
import { BatchError } from '../contract/batch-error.ts';
import { runBatch } from './batch.ts';
import { FakeGrader } from './fake-grader.ts';
import { lockFolder } from './lock.ts';
import { Store } from './store.ts';

const [folder = '', ms = '', count = ''] = process.argv.slice(2);
const grader = new FakeGrader();
grader.msEach = Number(ms);
// Long enough that writing the file takes several steps.
grader.special.set('s01', (grade) => ({ ...grade, notes: ['x'.repeat(200_000)] }));
const submissions = Array.from({ length: Number(count) }, (_, index) => {
  const id = `s${String(index + 1).padStart(2, '0')}`;
  return { student: { id, name: id }, path: `/nowhere/${id}`, kind: 'folder' as const, submittedAt: null };
});
const order = { stage: 4, classSeed: 'autumn', rubric: null, deadline: null, isolation: 'process-group' as const };
try {
  const store = new Store(folder);
  const unlock = lockFolder(folder);
  for (const note of store.tidy(new Set(submissions.map(({ student }) => student.id)))) writeSync(2, `${note}\n`);
  const signal = new AbortController().signal;
  await runBatch({
    ...{ grader, submissions, order, store, canaries: [], atOnce: 3, weakest: null, signal },
    onEvent: (event) => event.kind === 'graded' && writeSync(1, `graded ${event.grade.student.id}\n`),
  });
  unlock();
} catch (error) {
  if (!(error instanceof BatchError)) throw error;
  writeSync(2, `${error.message}\n`);
  process.exitCode = 1;
}
