/**
 * Bundles the learner's TypeScript into one JavaScript file with a source map. Done once a run: a loader would cost a fifth
 * of a second at each start of the program.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { BuildOptions, Message } from 'esbuild';
import type { StartedFile } from '../contract/check.ts';
import type { ProgramSpec } from '../harness/program.ts';
import { fromRoot, root } from '../root.ts';

/** A mistake in the learner's file that keeps it from being started: 'proxy.ts:12:5: Expected ";" but found "}"'. */
export class BuildFailure extends Error {
  /** one line for each mistake */
  readonly lines: string[];
  /** of a build command: the files that it may have failed to start */
  readonly startedFiles: StartedFile[];

  constructor(lines: string[], files: StartedFile[] = []) {
    super(lines[0]);
    this.lines = lines;
    this.startedFiles = files;
  }
}

/**
 * Bundles a program. Packages stay outside, so koffi's binary is found as usual.
 *
 * @param entry absolute path of the TypeScript file
 * @param folder the target folder; below the repository, or packages would not be found
 * @returns how to start it
 * @throws BuildFailure when it has mistakes that keep it from running
 */
export async function buildProgram(entry: string, folder: string): Promise<ProgramSpec> {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${basename(entry, '.ts')}.mjs`);
  // esbuild takes an asterisk in an entry point for a pattern, and the folder's name may have one.
  await bundle(relative(root, entry), outfile, options);
  return {
    argv: [process.execPath, '--enable-source-maps', outfile],
    // As with npm run proxy, so that both print the same file names.
    cwd: root,
    label: fromRoot(entry),
    afterLesson: true,
  };
}

async function bundle(file: string, outfile: string, how: typeof options | typeof simulatedOptions): Promise<void> {
  if (!(await buildFast(file, outfile, how))) await buildCarefully(file, outfile, how);
}

/**
 * From stage 7 on the route table is a Map, and may be long: too long to be copied for each call. In stage 9 it is an array
 * of numbers in which each socket of a pair leads to the other one.
 */
const LOOK_AT_ROWS =
  "globalThis.workshopRows = () => { try { if (ArrayBuffer.isView(routeTable)) return routeTable.length > 1024 ? undefined : [...routeTable].flatMap((peer, fd) => peer > fd ? [[fd, peer]] : []); return routeTable instanceof Map ? (routeTable.size > 256 ? undefined : [...routeTable]) : typeof routeTable === 'object' ? routeTable : []; } catch { return []; } };";

/** The options that both ways to build share. */
export const options = {
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'linked',
  // Learners may use require(), as they can when their file runs through tsx.
  // And the trace may look at the route table, which is a plain variable of the program.
  banner: [
    "import { createRequire as _cr } from 'node:module'; const require = _cr(import.meta.url);",
    LOOK_AT_ROWS,
  ].join(' '),
} as const;

/** For the simulated kernel: one script, whose modules its world provides, and promises that the world would notice. */
const simulatedOptions = {
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'external',
  supported: { 'async-await': false },
  define: { 'import.meta.url': '"file:///workshop/program.mjs"' },
  banner: LOOK_AT_ROWS,
  external: ['#linux'] as string[],
} as const;

/** A program as the simulated kernel runs it. */
export interface SimulatedProgram extends ProgramSpec {
  code: { script: string; map: string; name: string };
}

/**
 * Bundles a program for the simulated kernel.
 *
 * @param entry absolute path of the TypeScript file
 * @param folder the target folder, below the repository
 * @throws BuildFailure when it has mistakes that keep it from running
 */
export async function buildForSimulation(entry: string, folder: string): Promise<SimulatedProgram> {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${basename(entry, '.ts')}.cjs`);
  await bundle(relative(root, entry), outfile, simulatedOptions);
  const map = JSON.parse(readFileSync(`${outfile}.map`, 'utf8')) as { sources: string[] };
  const sources = map.sources.map((source) => relative(root, resolve(folder, source)));
  return {
    argv: [outfile],
    cwd: root,
    label: fromRoot(entry),
    afterLesson: true,
    code: {
      script: readFileSync(outfile, 'utf8'),
      map: JSON.stringify({ ...map, sources }),
      name: `${basename(entry, '.ts')}.cjs`,
    },
  };
}

/**
 * Runs esbuild's own program, which is faster than loading its library.
 *
 * @returns false if it is not found, or finds mistakes: the library then reports them one by one
 */
function buildFast(entry: string, outfile: string, how: typeof options | typeof simulatedOptions): Promise<boolean> {
  const esbuild = join(root, 'node_modules', '@esbuild', `${process.platform}-${process.arch}`, 'bin', 'esbuild');
  const flags = Object.entries(how).flatMap(([name, value]) => flagsOf(name, value));
  const args = [entry, `--outfile=${outfile}`, ...flags, '--log-level=silent'];
  return new Promise((resolve) => {
    execFile(esbuild, args, { cwd: root }, (error) => resolve(error === null));
  });
}

/** An option of esbuild's library as words of its command line. */
function flagsOf(name: string, value: unknown): string[] {
  if (name === 'banner') return [`--banner:js=${value}`];
  if (value === true) return [`--${name}`];
  if (Array.isArray(value)) return value.map((one) => `--${name}:${one}`);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([key, one]) => `--${name}:${key}=${one}`);
  }
  return [`--${name}=${value}`];
}

async function buildCarefully(
  entry: string,
  outfile: string,
  how: typeof options | typeof simulatedOptions,
): Promise<void> {
  const { build } = await import('esbuild');
  const { banner, ...rest }: Omit<BuildOptions, 'banner'> & { banner: string } = how;
  try {
    await build({
      ...rest,
      banner: { js: banner },
      entryPoints: [entry],
      outfile,
      logLevel: 'silent',
      absWorkingDir: root,
    });
  } catch (error) {
    throw new BuildFailure((error as { errors: Message[] }).errors.flatMap(withExcerpt));
  }
}

/** 'proxy.ts:12:5: Expected ";" but found "}"' */
export function messageLine({ text, location }: Message): string {
  if (location === null) return text;
  return `${location.file}:${location.line}:${charactersIn(location.lineText, location.column) + 1}: ${text}`;
}

/** The message, and below it the line with a caret under the place. */
function withExcerpt(message: Message): string[] {
  return [messageLine(message), ...excerpt(message)];
}

/** esbuild counts the bytes of a column in UTF-8. */
function charactersIn(lineText: string, bytes: number): number {
  return Buffer.from(lineText).subarray(0, bytes).toString().length;
}

/** So much of a line is shown, in characters, with the place of the mistake within it. */
const EXCERPT = 60;

function excerpt({ location }: Message): string[] {
  if (location === null || location.lineText.trim() === '') return [];
  const { line, lineText } = location;
  const column = charactersIn(lineText, location.column);
  const from = Math.max(0, column - EXCERPT + 10);
  const part = lineText.slice(from, from + EXCERPT).replace(/\p{Cc}/gu, ' ');
  const number = `  ${line} | `;
  return [`${number}${part.trimEnd()}`, `${' '.repeat(number.length + column - from)}^`];
}
