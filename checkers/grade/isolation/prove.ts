/** Finds the isolation level that holds on this machine, by running a program that tries to escape. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../root.ts';
import { shellPath } from '../../shell.ts';
import type { Escapes, ProbeOrder, WorkerOrder } from '../contract/order.ts';
import { ownFolder } from '../contract/own-folders.ts';
import { ISOLATION_LEVELS, type Isolation } from '../contract/result.ts';
import { askWorker } from './start-worker.ts';
import { isRoot } from './system.ts';

const PROVE_MS = 20_000;
/** The most disk space that an honest submission and its build need. */
const NEEDED_BYTES = 2 ** 20;

/** One level, tried. */
export interface Proof {
  level: Isolation;
  /** a sentence on why it does not hold here; null: it holds */
  problem: string | null;
}

/** All levels that were tried, strongest first, and the one that holds. */
export interface Proven {
  level: Isolation;
  proofs: Proof[];
}

/** No level that was asked for holds here; the message says why, and what to do. */
export class IsolationError extends Error {}

/** What a program must not be able to do, how to report it, and at which levels. */
const ESCAPES: [keyof Escapes, string, Isolation[]][] = [
  ['network', 'reached the network of this machine', ['bubblewrap', 'unshare']],
  ['files', "read another user's file", ['bubblewrap', 'user']],
  ['results', "wrote to another user's file", ['bubblewrap', 'user']],
  ['grader', 'read the environment of the grader', ['bubblewrap', 'unshare', 'user']],
  ['solution', 'read the solution', ['bubblewrap']],
  ['worker', 'saw the process that judges it', ['bubblewrap', 'unshare']],
  ['signals', 'could end the process that judges it', ['bubblewrap', 'unshare', 'user']],
  ['program', 'could change its own program between two checks', ['bubblewrap', 'user']],
];

/**
 * Tries the levels from the strongest on, until one holds.
 *
 * @param weakest below this one nothing is tried; undefined: any level will do
 * @throws IsolationError when none holds
 */
export async function proveIsolation(weakest: Isolation = 'process-group', signal?: AbortSignal): Promise<Proven> {
  mustHaveTemporaryFolder();
  const proofs: Proof[] = [];
  for (const level of ISOLATION_LEVELS.slice(0, ISOLATION_LEVELS.indexOf(weakest) + 1)) {
    const problem = await tryLevel(level, signal);
    proofs.push({ level, problem });
    if (problem === null) return { level, proofs };
  }
  throw new IsolationError(refusal(weakest, proofs));
}

/** Samples of what a sandboxed worker reads of the workshop: a folder and a file from git and from npm. */
const READ_BY_WORKER = [
  '.',
  'package.json',
  'linux',
  'linux/index.ts',
  'node_modules',
  'node_modules/koffi/package.json',
];
const READ_BY_OTHERS = 0o004;
const ENTERED_BY_OTHERS = 0o001;

/**
 * Why a worker that is another user cannot read the workshop. A clone made under a restrictive umask is private.
 *
 * @param place the workshop's folder
 * @returns a sentence with what to type; undefined where every user can read it
 */
export function whyUnreadable(place = root): string | undefined {
  const closed = READ_BY_WORKER.find((name) => {
    const status = statSync(join(place, name), { throwIfNoEntry: false });
    const needed = status?.isDirectory() ? READ_BY_OTHERS | ENTERED_BY_OTHERS : READ_BY_OTHERS;
    return status !== undefined && (status.mode & needed) !== needed;
  });
  if (closed === undefined) return undefined;
  return `its user cannot read ${join(place, closed)} ('chmod -R go+rX ${shellPath(place)}' lets it).`;
}

