/** The racer: the proxy of a stage, the learner's or ours, or any command. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramSpec } from '../harness/program.ts';
import { fromRoot, root } from '../root.ts';
import { buildProgram } from '../run/build.ts';
import type { Entrant } from './entrants.ts';

export const RACER = 'racer';

/** The proxy of a stage: stages/stage-N-…/proxy.ts, or the solution's; undefined where that stage has none. */
export function proxyFile(stage: number, whose: 'stages' | 'solutions'): string | undefined {
  const folder = readdirSync(join(root, whose)).find((name) => name.startsWith(`stage-${stage}-`));
  const path = join(root, whose, folder ?? '', 'proxy.ts');
  return folder !== undefined && existsSync(path) ? path : undefined;
}

/** Stages that have a proxy, by their numbers. */
export function stagesWithProxy(whose: 'stages' | 'solutions'): number[] {
  const numbers = readdirSync(join(root, whose)).map((name) => Number(/^stage-(\d+)-/.exec(name)?.[1]));
  return numbers.filter((number) => proxyFile(number, whose) !== undefined).sort((a, b) => a - b);
}

/**
 * A TypeScript proxy as an entrant; built here.
 *
 * @throws BuildFailure when it has mistakes that keep it from running
 */
export async function fileRacer(path: string, name: string, folder: string): Promise<Entrant> {
  const spec = await buildProgram(path, folder);
  return racer(name, fromRoot(path), () => spec);
}

/** The stage whose proxy can be told to leave a trick out. */
export const TRICKS_STAGE = 9;

/**
 * The effect of each trick: a proxy of stage 9 without one of them, or with one more, and our solution of the stage before,
 * which has none.
 *
 * @param whole the proxy with its usual settings
 * @param folder where our solution is built
 */
export async function withoutTricks(whole: Entrant, folder: string): Promise<Entrant[]> {
  const before = Math.max(...stagesWithProxy('solutions').filter((stage) => stage < TRICKS_STAGE));
  const plain = await fileRacer(proxyFile(before, 'solutions') ?? '', `solution ${before}`, folder);
  const varied = (id: string, name: string, variables: Record<string, string>): Entrant => {
    const told = Object.entries(variables).map(([variable, value]) => `${variable}=${value}`);
    return { ...whole, id, name, settings: `${whole.settings} with ${told.join(' ')}`, variables };
  };
  return [
    varied('two-workers', '2 workers', { WORKERS: '2' }),
    varied('always-splice', 'always splice', { SPLICE: 'always' }),
    varied('no-splice', 'no splice', { SPLICE: 'off' }),
    { ...plain, id: 'no-tricks' },
  ];
}

/** Any program that listens on PORT and connects to UPSTREAM_PORT. */
export function commandRacer(command: string, cwd: string): Entrant {
  return racer('your command', command, () => ({ argv: ['sh', '-c', command], cwd, label: command }));
}

function racer(name: string, settings: string, prepare: () => ProgramSpec): Entrant {
  return { id: RACER, name, settings, missing: () => undefined, prepare };
}
