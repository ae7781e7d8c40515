/** The name of a program in steps and messages: server, client or proxy, depending on the stage. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it, vi } from 'vitest';
import { CheckFailure, type Role } from '../contract/check.ts';
import { course, programPath } from '../course/course.ts';
import type { Harness } from '../harness/harness.ts';
import type { Program } from '../harness/program.ts';
import { root } from '../root.ts';
import { runMilestone } from './run.ts';

const starts: Record<Role, (harness: Harness) => Promise<Program>> = {
  server: (harness) => harness.startServer(),
  client: async (harness) => {
    await harness.openServer();
    return harness.startClient().program;
  },
  proxy: (harness) => harness.startProxy(),
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
  const run = vi.spyOn(check, 'run').mockImplementation(async (harness) => {
    await harness.interrupt(await starts[role](harness));
    throw new CheckFailure({ symptom: 'missing-bytes', expected: '', observed: '' });
  });
  const candidate = { kind: 'file', path: programPath(stage, 'solutions'), whose: 'solution' } as const;
  const { results } = await runMilestone({ milestone, candidate, seed: '1', only: [check.id] });
  run.mockRestore();
  const stopped = results[0]?.evidence?.did.filter((step) => step.startsWith('stopped'));
  expect(stopped).toEqual([`stopped the ${role} and let it go on a few times, as Ctrl-Z and fg do`]);
});

/** The texts in the source files of a folder that read like words: strings and templates with a blank in them. */
function textsIn(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts') && !/(\.test|fixtures)\.ts$/.test(name))
    .flatMap((name) => {
      const source = readFileSync(join(root, folder, name), 'utf8');
      const found: string[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isStringLiteralLike(node)) found.push(node.text);
        if (ts.isTemplateExpression(node))
          found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'));
        ts.forEachChild(node, visit);
      };
      visit(ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true));
      return found.filter((text) => text.includes(' '));
    });
}

const folders = course.flatMap(({ role, milestones }) =>
  milestones.map(({ id }) => ({ role, folder: `checkers/checks/${id}` })),
);

describe('messages of checks', () => {
  it.each(folders)('call the $role by its name in $folder', ({ role, folder }) => {
    const wrong = role === 'proxy' ? /(?<!file )servers?\b/i : /prox(y|ies)|upstream/i;
    expect(textsIn(folder).length).toBeGreaterThan(2);
    expect(textsIn(folder).filter((text) => wrong.test(text))).toEqual([]);
  });

  it.each(['serving', 'asking'])('speak of no proxy in checks/%s', (folder) => {
    expect(textsIn(`checkers/checks/${folder}`).filter((text) => /prox(y|ies)|upstream/i.test(text))).toEqual([]);
  });

  it('mention a proxy in the harness, which all stages share, only beside its upstream', () => {
    expect(textsIn('checkers/harness').filter((text) => /\bprox(y|ies)\b(?!.*upstream)/i.test(text))).toEqual([]);
  });
});
