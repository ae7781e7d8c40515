/** The one whose race it is: the proxy of a stage, the learner's or ours, or any command. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram } from '../lab/build.ts';
import type { ProgramSpec } from '../lab/program.ts';
import { fromRoot, root } from '../root.ts';
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

/** Any program that listens on PORT and connects to UPSTREAM_PORT. */
export function commandRacer(command: string, cwd: string): Entrant {
  return racer('your command', command, () => ({ argv: ['sh', '-c', command], cwd, label: command }));
}

function racer(name: string, settings: string, prepare: () => ProgramSpec): Entrant {
  return { id: RACER, name, settings, missing: () => undefined, prepare };
}
