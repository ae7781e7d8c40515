/** A submission from Windows whose script does not start: the grader names the cause, in its sandbox, too. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { gradeOne } from './grade-one.ts';
import { proveIsolation } from './isolation/prove.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { level: isolation } = await proveIsolation();

it.each([
  ['run', { run: './go.sh' }],
  ['build', { build: './go.sh', run: 'true' }],
])('the script of %s has lines that end with \\r\\n', { timeout: 120_000 }, async (id, manifest) => {
  const path = join(folder, id);
  mkdirSync(path);
  writeFileSync(join(path, 'workshop.json'), JSON.stringify(manifest));
  writeFileSync(join(path, 'go.sh'), '#!/bin/sh\r\nexec sleep 1\r\n');
  chmodSync(join(path, 'go.sh'), 0o755);
  const submission = { student: { id, name: id }, path, kind: 'folder', submittedAt: null } as const;
  const grade = await gradeOne(submission, { classSeed: 'autumn', rubric: null, deadline: null, isolation, stage: 4 });
  expect(grade.milestones[0]?.checks[0]).toMatchObject({ status: 'fail', causeId: 'script-with-returns' });
});
