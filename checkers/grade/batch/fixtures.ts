/** A class and a fake judge for tests of batches. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { GradeOrder, Submission } from '../contract/submission.ts';
import type { Batch } from './batch.ts';
import type { Canary } from './canaries.ts';
import { FakeGrader, withCheck } from './fake-grader.ts';
import type { Grader } from './grader.ts';
import { Store } from './store.ts';

export const order: GradeOrder = {
  ...{ stage: 4, classSeed: 'autumn', rubric: null, deadline: null, isolation: 'process-group' },
};

/** A folder that is removed after the last test of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-batch-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The given number of submissions: s01, s02, … */
export function fakeClass(count: number): Submission[] {
  return Array.from({ length: count }, (_, index) => fakeSubmission(`s${String(index + 1).padStart(2, '0')}`));
}

export function fakeSubmission(id: string): Submission {
  return {
    student: { id, name: `Student ${id}` },
    path: join(tmpdir(), 'nowhere', id),
    kind: 'folder',
    submittedAt: null,
  };
}

/** The solution and one buggy program; the fake judge has to be given their outcomes. */
export const canaries: Canary[] = [
  { id: 'canary-solution', submission: fakeSubmission('canary-solution'), caughtBy: null },
  { id: 'canary-echo', submission: fakeSubmission('canary-echo'), caughtBy: '4.1 relays' },
];

/** A judge under which the canaries are healthy. */
export function soundGrader(): FakeGrader {
  const grader = new FakeGrader();
  grader.special.set('canary-solution', withCheck('relays', 'pass'));
  grader.special.set('canary-echo', withCheck('relays', 'fail'));
  return grader;
}

/** A batch in a folder; settings not given take their defaults. */
export function batchIn(folder: string, grader: Grader, more: Partial<Batch> = {}): Batch {
  mkdirSync(folder, { recursive: true });
  const signal = new AbortController().signal;
  const usual = { submissions: fakeClass(12), order, canaries, atOnce: 3, weakest: null, signal };
  return { grader, store: new Store(folder), ...usual, ...more };
}
