/** A submission in any language: workshop.json says how to build it and how to run it. */
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { course, type Stage } from '../../course/course.ts';
import { complaintOf, Refused, shown } from '../contract/limits.ts';
import type { Program } from '../contract/order.ts';
import { withoutSolutions } from './choose.ts';
import { readSource } from './source.ts';
import type { Found } from './walk.ts';

export const MANIFEST = 'workshop.json';
const MAX_COMMAND = 1000;

/** The manifests of a hand-in. */
export interface Manifests {
  /** the one that counts; undefined: none does */
  counts: Found | undefined;
  ignored: Found[];
}

/** Finds the manifest: in the stage's folder, else at the top, else in the one folder around everything. */
export function findManifest(stage: Stage, all: Found[]): Manifests {
  const found = withoutSolutions(all).filter(({ name }) => name.slice(name.lastIndexOf('/') + 1) === MANIFEST);
  const inStage = found.filter(({ name }) => `/${name}`.endsWith(`/${stage.folder}/${MANIFEST}`));
  const around = found.filter(({ name }) => name.split('/').length === 2 && !inAnyStage(name));
  const ranks = [inStage, found.filter(({ name }) => name === MANIFEST), around];
  const counts = ranks.find((rank) => rank.length === 1)?.[0];
  return { counts, ignored: found.filter((one) => one !== counts) };
}

function inAnyStage(name: string): boolean {
  return course.some(({ folder }) => name.split('/').includes(folder));
}

/** One sentence about a manifest that does not count. */
export function ignoredManifest({ folder }: Stage, { name }: Found): string {
  return `${shown(name)} is ignored: ${MANIFEST} counts in ${folder}/ or at the top of the hand-in.`;
}

/**
 * Copies everything beside the manifest, and reads the manifest.
 *
 * @throws Refused when it does not say what it has to
 */
export function programOf(manifest: Found, files: Found[], folder: string): Program {
  const { build, run } = parse(readSource(manifest.path, manifest.name).toString());
  const around = manifest.name.slice(0, -MANIFEST.length);
  for (const file of files.filter(({ name }) => name.startsWith(around))) {
    const path = join(folder, file.name.slice(around.length));
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(file.path, path);
    chmodSync(path, file.executable ? 0o755 : 0o644);
  }
  return { kind: 'command', build, run, cwd: folder };
}

function parse(source: string): { build: string | null; run: string } {
  let data: unknown;
  try {
    // Some editors on Windows begin a file with a byte order mark.
    data = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw refusal(`${MANIFEST} is not JSON (${complaintOf(error)}).`);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw refusal(`${MANIFEST} is not an object.`);
  const { build = null, run } = data as { build?: unknown; run?: unknown };
  if (!isCommand(run)) throw refusal(`${MANIFEST} has no command under "run".`);
  if (build !== null && !isCommand(build)) throw refusal(`"build" in ${MANIFEST} is not a command.`);
  return { build, run };
}

function refusal(problem: string): Refused {
  return new Refused(`${problem} Expected: {"build": "make", "run": "./proxy"}; "build" may be missing.`);
}

function isCommand(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= MAX_COMMAND && !value.includes('\0');
}
