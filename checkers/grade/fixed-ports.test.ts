/** A file of the course that ignores the ports it is given gets the same mark as one that does not. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findStage, type Stage } from '../course/course.ts';
import { solutionOf } from '../course/skeleton.ts';
import { root } from '../root.ts';
import { namespaceArguments } from '../run/namespace.ts';
import { ISOLATION_LEVELS, type Isolation, type SubmissionGrade } from './contract/result.ts';
import { failedIn } from './formats/phrases.ts';
import { gradeOne } from './grade-one.ts';
import { proveIsolation } from './isolation/prove.ts';
import { isRoot } from './isolation/system.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { level: strongest } = await proveIsolation();
const levels = ISOLATION_LEVELS.slice(ISOLATION_LEVELS.indexOf(strongest)).filter(
  (level) => level !== 'user' || isRoot,
);
const missing = namespaceArguments().length === 0 ? ' (this machine makes no network namespaces)' : '';

/** The solution with one or both of its ports written into it. */
function insisting(stage: Stage, ...names: string[]): string {
  return names.reduce((source, name) => {
    const port = new RegExp(`process\\.env\\.${name} \\?\\? `, 'g');
    expect(source).toMatch(port);
    return source.replace(port, '');
  }, solutionOf(stage));
}

let number = 0;
function grade(stage: Stage, source: string, isolation: Isolation): Promise<SubmissionGrade> {
  number += 1;
  const path = join(folder, String(number));
  mkdirSync(path);
  writeFileSync(join(path, stage.file), source);
  const submission = { student: { id: 'ann', name: 'ann' }, path, kind: 'folder' as const, submittedAt: null };
  return gradeOne(submission, { classSeed: 'a', rubric: null, deadline: null, isolation, stage: stage.number });
}

describe.skipIf(missing !== '')(`a right program gets all points${missing}`, () => {
  const cases: [string, number, Isolation, string[]][] = [
    ...levels.map((level): [string, number, Isolation, string[]] => [
      'a proxy with both ports in it',
      4,
      level,
      ['PORT', 'UPSTREAM_PORT'],
    ]),
    ['a proxy with its upstream’s port in it', 4, 'process-group', ['UPSTREAM_PORT']],
    ['a proxy with a status port in it', 8, strongest, ['STATUS_PORT']],
    ['a client', 2, strongest, ['PORT']],
  ];
  it.for(cases)('%s, stage %i, at the level %s', { timeout: 240_000 }, async ([, stage, level, names]) => {
    const graded = await grade(findStage(stage) as Stage, insisting(findStage(stage) as Stage, ...names), level);
    expect(failedIn(graded).map(({ check }) => check.observed)).toEqual([]);
    expect(graded).toMatchObject({ status: 'graded', points: graded.outOf, problem: null });
  });
});

/** Runs a command where the kernel has no network namespace left to give. */
const NO_MORE = 'ip link set lo up && echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"';
const withoutNamespaces = ['--user', '--map-root-user', '--net', 'sh', '-c', NO_MORE, 'sh'];
const isPossible = spawnSync('unshare', [...withoutNamespaces, 'true']).status === 0;

describe.skipIf(!isPossible)('on a machine without network namespaces', { timeout: 240_000 }, () => {
  const stage = findStage(1) as Stage;
  function gradeClass(name: string, before: string): string[] {
    const [submissions, results] = [join(folder, name), join(folder, `${name}-results`)];
    for (const [id, source] of [
      ['ada', insisting(stage, 'PORT')],
      ['ben', insisting(stage, 'PORT')],
      ['cy', solutionOf(stage)],
    ] as const) {
      mkdirSync(join(submissions, id), { recursive: true });
      writeFileSync(join(submissions, id, stage.file), source);
    }
    const words = ['grade', submissions, 'stage', '1', 'results', results];
    const command = [process.execPath, join(root, 'scripts', 'start.mjs'), ...words];
    spawnSync('unshare', [...withoutNamespaces, 'sh', '-c', `${before}"$@"`, 'sh', ...command]);
    const grades = ['ada', 'ben', 'cy'].map((id) =>
      JSON.parse(readFileSync(join(results, 'results', `${id}.json`), 'utf8')),
    );
    return grades.map(({ status, points, problem }) => `${status} ${points} ${problem ?? ''}`.trim());
  }

  it('two servers with the same port in them are judged one after the other', () => {
    expect(gradeClass('free', '')).toEqual(['graded 100', 'graded 100', 'graded 100']);
  });

  it('a taken port is told, and costs no points', () => {
    const taken = `'${process.execPath}' -e 'net.createServer().listen(8080); setTimeout(() => {}, 600_000)' & `;
    const sentence = 'This program may use the fixed ports 8080 and 3000, and port 8080 is taken on this machine.';
    const problem = `broken 0 ${sentence} Stop what listens there, then grade it again.`;
    expect(gradeClass('taken', `${taken}trap "kill $!" EXIT; `)).toEqual([problem, problem, 'graded 100']);
  });
});
