/** A submission in any language: workshop.json says how to build it and how to run it. */
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Program } from '../worker/order.ts';
import { complaintOf, Refused } from './limits.ts';
import { readSource } from './source.ts';
import type { Found } from './walk.ts';

export const MANIFEST = 'workshop.json';
const MAX_COMMAND = 1000;

/** The manifest among the files, at the top or in the one folder around everything. */
export function findManifest(files: Found[]): Found | undefined {
  const found = files.filter(({ name }) => /^([^/]+\/)?workshop\.json$/.test(name));
  return found.find(({ name }) => name === MANIFEST) ?? (found.length === 1 ? found[0] : undefined);
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
