/** Starts the worker that judges one submission, at a level of isolation, and takes its answer. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { kill } from '../../harness/reaper.ts';
import { root } from '../../root.ts';
import type { WorkerAnswer, WorkerOrder } from '../contract/order.ts';
import { makeReadable } from '../contract/readable.ts';
import { bundlesAside } from './bundles.ts';
import { enclosure, plainEnvironment } from './enclosure.ts';
import { giveUserBack, takeUser } from './nobody.ts';
import { processSpacesBelow, running, untilNone } from './survivors.ts';
import { sweepUser } from './sweep.ts';
import { isRoot } from './system.ts';

/** After its own deadline the worker has this long to answer, in ms. */
const GRACE_MS = 30_000;
/** No honest answer is longer, in bytes. */
const MAX_ANSWER = 32 * 2 ** 20;
const MAX_COMPLAINTS = 4000;
/** Many workers run side by side: without it, V8 lets each have 48 MB of short-lived objects before it looks. */
const MEMORY = ['--max-semi-space-size=4'];

const start = join(root, 'scripts', 'start.mjs');
let aside: Promise<string | undefined> | undefined;

/**
 * Has a submission judged.
 *
 * @param order what to judge
 * @param signal ends the worker and everything that it has started
 * @returns its answer, when nothing of the submission runs any more
 * @throws Error when there is no answer: the worker failed, was killed, or took too long; Survivors
 */
export async function askWorker(order: WorkerOrder, signal?: AbortSignal): Promise<WorkerAnswer> {
  makeReadable(join(order.folder, 'submission'));
  aside ??= bundlesAside(plainEnvironment());
  await aside;
  signal?.throwIfAborted();
  // The kernel then counts its resources separately. And if it can see the machine's files, its own user
  // tells its leftovers from other files.
  if (!isRoot || order.isolation === 'process-group') return await answerTo(order, signal);
  const user = takeUser();
  try {
    if (order.isolation === 'bubblewrap') return await answerTo({ ...order, hostUser: user }, signal);
    letIn(order.folder, user);
    return await answerTo({ ...order, user }, signal);
  } finally {
    // A worker that was killed could not do this itself.
    sweepUser(user);
    await untilNone(() => running({ user }));
    giveUserBack(user);
  }
}

/** Gives access to the folder to this program's user alone, not to programs that run beside it. */
function letIn(folder: string, user: number): void {
  chownSync(folder, 0, user);
  chmodSync(folder, 0o710);
}

async function answerTo(order: WorkerOrder, signal?: AbortSignal): Promise<WorkerAnswer> {
  const { argv, env } = enclosure(order, [process.execPath, ...MEMORY, start, 'submission-worker']);
  const [command = '', ...args] = argv;
  const child = spawn(command, args, {
    ...{ stdio: ['pipe', 'ignore', 'pipe', 'pipe'], detached: true, cwd: root },
    env: { ...env, WORKSHOP_BUNDLES: await aside },
  });
  const end = (): void => kill(-(child.pid ?? 0));
  const deadline = setTimeout(end, order.limitMs + GRACE_MS);
  signal?.addEventListener('abort', end);
  // If we die, the worker sees EOF on its input.
  (child.stdin as Writable).on('error', () => {});
  child.stdin?.write(`${JSON.stringify(order)}\n`);
  try {
    return await answerOf(child);
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', end);
    const spaces = processSpacesBelow(child.pid ?? 0);
    end();
    await untilNone(() => running({ spaces }));
  }
}

/** The answer is complete when its stream ends; the worker's later output is ignored. */
async function answerOf(child: ChildProcess): Promise<WorkerAnswer> {
  const closed = new Promise<(complaint: string) => string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      resolve((said) => `the worker ended with ${how} and no answer${said === '' ? '' : `: ${said}`}`);
    });
  });
  closed.catch(() => {});
  const complaints = readUpTo(child.stderr as Readable, MAX_COMPLAINTS);
  const text = await readUpTo(child.stdio[3] as Readable, MAX_ANSWER);
  if (text !== '') return JSON.parse(text) as WorkerAnswer;
  const howItEnded = await closed;
  throw new Error(howItEnded((await complaints).trim()));
}

/** The first bytes of a stream; the rest is read and discarded. */
async function readUpTo(stream: Readable, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (size < most) chunks.push(chunk.subarray(0, most - size));
    size += chunk.length;
  }
  return Buffer.concat(chunks).toString();
}
