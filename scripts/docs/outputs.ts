/** The output of a command, for pages that show it: run in a copy of the workshop, so that no learner's progress changes. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { $ } from 'zx';
import { findStage, programPath } from '../../checkers/course/course.ts';
import { root } from '../../checkers/root.ts';

/** What a copy needs besides the packages. */
const PARTS = 'package.json tsconfig.json linux checkers scripts stages solutions assets docs'.split(' ');
const DEADLINE_MS = 100_000;

/** Copies the workshop to a temporary folder, without ignored files. */
export function copyTo(copy: string): string {
  for (const part of PARTS) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  return copy;
}

/** Calls a function with a fresh copy of the workshop, and removes the copy. */
export async function withCopy<T>(body: (copy: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'workshop-docs-'));
  try {
    return await body(copyTo(copy));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/**
 * Runs a command of a page.
 *
 * @param command 'npm run -s WORD …' or 'npx tsx FILE …'
 * @param folder where
 * @returns what it printed to a page of 80 columns, without colours
 * @throws Error for another command, or one that takes more than its deadline
 */
export async function outputOf(command: string, folder: string): Promise<string> {
  const { INIT_CWD, FORCE_COLOR, CI, ...rest } = process.env;
  // Readers of a lesson are on its stage.
  const env = { ...rest, NO_COLOR: '1', INIT_CWD: folderOf(command) };
  const run = $({
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    nothrow: true,
    quiet: true,
    timeout: `${DEADLINE_MS}ms`,
  });
  const { stdall, duration } = await run`${process.execPath} ${argumentsOf(command)}`;
  // Some programs clean up on SIGTERM, and then exit.
  if (duration >= DEADLINE_MS) throw new Error(`${command}: did not end within ${DEADLINE_MS} ms`);
  return stripVTControlCharacters(stdall).trimEnd();
}

function argumentsOf(command: string): string[] {
  const ours = /^npm run -s ([\w: .-]+)$/.exec(command)?.[1];
  if (ours !== undefined) return [join('scripts', 'start.mjs'), ...ours.split(/[: ]/)];
  const program = /^npx tsx ([\w./ -]+)$/.exec(command)?.[1];
  if (program !== undefined) return ['--import', 'tsx', ...program.split(' ')];
  throw new Error(`${command}: a page may show the output of 'npm run -s …' and of 'npx tsx …' alone`);
}

/** Significant numbers. */
const KEPT = /TODO [\d.]+|[mM]ilestone \d[.\d]*|[cC]heck \d+|(?<=\.ts):\d+|[sS]tage[- ]\d|code \d+/g;

/** The comparable part of a command's output: an experiment's output is stable, a check's has times and ports. */
export function comparable(command: string, output: string): string {
  return command.startsWith('npx tsx ') ? output : steady(output);
}

/** The stable part of a check's output: without times, ports, seeds and line breaks. */
export function steady(output: string): string {
  const blanked = output.replaceAll(/[sS]eed +[0-9a-f]{1,8}\b/g, 'seed #').replaceAll(/\s+/g, ' ');
  const kept = blanked.match(KEPT) ?? [];
  return blanked
    .split(KEPT)
    .map((text) => text.replaceAll(/\d[\d,.]*\d|\d/g, '#'))
    .flatMap((text, index) => [text, kept[index] ?? ''])
    .join('');
}

/** The folder of the stage that a command names a milestone of; the root where it names none. */
function folderOf(command: string): string {
  const stage = findStage(Number(/ milestone (\d+)\.\d/.exec(command)?.[1]));
  return stage === undefined ? root : dirname(programPath(stage, 'stages'));
}
