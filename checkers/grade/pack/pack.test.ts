/** The packs, run as the services run them: the same layout of folders, the same commands, the same environment. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../root.ts';
import { gradeOf } from '../fixtures/class.ts';
import { classroom50Schema, gradescopeSchema } from '../fixtures/schemas.ts';
import { packGithub, packGradescope } from './index.ts';
import { workshopFiles } from './workshop-files.ts';

const place = mkdtempSync(join(tmpdir(), 'workshop-pack-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const order = { stage: 4, classSeed: 'autumn-26', rubric: null, into: join(place, 'packs') };
const ajv = new Ajv({ allErrors: true });
const bin = join(place, 'bin');
const log = join(place, 'words.log');
const due = gradeOf('utf8', 'x');

/** System commands that the test replaces. */
function command(name: string, text: string): void {
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${text}\n`);
  chmodSync(join(bin, name), 0o755);
}

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function run(argv: string[], cwd: string, env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  const [program = '', ...words] = argv;
  const path = `${bin}:${process.env.PATH}`;
  return spawnSync(program, words, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: path, STAND_IN_LOG: log, ...env },
  });
}

/** The last call of npm: its words, the class list that they name, and the seed in its environment. */
function lastCall(): { words: string[]; roster?: string; seed?: string } {
  return JSON.parse(readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '{}');
}

function lastWords(): string[] {
  return lastCall().words;
}

beforeAll(() => {
  const loader = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  command('npm', `exec node --import '${loader}' '${join(root, 'checkers', 'grade', 'fixtures', 'stand-in.ts')}' "$@"`);
  for (const name of ['sudo', 'apt-get', 'sysctl']) command(name, ':');
});

describe('what is packed', () => {
  it('is what the grader needs, without private files of the packer', () => {
    const files = workshopFiles();
    for (const due of [
      'package.json',
      'package-lock.json',
      'checkers/run/run.ts',
      'scripts/start.mjs',
      'linux/index.ts',
      'assets/www/index.html',
    ]) {
      expect(files).toContain(due);
    }
    expect(files.filter((path) => /node_modules|^\.|\.test\.ts$/.test(path))).toEqual([]);
  });
});

describe('Gradescope', () => {
  const autograder = join(place, 'autograder');
  const workshop = join(autograder, 'source', 'workshop');
  const result = () => JSON.parse(readFileSync(join(autograder, 'results', 'results.json'), 'utf8'));
  const grade = (env: NodeJS.ProcessEnv = {}) =>
    run([join(autograder, 'run_autograder')], autograder, { AUTOGRADER_ROOT: autograder, ...env });
  let zip: string;

  beforeAll(() => {
    zip = packGradescope(order);
    for (const [path, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
      write(join(autograder, 'source', path), bytes);
    }
    // As the service does: the script to run gets a place of its own.
    write(join(autograder, 'run_autograder'), readFileSync(join(autograder, 'source', 'run_autograder')));
    chmodSync(join(autograder, 'run_autograder'), 0o755);
    // Installed before, so that setup.sh needs no network here.
    symlinkSync(join(root, 'node_modules'), join(workshop, 'node_modules'));
    write(join(autograder, 'submission', 'proxy.ts'), '// mine');
    write(join(autograder, 'submission', 'results.json'), '{"score":100}');
    write(
      join(autograder, 'submission_metadata.json'),
      JSON.stringify({ users: [{ id: 1234, email: 'a@example.org' }] }),
    );
  });

  it('the zip has both scripts at its top, ready to be run, and is the same each time', () => {
    const list =
      'import sys,zipfile;[print(oct(i.external_attr>>16),i.filename) for i in zipfile.ZipFile(sys.argv[1]).infolist()]';
    const lines = run(['python3', '-c', list, zip], place).stdout.split('\n');
    expect(lines).toContain('0o100755 setup.sh');
    expect(lines).toContain('0o100755 run_autograder');
    expect(lines).toContain('0o100644 workshop/package.json');
    expect(readFileSync(packGradescope({ ...order, into: join(place, 'again') }))).toEqual(readFileSync(zip));
  });

  it('setup.sh succeeds if everything is installed', () => {
    const done = run(['bash', join(autograder, 'source', 'setup.sh')], autograder, { AUTOGRADER_ROOT: autograder });
    expect([done.status, done.stderr]).toEqual([0, '']);
  });

  it('grades a submission with the instructor’s command', () => {
    expect(grade().status).toBe(0);
    expect(ajv.validate(gradescopeSchema, result()), ajv.errorsText()).toBe(true);
    expect(result().score).toBe(due.points);
    expect(lastWords().slice(0, 4)).toEqual(['run', '--silent', 'grade', '--']);
    expect(lastWords().slice(5, 10)).toEqual(['stage', '4', 'require', 'user', 'results']);
    // Every process of the machine may read a command line.
    expect(lastCall().seed).toBe('autumn-26');
    expect(lastWords().join(' ')).not.toContain('autumn-26');
    // Seed, checks and solution are for the grader alone, and the result is written by it alone.
    for (const name of ['source', 'results']) expect(statSync(join(autograder, name)).mode & 0o77).toBe(0);
    expect(statSync(join(autograder, 'results', 'results.json')).mode & 0o77).toBe(0);
  }, 60_000);

  const due_date = '2018-07-31T23:00:00.000000-07:00';
  const [ada, ben] = [{ id: 1234 }, { id: 9, assignment: { due_date: '2018-08-02T23:00:00.000000-07:00' } }];
  it.each<[string, object, string | undefined]>([
    ['on time', { assignment: { due_date } }, '2018-08-01T06:00:00.000Z'],
    ['without a due date', { assignment: { due_date: null } }, undefined],
    [
      'by a group, one of whom has an extension',
      { assignment: { due_date }, users: [ada, ben] },
      '2018-08-03T06:00:00.000Z',
    ],
  ])(
    'takes the time and the deadline from submission_metadata.json: %s',
    (_, more, deadline) => {
      const path = join(autograder, 'submission_metadata.json');
      const before = readFileSync(path);
      write(path, JSON.stringify({ created_at: '2018-07-01T14:22:32.365935-07:00', users: [ada], ...more }));
      try {
        expect(grade().status).toBe(0);
      } finally {
        write(path, before);
      }
      const { words, roster } = lastCall();
      expect(words.includes('deadline')).toBe(deadline !== undefined);
      if (deadline === undefined) return;
      expect(words[words.indexOf('deadline') + 1]).toBe(deadline);
      expect(roster).toBe('id,name,submitted\n"1234","1234","2018-07-01T21:22:32.365Z"\n');
    },
    60_000,
  );

  it.each([
    ['the grader crashes', { STAND_IN: 'crash' }],
    ['the isolation does not hold', { STAND_IN: 'refuse' }],
    ['there is no node', { PATH: '' }],
  ])(
    'leaves a results.json without a mark when %s',
    (_, env) => {
      const without = 'PATH' in env ? { ...env, PATH: withoutNode() } : env;
      expect(grade(without).status).not.toBe(0);
      expect(ajv.validate(gradescopeSchema, result()), ajv.errorsText()).toBe(true);
      expect(result().score).toBeUndefined();
      expect(result().output).toContain('There is no mark yet');
    },
    60_000,
  );
});

/** A folder with the few commands that the script needs, and no node. */
function withoutNode(): string {
  const few = join(place, 'few');
  mkdirSync(few, { recursive: true });
  for (const name of ['bash', 'env', 'mkdir', 'cat', 'chmod']) {
    const found = run(['bash', '-c', `command -v ${name}`], place).stdout.trim();
    if (!existsSync(join(few, name))) symlinkSync(found, join(few, name));
  }
  return few;
}

describe('Classroom 50', () => {
  const checkout = join(place, 'checkout');
  const env = {
    CLASSROOM: 'networks',
    ASSIGNMENT: 'stage-4',
    ASSIGNMENT_TYPE: 'individual',
    USERNAME: 'ada',
    OWNER: 'ada',
    SUBMISSION_TAG: 'submit/2026-09-01T12-00-00Z-a1b2c3d',
    COMMIT_URL: 'https://example.org/commit/a1b2c3d',
    RELEASE_URL: 'https://example.org/release',
    REVIEW_URL: '',
  };
  let autograder: string;

  beforeAll(() => {
    autograder = packGithub(order)[1] ?? '';
    symlinkSync(join(root, 'node_modules'), join(dirname(autograder), 'workshop', 'node_modules'));
    write(join(checkout, 'proxy.ts'), '// mine');
    const git = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
    run(['git', 'init', '-q'], checkout);
    run(['git', ...git, 'add', '.'], checkout);
    run(['git', ...git, 'commit', '-qm', 'mine'], checkout, { GIT_COMMITTER_DATE: '2026-09-01T12:00:00Z' });
  });

  it('gets a valid result.json with the service’s own data, and a page for the release', () => {
    write(join(checkout, 'result.json'), '{"score":100}');
    const done = run(['python3', autograder], checkout, { ...env, CLASSROOM50_BUNDLE_DIR: dirname(autograder) });
    expect(done.status, done.stderr).toBe(0);
    const result = JSON.parse(readFileSync(join(checkout, 'result.json'), 'utf8'));
    expect(ajv.validate(classroom50Schema, result), ajv.errorsText()).toBe(true);
    expect(result).toMatchObject({ owner: 'ada', classroom: 'networks', score: due.points, 'max-score': due.outOf });
    expect(result).toMatchObject({
      submission: env.SUBMISSION_TAG,
      review: env.COMMIT_URL,
      datetime: '2026-09-01T12:00:00Z',
    });
    expect(readFileSync(join(checkout, 'release-body.md'), 'utf8')).toContain('# Stage 4: TCP proxy');
    expect(lastWords().slice(5, 9)).toEqual(['stage', '4', 'require', 'bubblewrap']);
    expect(statSync(join(checkout, 'result.json')).mode & 0o77).toBe(0);
  }, 60_000);

  it('has the seed from a secret, or one of its own for each run; it is in no file of the pack', () => {
    const grade = (more: NodeJS.ProcessEnv) => {
      const done = run(['python3', autograder], checkout, { ...env, GRADE_SEED: '', ...more });
      expect(done.status, done.stderr).toBe(0);
      expect(lastWords().join(' ')).not.toContain(lastCall().seed);
      return { seed: lastCall().seed, said: done.stderr };
    };
    expect(grade({ GRADE_SEED: 'winter-27' })).toMatchObject({ seed: 'winter-27' });
    const [one, other] = [grade({}), grade({})];
    expect(one.said).toContain('GRADE_SEED is not set');
    expect(one.seed).toMatch(/^[0-9a-f]{16}$/);
    expect(one.seed).not.toBe(other.seed);
    const into = join(place, 'packed-with-a-seed');
    packGithub({ ...order, classSeed: 'in-none-of-the-files', into });
    const packed = readdirSync(into, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const holds = packed.filter((file) =>
      readFileSync(join(file.parentPath, file.name)).includes('in-none-of-the-files'),
    );
    expect(holds.map(({ name }) => name)).toEqual([]);
  }, 60_000);

  it.each([
    ['a link to another file', (path: string) => symlinkSync(join(place, 'elsewhere'), path)],
    ['a folder', (path: string) => mkdirSync(join(path, 'inner'), { recursive: true })],
  ])(
    'writes its result where the submission has %s',
    (_, make) => {
      rmSync(join(checkout, 'result.json'), { force: true });
      write(join(place, 'elsewhere'), 'as it was');
      make(join(checkout, 'result.json'));
      const done = run(['python3', autograder], checkout, { ...env, CLASSROOM50_BUNDLE_DIR: dirname(autograder) });
      expect(done.status, done.stderr).toBe(0);
      expect(JSON.parse(readFileSync(join(checkout, 'result.json'), 'utf8')).owner).toBe('ada');
      expect(readFileSync(join(place, 'elsewhere'), 'utf8')).toBe('as it was');
    },
    60_000,
  );

  it('refuses with a sentence, and leaves no result, where there is no sandbox', () => {
    write(join(checkout, 'result.json'), '{"score":100}');
    const done = run(['python3', autograder], checkout, { ...env, STAND_IN: 'refuse' });
    expect(done.status).not.toBe(0);
    expect(done.stderr).toContain('The level bubblewrap is required, and does not hold on this machine.');
    expect(done.stderr).toContain('There is no mark: the grader refused to begin, for the reason above.');
    expect(existsSync(join(checkout, 'result.json'))).toBe(false);
  }, 60_000);

  it('sees the grader’s failure in the exit code, and finds no result, not even one from the submission', () => {
    write(join(checkout, 'result.json'), '{"score":100}');
    const done = run(['python3', autograder], checkout, { ...env, STAND_IN: 'crash' });
    expect(done.status).not.toBe(0);
    expect(existsSync(join(checkout, 'result.json'))).toBe(false);
  }, 60_000);
});

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  'working-directory'?: string;
  env?: Record<string, string>;
}

describe('plain Actions', () => {
  const space = join(place, 'actions');
  const workflow = () => parse(readFileSync(packGithub(order)[0] ?? '', 'utf8'));

  it('the workflow may read only, ends in time, and names a version of everything that it uses', () => {
    const { permissions, jobs } = workflow();
    expect(permissions).toEqual({ contents: 'read' });
    expect(jobs.grade['timeout-minutes']).toBeGreaterThan(0);
    const steps: Step[] = jobs.grade.steps;
    for (const { uses } of steps.filter((step) => step.uses)) expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
    // Untrusted text must not become part of a command.
    for (const step of steps) expect(step.run ?? '').not.toContain('${{');
  });

  it('its steps grade the submission, and show the feedback', () => {
    write(join(space, 'submissions', 'stage-4-ada', 'proxy.ts'), '// mine');
    mkdirSync(join(space, 'workshop'), { recursive: true });
    const env = { GITHUB_WORKSPACE: space, GITHUB_STEP_SUMMARY: join(space, 'summary.md'), GRADE_SEED: 'secret.seed' };
    const steps: Step[] = workflow().jobs.grade.steps.filter(({ run: text }: Step) => text !== undefined);
    const done = steps.map((step) =>
      // As the runner does.
      run(
        ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''],
        join(space, step['working-directory'] ?? ''),
        env,
      ),
    );
    expect(done.map(({ status }) => status)).toEqual(steps.map(() => 0));
    expect(readFileSync(join(space, 'summary.md'), 'utf8')).toContain('Student stage-4-ada');
    expect(existsSync(join(space, 'marks', 'report.html'))).toBe(true);
    expect(lastWords().slice(4)).toEqual([
      join(space, 'submissions'),
      ...['stage', '4', 'require', 'bubblewrap', 'results', join(space, 'marks')],
    ]);
    expect(lastCall().seed).toBe('secret.seed');
    const [stop, , go] = (done.at(-1)?.stdout ?? '').trim().split('\n');
    expect(stop?.replace('::stop-commands::', '')).toBe(go?.slice(2, -2));
  }, 60_000);
});
