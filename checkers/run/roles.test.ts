/** The name of a program in steps and messages: server, client or proxy, depending on the stage. */
import { describe, expect, it, vi } from 'vitest';
import { CheckFailure, type Role } from '../contract/check.ts';
import { course, programPath } from '../course/course.ts';
import type { Lab } from '../lab/lab.ts';
import type { Program } from '../lab/program.ts';
import { text } from '../messages/index.ts';
import { runMilestone } from './run.ts';

const starts: Record<Role, (lab: Lab) => Promise<Program>> = {
  server: (lab) => lab.startServer(),
  client: async (lab) => {
    await lab.openServer();
    return lab.startClient().program;
  },
  proxy: (lab) => lab.startProxy(),
};

it.each([
  [1, 'server'],
  [2, 'client'],
  [3, 'server'],
  [4, 'proxy'],
] as const)('in stage %d, what is stopped for a moment is the %s', async (number, role) => {
  const stage = course.find((each) => each.number === number);
  const [milestone] = stage?.milestones ?? [];
  const [check] = milestone?.checks ?? [];
  if (stage === undefined || milestone === undefined || check === undefined) throw new Error('the course is empty');
  const run = vi.spyOn(check, 'run').mockImplementation(async (lab) => {
    await lab.interrupt(await starts[role](lab));
    throw new CheckFailure({ symptom: 'missing-bytes', expected: '', observed: '' });
  });
  const candidate = { kind: 'file', path: programPath(stage, 'solutions'), whose: 'solution' } as const;
  const { results } = await runMilestone({ milestone, candidate, seed: '1', only: [check.id] });
  run.mockRestore();
  const stopped = results[0]?.evidence?.did.filter((step) => step.startsWith('stopped'));
  expect(stopped).toEqual([`stopped the ${role} and let it go on a few times, as Ctrl-Z and fg do`]);
});

/** All sentences of a part of the catalogue, with any arguments. */
function sentences(part: object): string[] {
  return Object.values(part).flatMap((value) => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'function') return [String(value(['X'], ['X'], ['X'], ['X']))];
    return typeof value === 'object' && value !== null ? sentences(value) : [];
  });
}

const { stage1, stage2, stage3, stage4, stage5, stage6, stage7, stage8, stage9, shared } = text.checks;

describe('messages of checks', () => {
  it.each(Object.entries({ stage1, stage2, stage3, shared }))('speak of no proxy in %s', (_name, part) => {
    expect(sentences(part).length).toBeGreaterThan(10);
    expect(sentences(part).filter((sentence) => /prox(y|ies)|upstream/i.test(sentence))).toEqual([]);
  });

  it.each(Object.entries({ stage4, stage5, stage6, stage7, stage8, stage9 }))(
    'call a proxy no server in %s',
    (_name, part) => {
      expect(sentences(part).length).toBeGreaterThan(10);
      expect(sentences(part).filter((sentence) => /(?<!file )servers?\b/i.test(sentence))).toEqual([]);
    },
  );

  it('do not mention proxies in the lab, which all stages share', () => {
    expect(sentences(text.lab).filter((sentence) => /\bprox(y|ies)\b/i.test(sentence))).toEqual([]);
  });
});
