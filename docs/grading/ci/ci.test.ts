/** The files for many machines: read as YAML, their commands run with a stand-in for npm, and every part graded once. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../../checkers/root.ts';

const place = mkdtempSync(join(tmpdir(), 'workshop-ci-'));
const log = join(place, 'log');
afterAll(() => rmSync(place, { recursive: true, force: true }));

beforeAll(() => {
  // One line for each call, its words apart by tabs; other programs do nothing.
  const texts = { npm: `printf '%s\\t' "$@" >>'${log}'; echo >>'${log}'`, sudo: ':', 'apt-get': ':' };
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(join(place, name), `#!/usr/bin/env bash\n${text}\n`);
    chmodSync(join(place, name), 0o755);
  }
  for (const folder of ['workshop', 'results/1', 'results/2']) mkdirSync(join(place, folder), { recursive: true });
});

function read(name: string): ReturnType<typeof parse> {
  return parse(readFileSync(join(root, 'docs', 'grading', 'ci', name), 'utf8'));
}

/** The words after `npm run grade` of every call that a script makes. */
function gradeWords(script: string, env: Record<string, string | number>, folder = 'workshop'): string[][] {
  writeFileSync(log, '');
  const texts = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
  const done = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', script.replaceAll('/class', place)], {
    cwd: join(place, folder),
    encoding: 'utf8',
    env: { PATH: `${place}:${process.env.PATH}`, GRADE_SEED: 'seed of ours', ...texts },
  });
  expect(done.stderr).toBe('');
  const calls = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split('\t'));
  return calls.filter((words) => words.includes('grade')).map((words) => words.slice(words.indexOf('--') + 1));
}

function wordAfter(word: string, words: string[] = []): string | undefined {
  return words[words.indexOf(word) + 1];
}

/** All parts of ten, each once; and each with the seed in one piece and results of its own. */
function expectAllParts(calls: string[][]): void {
  const parts = Array.from({ length: 10 }, (_, index) => `${index + 1}/10`);
  expect(calls.map((words) => wordAfter('shard', words))).toEqual(parts);
  expect(new Set(calls.map((words) => wordAfter('seed', words)))).toEqual(new Set(['seed of ours']));
  expect(new Set(calls.map((words) => wordAfter('results', words))).size).toBe(10);
  expect(new Set(calls.map((words) => wordAfter('stage', words)))).toEqual(new Set(['4']));
}

describe('files for many machines', () => {
  it('GitHub Actions grades every part and joins them', () => {
    const { jobs, env, permissions } = read('github-actions.yml');
    const { shard } = jobs.grade.strategy.matrix;
    expect(shard.length).toBeLessThanOrEqual(256);
    expect(permissions).toEqual({ contents: 'read' });
    const grade = jobs.grade.steps.find(({ name }: { name?: string }) => name === 'Grade a part');
    expect(grade.env.SHARD).toMatch(/^\$\{\{ matrix\.shard }}$/);
    expectAllParts(shard.flatMap((SHARD: number) => gradeWords(grade.run, { ...env, SHARD })));
    const join_ = jobs.merge.steps.find(({ name }: { name?: string }) => name === 'Join');
    expect(gradeWords(join_.run, {})).toEqual([['merge', '../results/1', '../results/2', 'results', '../marks']]);
  });

  it('GitLab grades every part and joins them', () => {
    const { grade, merge, variables, stages } = read('gitlab-ci.yml');
    expect(stages).toEqual([grade.stage, merge.stage]);
    const indexes = Array.from({ length: grade.parallel }, (_, index) => index + 1);
    const env = (index: number) => ({ ...variables, CI_NODE_INDEX: index, CI_NODE_TOTAL: grade.parallel });
    expectAllParts(indexes.flatMap((index) => gradeWords(grade.script.join('\n'), env(index), '.')));
    expect(gradeWords(merge.script.join('\n'), {}, '.')[0]?.[0]).toBe('merge');
  });

  it('Kubernetes grades every part, counted from 1, and does not try wrong words again', () => {
    const { apiVersion, kind, spec } = read('kubernetes-job.yaml');
    expect([apiVersion, kind, spec.completionMode, spec.template.spec.restartPolicy]).toEqual([
      'batch/v1',
      'Job',
      'Indexed',
      'Never',
    ]);
    const [container] = spec.template.spec.containers;
    expect(container.command).toEqual(['bash', '-c']);
    const indexes = Array.from({ length: spec.completions }, (_, index) => index);
    expectAllParts(indexes.flatMap((index) => gradeWords(container.args[0], { JOB_COMPLETION_INDEX: index })));
    const [rule] = spec.podFailurePolicy.rules;
    expect(rule).toMatchObject({ action: 'FailJob', onExitCodes: { containerName: container.name, values: [2] } });
    const mounts = container.volumeMounts.map(({ name }: { name: string }) => name);
    expect(spec.template.spec.volumes.map(({ name }: { name: string }) => name)).toEqual(mounts);
  });
});
