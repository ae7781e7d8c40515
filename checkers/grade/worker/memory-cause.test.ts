/** The note on a process that was ended for its memory, and the cause of the check that failed by it, say the same. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ancestors } from '../../kernel/process-tree.ts';
import { causeInWords } from '../formats/causes-in-words.ts';
import { gradeOne } from '../grade-one.ts';
import { proveIsolation } from '../isolation/prove.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { level: isolation } = await proveIsolation();

// At the last level, nothing tells a submission's processes from others.
it.runIf(isolation !== 'process-group')(
  'a program that allocates without end',
  async () => {
    const path = join(folder, 'ada');
    mkdirSync(path);
    const code = `const all: Buffer[] = [];
setInterval(() => { for (let count = 0; count < 4; count += 1) all.push(Buffer.alloc(2 ** 26, 1)); }, 20);`;
    writeFileSync(join(path, 'server.ts'), code);
    const submission = { student: { id: 'ada', name: 'ada' }, path, kind: 'folder' as const, submittedAt: null };
    const order = { stage: 1, classSeed: 's', rubric: null, deadline: null, isolation };
    const grade = await gradeOne(submission, order);
    const sentence = 'together they held more than 1.5 GB of memory.';
    expect(grade.notes).toContain(`A process of the program (node) was ended: ${sentence}`);
    expect(
      grade.milestones.map(({ checks }) => [checks[0]?.status, checks[0]?.causeId, checks[0]?.cause]),
    ).toContainEqual([
      'fail',
      'too-much-memory',
      'its processes together held more than 1.5 GB of memory, so one of them (node) was ended',
    ]);
  },
  300_000,
);

it('a class report has words for it', () => {
  expect(causeInWords('too-much-memory', 1, 3)).toBe('1 of 3 was ended for holding more memory than the grader allows');
});

it.runIf(process.platform === 'linux')('a process descends from its parent, and the first of all', () => {
  expect(ancestors(process.pid).slice(0, 2)).toEqual([process.pid, process.ppid]);
});
