/** The output of `json` matches its published schema for every outcome. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findMilestone } from '../checkers/course/find.ts';
import { jsonReport } from '../checkers/report/json.ts';
import { root, workshopFolder } from '../checkers/root.ts';
import { runMilestone } from '../checkers/run/run.ts';
import { copyWorkshop, run } from './fixtures.ts';

const schema = JSON.parse(readFileSync(join(root, 'docs', 'milestone-result.schema.json'), 'utf8'));
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
const workshop = copyWorkshop();

/** Parses text that has to be JSON of the published shape and nothing else. */
function parse(text: string): unknown {
  const value: unknown = JSON.parse(text);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
  return value;
}

async function judge(...words: string[]): Promise<{ code: number | null; result: unknown }> {
  const start = join(workshop, 'scripts', 'start.mjs');
  const { code, stdout, stderr } = await run([process.execPath, start, 'milestone', ...words, 'json'], workshop);
  expect(stderr).toBe('');
  return { code, result: parse(stdout) };
}

/** A proxy that turns what clients send into capital letters. */
const shouting = `
  const { connect, createServer } = require('node:net');
  createServer((client) => {
    const upstream = connect(process.env.UPSTREAM_PORT, '127.0.0.1');
    client.on('data', (bytes) => upstream.write(bytes.toString().toUpperCase()));
  }).listen(process.env.PORT);`;

describe.runIf(process.platform === 'linux')('the JSON', () => {
  it('of a run that passes', async () => {
    const { code, result } = await judge('4.1', 'solution', 'seed', '7F3A');
    expect(result).toMatchObject({ version: 2, milestone: '4.1', judged: 'the solution', seed: '7f3a', passed: true });
    expect(code).toBe(0);
  });

  it('of a run that fails, with the bytes that differ', async () => {
    const { code, result } = await judge('4.2', 'only', 'round-trip', '--command', `node -e "${shouting}"`);
    const [h, H] = ['68', '48'];
    expect(result).toMatchObject({
      passed: false,
      checks: [
        {
          status: 'fail',
          difference: { offset: 0, expected: expect.stringMatching(`^${h}`), observed: expect.stringMatching(`^${H}`) },
        },
      ],
    });
    expect(code).toBe(1);
  });

  it('is a list if no milestone was named, up to where the run stopped', async () => {
    const { result } = await judge('solution', 'only', '1');
    expect(result).toMatchObject([{ milestone: '4.1', checks: [{ number: 1, status: 'pass' }] }]);
  });

  it('is the only output through npm, from any folder', async () => {
    const words = ['run', '-s', 'milestone', '1', 'solution', 'only', '1', 'json'];
    const { stdout } = await run(['npm', ...words], join(workshop, 'stages', 'stage-4-tcp-proxy'));
    expect(parse(stdout)).toMatchObject({ milestone: '4.1', passed: true });
  });
});

describe('of a program that cannot be built', () => {
  it('gives the place of the mistake, and judges nothing else', async () => {
    const folder = join(workshopFolder, `broken-${process.pid}`);
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'proxy.ts');
    writeFileSync(path, 'const port = 8080;\nlisten(port;\n');
    const milestone = findMilestone('4.1');
    if (milestone === undefined) throw new Error('no milestone 4.1');
    const result = await runMilestone({ milestone, candidate: { kind: 'file', path, whose: 'learner' }, seed: '1' });
    const report = parse(JSON.stringify(jsonReport(result))) as { checks: { status: string; observed: string }[] };
    expect(report.checks[0]?.observed).toContain('proxy.ts:2:12: Expected ")"');
    expect(report.checks.map(({ status }) => status)).toEqual(['fail', 'skipped', 'skipped', 'skipped', 'skipped']);
  });
});
