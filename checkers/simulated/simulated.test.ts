/** Verdicts on the simulated kernel: the same checks, the same reports, each time to the byte. */

import { describe, expect, it } from 'vitest';
import { course, programPath } from '../course/course.ts';
import { findMilestone } from '../course/find.ts';
import { mutants } from '../mutants/index.ts';
import { judgeSource, mutantSource } from '../mutants/mutant.ts';
import { jsonReport } from '../report/json.ts';
import { type MilestoneResult, runMilestone } from '../run/run.ts';

const seed = '7f3a';
/** In ms: a busy machine. */
const timeout = 60_000;

function milestone(id: string) {
  const found = findMilestone(id);
  if (found === undefined) throw new Error(`no milestone ${id}`);
  return found;
}

/** Judges a program for stage 4, as if it were the learner's. */
function judge(name: string, source: string, only?: string[]): Promise<MilestoneResult> {
  return judgeSource(milestone('4.1'), name, source, { seed, simulated: true, ...(only && { only }) });
}

function mutantResult(id: string, only?: string[]): Promise<MilestoneResult> {
  const mutant = mutants.find((one) => one.id === id);
  if (mutant === undefined) throw new Error(`no mutant ${id}`);
  const { caughtBy } = mutant;
  return judgeSource(milestone(mutant.milestone), id, mutantSource(mutant), {
    seed,
    simulated: true,
    only: only ?? [caughtBy],
  });
}

/** Milestones whose programs start processes of their own. */
const ONLY_ON_LINUX = ['9.3'];

describe.each(course.map((stage) => ({ stage, name: `stage ${stage.number}` })))(
  'the solution of $name',
  ({ stage }) => {
    it.each(stage.milestones.map((one) => ({ one, id: one.id })))('passes $id', { timeout }, async ({ one, id }) => {
      const candidate = { kind: 'file', path: programPath(stage, 'solutions'), whose: 'solution' } as const;
      const { results } = await runMilestone({ milestone: one, candidate, seed, simulated: true });
      const expected = ONLY_ON_LINUX.includes(id) ? 'skipped' : 'pass';
      expect(results.map((check) => `${check.id} ${check.status} ${check.reason ?? ''}`)).toEqual(
        one.checks.map((check) => expect.stringMatching(new RegExp(`^${check.id} ${expected}`))),
      );
    });
  },
);

it('gives the same report to the byte for the same seed', { timeout }, async () => {
  const reports = [await mutantResult('one-send-is-enough'), await mutantResult('one-send-is-enough')];
  const [first, second] = reports.map((result) => JSON.stringify(jsonReport(result)));
  expect(first).toContain('partial-send-ignored');
  expect(second).toBe(first);
  const [trace, again] = reports.map(({ results }) => JSON.stringify(results[0]?.evidence?.trace));
  expect(trace?.length).toBeGreaterThan(1000);
  // The file's folder has this process's number in it, which is the same here.
  expect(again).toBe(trace);
});

describe('a program that', () => {
  const LISTEN = `import { AF_INET, bind, listen, sockaddr_in, SOCK_STREAM, socket } from '#linux';
const fd = socket(AF_INET, SOCK_STREAM, 0);
bind(fd, sockaddr_in('0.0.0.0', Number(process.env.PORT)));
listen(fd, 10);
`;

  it('computes for ever fails as on the real kernel, and soon', { timeout }, async () => {
    const { results } = await judge('computes', `${LISTEN}while (true) {}\n`, ['one-each']);
    expect(results[0]?.status).toBe('fail');
    expect(results[0]?.evidence?.state).toMatchObject({ letter: 'R', busy: 1 });
  });

  it('calls for ever without getting on fails soon', { timeout }, async () => {
    const source = `import { epoll_create1, epoll_wait } from '#linux';\n${LISTEN}const loop = epoll_create1(0);\nwhile (true) epoll_wait(loop, [], 1, 0);\n`;
    const { results } = await judge('spins', source, ['one-each']);
    expect(results[0]?.status).toBe('fail');
    expect(results[0]?.evidence?.state?.busy).toBeGreaterThan(0.9);
  });

  it('throws is shown with its line', { timeout }, async () => {
    const { results } = await judge('throws', `${LISTEN}const none: any = undefined;\nnone.forgotten();\n`, [
      'listening',
    ]);
    expect(results[0]?.evidence).toMatchObject({ symptom: 'stopped', exit: { code: 1, signal: null } });
    expect(results[0]?.explanation).toMatchObject({ causeId: 'uncaught-error' });
    expect(results[0]?.explanation?.cause).toContain('proxy.ts:6');
  });

  it('exits is shown with its code', { timeout }, async () => {
    const { results } = await judge('exits', `${LISTEN}process.exit(7);\n`, ['listening']);
    expect(results[0]?.evidence).toMatchObject({ symptom: 'stopped', exit: { code: 7, signal: null } });
  });

  it.each([
    ['a promise', `async function later() {}\n${LISTEN}void later();\n`],
    ['a promise', `${LISTEN}void Promise.resolve(1).then(() => {});\n`],
    ['a timer', `${LISTEN}setTimeout(() => {}, 10);\n`],
  ])('waits for %s is not judged, and told why', { timeout }, async (what, source) => {
    const { results } = await judge('awaits', source, ['listening']);
    expect(results[0]?.status).toBe('broken');
    expect(results[0]?.reason).toContain(`it waits for ${what}`);
  });

  it('imports what the simulation lacks is not judged, and told why', { timeout }, async () => {
    const { results } = await judge('imports', `import { connect } from 'node:net';\nconnect(1);\n`, ['listening']);
    expect(results[0]?.reason).toContain('it imports node:net');
  });
});

it('shows the unfilled stub, its function and its line', { timeout }, async () => {
  const [stage] = course.filter(({ number }) => number === 4);
  const candidate = {
    kind: 'file',
    path: programPath(stage as never, 'stages'),
    whose: 'learner',
  } as const;
  const { results } = await runMilestone({ milestone: milestone('4.1'), candidate, seed, simulated: true });
  expect(results[0]).toMatchObject({ status: 'fail', explanation: { todo: '4.1.1' } });
});
