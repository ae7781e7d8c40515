/** The packs with the real grader: THOROUGH=1, since it grades a whole stage and the canaries beside it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { findStage, programPath, type Stage } from '../../course/course.ts';
import { skeletonOf } from '../../course/skeleton.ts';
import { root } from '../../root.ts';
import { classroom50Schema, gradescopeSchema } from '../fixtures/schemas.ts';
import { packGithub, packGradescope } from './index.ts';

const thorough = process.env.THOROUGH === '1';
if (!thorough) console.warn('Left out: packs with the real grader take a minute (THOROUGH=1 runs them).');

// If every test is skipped, nothing would remove it.
const place = thorough ? mkdtempSync(join(tmpdir(), 'workshop-real-pack-')) : '';
afterAll(() => rmSync(place, { recursive: true, force: true }));
const stage = findStage(1) as Stage;
const order = { stage: 1, classSeed: 'autumn-26', rubric: null, into: place };
const ajv = new Ajv({ allErrors: true });

function run(argv: string[], cwd: string, env: NodeJS.ProcessEnv): number | null {
  const [program = '', ...words] = argv;
  return spawnSync(program, words, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] })
    .status;
}

/** As `npm ci --omit=dev` does, without the network. Not a link: a sandbox shows the workshop, and nothing outside of it. */
function install(workshop: string): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [path, { dev }] of Object.entries<{ dev?: boolean }>(packages)) {
    if (path === '' || dev || !existsSync(join(root, path))) continue;
    cpSync(join(root, path), join(workshop, path), { recursive: true });
  }
}

describe.runIf(thorough && process.platform === 'linux')('packs with the real grader', () => {
  it('Gradescope gives the solution all points', () => {
    const autograder = join(place, 'autograder');
    for (const [path, bytes] of Object.entries(unzipSync(readFileSync(packGradescope(order))))) {
      mkdirSync(dirname(join(autograder, 'source', path)), { recursive: true });
      writeFileSync(join(autograder, 'source', path), bytes);
    }
    install(join(autograder, 'source', 'workshop'));
    cpSync(join(autograder, 'source', 'run_autograder'), join(autograder, 'run_autograder'));
    chmodSync(join(autograder, 'run_autograder'), 0o755);
    mkdirSync(join(autograder, 'submission'));
    cpSync(programPath(stage, 'solutions'), join(autograder, 'submission', stage.file));
    writeFileSync(join(autograder, 'submission_metadata.json'), '{"users":[{"id":77}]}');
    expect(run([join(autograder, 'run_autograder')], autograder, { AUTOGRADER_ROOT: autograder })).toBe(0);
    const result = JSON.parse(readFileSync(join(autograder, 'results', 'results.json'), 'utf8'));
    expect(ajv.validate(gradescopeSchema, result), ajv.errorsText()).toBe(true);
    const outOf = result.tests.reduce((sum: number, { max_score }: { max_score: number }) => sum + max_score, 0);
    expect([result.score > 0, result.score]).toEqual([true, outOf]);
  }, 300_000);

  it('Classroom 50 gives the skeleton nothing, and says which stub comes first', () => {
    const autograder = packGithub(order)[1] ?? '';
    install(join(dirname(autograder), 'workshop'));
    const checkout = join(place, 'checkout');
    mkdirSync(checkout);
    writeFileSync(join(checkout, stage.file), skeletonOf(stage));
    const env = { OWNER: 'ada', CLASSROOM: 'networks', ASSIGNMENT: 'stage-1', SUBMISSION_TAG: 'submit/1' };
    expect(run(['python3', autograder], checkout, env)).toBe(0);
    const result = JSON.parse(readFileSync(join(checkout, 'result.json'), 'utf8'));
    expect(ajv.validate(classroom50Schema, result), ajv.errorsText()).toBe(true);
    expect([result.owner, result.score]).toEqual(['ada', 0]);
    expect(readFileSync(join(checkout, 'release-body.md'), 'utf8')).toContain('is still a stub');
  }, 300_000);
});
