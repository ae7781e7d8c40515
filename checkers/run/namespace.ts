/**
 * Network namespaces: a separate loopback for each check of a program with hard-coded ports. The checker's sockets must be
 * in there, too, so a worker process inside runs the whole check. See network_namespaces(7), unshare(1).
 */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { HarnessSettings } from '../harness/harness.ts';
import { kill, MARK, type Reaper } from '../harness/reaper.ts';
import { processTree } from '../kernel/process-tree.ts';
import { root } from '../root.ts';
import type { Outcome } from './execute.ts';

/** The document's ports. */
export const FIXED_PORTS = { proxy: 8080, upstream: 3000 };

/** A worker's input: everything but the reaper, which stays with the run. */
export interface NamespaceOrder {
  milestone: string;
  check: string;
  settings: Omit<HarnessSettings, 'reaper'>;
  mark: string;
}

// Root may create a network namespace directly. Other users need a user namespace around it, and keep the capabilities
// in there that bringing up the loopback takes.
const forRoot = ['--net'];
const forOthers = ['--user', '--map-current-user', '--keep-caps', '--net'];

let answer: string[] | undefined;

/** unshare's arguments on this machine; empty if it cannot make network namespaces. */
export function namespaceArguments(): string[] {
  answer ??= [unshareArguments()].find(works) ?? [];
  return answer;
}

/** unshare's arguments for a network namespace, even if this machine does not allow one. */
export function unshareArguments(): string[] {
  return process.getuid?.() === 0 ? forRoot : forOthers;
}

function works(args: string[]): boolean {
  return process.platform === 'linux' && spawnSync('unshare', [...args, 'true'], { stdio: 'ignore' }).status === 0;
}

/**
 * Runs one check in a network namespace of its own.
 *
 * @param order which check, of which program
 * @param reaper watches over the worker
 * @param signal aborts it
 */
export function executeInNamespace(
  order: NamespaceOrder,
  reaper: Pick<Reaper, 'mark' | 'watch'>,
  signal: AbortSignal,
): Promise<Outcome> {
  const start = join(root, 'scripts', 'start.mjs');
  const args = [...namespaceArguments(), process.execPath, start, 'check-worker', JSON.stringify(order)];
  const child = spawn('unshare', args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, [MARK]: reaper.mark },
  });
  if (child.pid !== undefined) reaper.watch(child.pid);
  signal.addEventListener('abort', () => endAll(child.pid));
  const [answer, complaints] = [readAll(child.stdio[3]), readAll(child.stderr)];
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: 'broken', reason: error.message, ms: 0 }));
    child.on('close', async (code) => {
      const outcome = outcomeIn(await answer);
      if (outcome !== undefined) resolve(outcome);
      else if (signal.aborted) resolve({ status: 'skipped', reason: 'stopped', ms: 0 });
      else resolve({ status: 'broken', reason: `the worker ended with code ${code}: ${await complaints}`, ms: 0 });
    });
  });
}

/** Kills the worker and all its children: a program may have overwritten its environment, and with it our mark. */
function endAll(worker: number | undefined): void {
  if (worker === undefined) return;
  for (const pid of processTree(worker)) kill(pid);
}

async function readAll(stream: unknown): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A worker's output; undefined if it is empty or incomplete, because the worker was killed. */
export function outcomeIn(text: string): Outcome | undefined {
  try {
    return JSON.parse(text, reviveBuffers) as Outcome;
  } catch {
    return undefined;
  }
}

/** JSON writes a Buffer as { type: 'Buffer', data: […] }. */
function reviveBuffers(_key: string, value: unknown): unknown {
  const isBuffer = typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';
  return isBuffer ? Buffer.from((value as { data: number[] }).data) : value;
}
