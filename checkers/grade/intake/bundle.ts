/** Reads git bundles: the files of the newest commit. Runs no hooks, ignores configuration, fetches nothing. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { findOnPath } from '../../harness/python.ts';
import { complaintOf, inWords, MAX_BYTES, Refused, type Spent, some } from '../contract/limits.ts';
import { limited, USUAL } from '../isolation/limits.ts';
import { Taker } from './take.ts';
import { takeTar } from './tar.ts';
import type { Contents } from './walk.ts';

const TIME_MS = 30_000;
/** Maximum output of git, in bytes: names of all branches or files. */
const MAX_LISTED = 16 * 2 ** 20;

/** Nothing but the bundle itself may be read, and nothing in it may run. */
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'protocol.allow=never',
  'protocol.file.allow=always',
  'fetch.fsckObjects=true',
  'gc.auto=0',
].flatMap((setting) => ['-c', setting]);

/**
 * Unpacks the newest commit of a git bundle.
 *
 * @throws Refused when it is none, or is too much
 */
export async function readBundle(path: string, folder: string, spent?: Spent): Promise<Contents> {
  const { size } = statSync(path);
  if (size > MAX_BYTES) throw new Refused(`The bundle has ${inWords(size)}; at most ${inWords(MAX_BYTES)} are read.`);
  // A missing git is not the student's fault.
  if (findOnPath('git') === undefined) throw new Error('git is not installed here, and a git bundle was handed in.');
  const repository = join(folder, 'repository');
  mkdirSync(repository, { recursive: true });
  try {
    const head = headOf(await git(repository, ['bundle', 'list-heads', path]));
    await git(repository, ['init', '--bare', '--quiet', '--template=', '.']);
    letNothingBeLeftOut(repository);
    await git(repository, [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      path,
      `${head}:refs/heads/handed-in`,
    ]);
  } catch (error) {
    if (error instanceof Refused || (error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    throw new Refused(noBundle(firstLine(error, path)));
  }
  const contents = await archived(repository, folder, size, spent);
  return { ...contents, notes: [...contents.notes, ...(await submodules(repository))] };
}

/** Makes `git archive` ignore the .gitattributes of the commit. See gitattributes(5). */
function letNothingBeLeftOut(repository: string): void {
  mkdirSync(join(repository, 'info'), { recursive: true });
  writeFileSync(join(repository, 'info', 'attributes'), '* -export-ignore -export-subst -text -ident -filter -eol\n');
}

/** For a submodule, a bundle has only the hash of a commit, and no files. */
async function submodules(repository: string): Promise<string[]> {
  const list = await git(repository, ['ls-tree', '-r', '-z', 'refs/heads/handed-in']).catch(() => '');
  const names = list.split('\0').flatMap((line) => /^160000 \S+ \S+\t(.*)$/s.exec(line)?.[1] ?? []);
  return names.length === 0 ? [] : [`A git bundle does not contain submodules; left out: ${some(names)}.`];
}

async function archived(repository: string, folder: string, size: number, spent?: Spent): Promise<Contents> {
  const child = start(repository, ['archive', '--format=tar', 'refs/heads/handed-in']);
  const deadline = setTimeout(() => child.kill('SIGKILL'), TIME_MS);
  try {
    return await takeTar([child.stdout as Readable], new Taker(join(folder, 'files'), size, spent));
  } finally {
    clearTimeout(deadline);
    child.kill('SIGKILL');
  }
}

/** The bundle's HEAD, else its only branch, else one with a well-known name. */
function headOf(list: string): string {
  const names = list.split('\n').flatMap((line) => line.split(' ')[1] ?? []);
  const known = ['HEAD', 'refs/heads/main', 'refs/heads/master'].find((name) => names.includes(name));
  const head = known ?? (names.length === 1 ? names[0] : undefined);
  if (head === undefined) throw new Refused('The bundle has neither HEAD nor a branch main or master.');
  return head;
}

async function git(cwd: string, args: string[]): Promise<string> {
  const [command = '', ...words] = commandLine(args);
  const { stdout } = await promisify(execFile)(command, words, {
    cwd,
    env: environment(cwd),
    timeout: TIME_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_LISTED,
  });
  return stdout;
}

function start(cwd: string, args: string[]): ChildProcess {
  const [command = '', ...words] = commandLine(args);
  return spawn(command, words, { cwd, env: environment(cwd), stdio: ['ignore', 'pipe', 'ignore'] });
}

function commandLine(args: string[]): string[] {
  return [...limited(USUAL), 'git', ...settings, ...args];
}

function environment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CEILING_DIRECTORIES: home,
  };
}

/** The first line of git's message, without the path of the bundle. */
function firstLine(error: unknown, path: string): string {
  const line = String((error as { stderr?: string }).stderr ?? '').split('\n')[0] ?? '';
  const plain = line.replace(/^(fatal|error): /, '').replaceAll(path, basename(path));
  return complaintOf(plain);
}

function noBundle(complaint: string): string {
  return `It is not a git bundle that can be read${complaint === '' ? '' : `: ${complaint}`}.`;
}
