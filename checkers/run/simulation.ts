/** Runs checks on the simulated kernel, in a thread that can be stopped: a program may compute for ever. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { HarnessSettings } from '../harness/harness.ts';
import { root } from '../root.ts';
import type { Outcome } from './execute.ts';
import { buildSimulator } from './simulator.ts';

/** One check of one program. */
export interface SimulationOrder {
  milestone: string;
  check: string;
  settings: Omit<HarnessSettings, 'reaper'>;
  code: { script: string; map: string; name: string };
}

/** How often to look whether the program goes on, in ms. */
const LOOK_MS = 50;
/** A program that has used a processor for so long without a system call computes for ever, in ms. */
const COMPUTES_MS = 900;
/** A simulation of a check that takes longer than this, in ms, is at fault itself. */
const MOST_MS = 120_000;

/** Places of the shared numbers: how many calls the programs have made; whether a program, not the simulator, runs now. */
const [CALLS, IN_PROGRAM] = [0, 1];

/** What runs in the thread. */
const thread = `
const { parentPort, workerData } = require('node:worker_threads');
const shared = new Int32Array(workerData.shared);
const alive = (calls, inProgram) => {
  Atomics.store(shared, ${CALLS}, calls);
  Atomics.store(shared, ${IN_PROGRAM}, inProgram ? 1 : 0);
};
const loaded = import(workerData.simulator);
parentPort.on('message', async (order) => {
  try {
    const { judge } = await loaded;
    parentPort.postMessage({ outcome: judge(order, { files: workerData.files, alive }) });
  } catch (error) {
    parentPort.postMessage({ failure: String(error && error.stack || error) });
  }
});
`;

interface Answer {
  outcome?: Outcome;
  failure?: string;
}

/** A thread with the simulator in it. */
class SimulatorThread {
  readonly #worker: Worker;
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));

  constructor(simulator: string) {
    const workerData = {
      simulator: new URL(`file://${simulator}`).href,
      shared: this.#shared.buffer,
      files: servedFiles(),
    };
    this.#worker = new Worker(thread, { eval: true, workerData });
    // An idle thread does not keep a command from ending.
    this.#worker.unref();
  }

  /** @returns the answer; 'computes': the program makes no more calls behind so many */
  ask(order: SimulationOrder & { computesAfter?: number }, signal: AbortSignal): Promise<Answer | number> {
    Atomics.store(this.#shared, IN_PROGRAM, 0);
    return new Promise((resolve) => {
      this.#worker.ref();
      const settle = (answer: Answer | number): void => {
        clearInterval(timer);
        this.#worker.off('message', settle);
        this.#worker.off('error', died);
        this.#worker.unref();
        signal.removeEventListener('abort', stop);
        resolve(answer);
      };
      const died = (error: Error): void => settle({ failure: error.stack ?? error.message });
      const stop = (): void => settle({ outcome: { status: 'skipped', reason: 'stopped', ms: 0 } });
      const stuck = this.#stuckWatch(order.computesAfter);
      const start = performance.now();
      const timer = setInterval(() => {
        if (stuck()) settle(Atomics.load(this.#shared, CALLS));
        else if (performance.now() - start > MOST_MS) settle({ failure: 'the simulation of this check does not end' });
      }, LOOK_MS);
      this.#worker.once('message', settle);
      this.#worker.once('error', died);
      signal.addEventListener('abort', stop);
      this.#worker.postMessage(order);
    });
  }

  /** Tells whether the program has used a processor for too long without a call. */
  #stuckWatch(known: number | undefined): () => boolean {
    let [calls, used] = [-1, 0];
    return () => {
      const [now, inProgram] = [Atomics.load(this.#shared, CALLS), Atomics.load(this.#shared, IN_PROGRAM)];
      const { user, system } = process.cpuUsage();
      if (now !== calls || inProgram === 0 || known !== undefined) [calls, used] = [now, user + system];
      return (user + system - used) / 1000 > COMPUTES_MS;
    };
  }

  end(): void {
    void this.#worker.terminate();
  }
}

/** Threads that wait for the next check. */
const idle: SimulatorThread[] = [];

/**
 * Runs one check on the simulated kernel.
 *
 * @param order which check, of which program
 * @param signal aborts it
 */
export async function executeSimulated(order: SimulationOrder, signal: AbortSignal): Promise<Outcome> {
  const simulator = await buildSimulator();
  let computesAfter: number | undefined;
  while (true) {
    const thread = idle.pop() ?? new SimulatorThread(simulator);
    const answer = await thread.ask({ ...order, ...(computesAfter !== undefined && { computesAfter }) }, signal);
    const isFree = typeof answer !== 'number' && answer.outcome !== undefined && answer.outcome.reason !== 'stopped';
    if (isFree) idle.push(thread);
    else thread.end();
    if (typeof answer !== 'number') return outcomeOf(answer);
    // The same check again: behind that call all others move on, as if the program computed for ever.
    computesAfter = answer;
  }
}

function outcomeOf({ outcome, failure }: Answer): Outcome {
  if (outcome === undefined) return { status: 'broken', reason: failure ?? 'the simulation has ended', ms: 0 };
  const difference = outcome.evidence?.difference;
  // A message between threads makes plain arrays of buffers.
  if (difference !== undefined) {
    difference.expected = Buffer.from(difference.expected);
    difference.observed = Buffer.from(difference.observed);
  }
  return outcome;
}

/** The files that upstreams serve, by the path that they have in the simulation. */
function servedFiles(): Map<string, Uint8Array> {
  const folder = join(root, 'assets', 'www');
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      return [`/workshop/assets/www${path.slice(folder.length).replaceAll('\\', '/')}`, readFileSync(path)];
    }),
  );
}
