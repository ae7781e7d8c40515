/** The command that grades one submission again, for every kind of student id. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { againCommand } from './again.ts';

const order = { stage: 4, classSeed: 'autumn', rubric: null, deadline: null, isolation: 'bubblewrap' } as const;

it.each(['ada', 'a b', "o'neill", 'a\nb', '$(id)', '=1+1', '-rf', ''])('survives quoting by a shell: %j', (id) => {
  const submission = { student: { id, name: id }, path: `/class/${id}`, kind: 'folder', submittedAt: null } as const;
  const command = againCommand(submission, { ...order, folder: '/class' });
  const words = execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' }).split('\0');
  const flag = id.startsWith('-') ? ['--'] : [];
  expect(words.slice(0, -1)).toEqual([
    'npm',
    'run',
    'grade',
    ...flag,
    '/class',
    'stage',
    '4',
    'only',
    id,
    'seed',
    'autumn',
  ]);
});