/** Without room for a submission's files every level would fail, and none would be at fault. */
function mustHaveTemporaryFolder(): void {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(ownFolder('trial'));
    writeFileSync(join(folder, 'room'), Buffer.alloc(NEEDED_BYTES));
  } catch (error) {
    throw new IsolationError(noTemporaryFolder(error as NodeJS.ErrnoException));
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function noTemporaryFolder({ code = '' }: NodeJS.ErrnoException): string {
  const why: Record<string, string> = {
    ENOENT: 'is not there',
    ENOTDIR: 'is not a folder',
    ENOSPC: 'is on a disk that is full',
    EDQUOT: 'is on a disk that is full',
    EACCES: 'cannot be written to',
    EROFS: 'cannot be written to',
  };
  return `The folder for temporary files, ${tmpdir()}, ${why[code] ?? `cannot be used (${code})`}. Make room there, or name another one: TMPDIR=FOLDER npm run grade …`;
}

/**
 * What to tell about a level that is not the strongest: why each stronger one does not hold, and whether one did before.
 *
 * @param last the level of the last run here, where one is known
 * @returns a line each; none at the strongest level
 */
export function isolationNotes({ level, proofs }: Proven, last: Isolation | undefined): string[] {
  const reasons = proofs.flatMap(({ level: tried, problem }) =>
    problem === null ? [] : [`Isolation ${tried} does not hold here: ${problem}`],
  );
  const lower = last !== undefined && ISOLATION_LEVELS.indexOf(last) < ISOLATION_LEVELS.indexOf(level);
  if (!lower) return reasons;
  return [...reasons, `Isolation is ${level}; the last time it was ${last}. To insist on that: require ${last}`];
}

/** The message when this machine lacks the required level. */
export function refusal(weakest: Isolation, proofs: Proof[]): string {
  const what = weakest === 'bubblewrap' ? `The level bubblewrap` : `The level ${weakest} or a stronger one`;
  const why = proofs.map(({ level, problem }) => `${level}: ${problem}`).join(' ');
  return [`${what} is required, and does not hold on this machine. ${why}`, ...remedies()].join('\n');
}

const APPARMOR = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';

/** Known remedies. */
export function remedies(): string[] {
  if (process.platform !== 'linux') return ['These levels need Linux: a dev container, Codespaces or WSL will do.'];
  const forbids = readOr(APPARMOR) === '1' && !isRoot;
  const how = 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0';
  return forbids
    ? [`AppArmor keeps users from making namespaces here. To allow it until the next start of the machine: ${how}`]
    : [];
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

async function tryLevel(level: Isolation, signal: AbortSignal | undefined): Promise<string | null> {
  if (level === 'user' && !isRoot) return 'only root can start programs as another user.';
  // Started by root, this sandbox's worker is another user; at the other levels only the program is, and it gets copies.
  const unreadable = level === 'bubblewrap' && isRoot ? whyUnreadable() : undefined;
  if (unreadable !== undefined) return unreadable;
  try {
    return verdict(level, await escapesAt(level, signal));
  } catch (error) {
    if (signal?.aborted) throw error;
    return `${(error as Error).message.split('\n')[0]}.`;
  }
}

/**
 * What a program that tries can do at a level.
 *
 * @throws Error when no program can be started there
 */
export async function escapesAt(isolation: Isolation, signal?: AbortSignal): Promise<Escapes> {
  const folder = mkdtempSync(ownFolder('grade'));
  const secret = join(folder, 'secret');
  const listener = await listen();
  try {
    mkdirSync(join(folder, 'submission'));
    writeFileSync(secret, 'secret', { mode: 0o600 });
    const { port } = listener.address() as AddressInfo;
    const probe = { port, secret, grader: environmentOf('self') };
    const { escapes, broken } = await askWorker(orderFor(isolation, folder, probe), signal);
    if (escapes === undefined) throw new Error(broken ?? 'there was no answer');
    return escapes;
  } finally {
    listener.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A fingerprint of what a process was started with; '' where the system does not tell. */
function environmentOf(pid: string): string {
  try {
    return createHash('sha256')
      .update(readFileSync(`/proc/${pid}/environ`))
      .digest('hex');
  } catch {
    return '';
  }
}

function orderFor(isolation: Isolation, folder: string, probe: ProbeOrder): WorkerOrder {
  return { stage: 1, seed: '0', program: { kind: 'file', path: '' }, folder, isolation, limitMs: PROVE_MS, probe };
}

/** Why a level does not hold, given what a program could do there; null: it does. */
export function verdict(level: Isolation, escapes: Escapes): string | null {
  const could = ESCAPES.filter(([name, , levels]) => levels.includes(level) && escapes[name] === true).map(
    ([, words]) => words,
  );
  if (escapes.environment.length > 0) could.push(`had private variables (${escapes.environment.join(', ')})`);
  // Without namespaces, our own processes count towards the limit on processes.
  const missing = escapes.unlimited.filter((name) => level !== 'process-group' || name !== 'Max processes');
  if (missing.length > 0) could.push(`ran without limits (${missing.join(', ')})`);
  return could.length === 0 ? null : `a program that tried ${could.join(', and ')}.`;
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
