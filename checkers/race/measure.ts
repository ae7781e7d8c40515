/** One load through one entrant: sends the orders, and computes numbers from the answers. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Order } from './generator/orders.ts';
import type { Generator } from './load.ts';
import { IDLE_COUNTS, type LoadId } from './rows.ts';
import type { Runner } from './running.ts';

/** What one measurement gave: numbers by the names of their rows, and why some are missing. */
export interface Sample {
  numbers: Record<string, number>;
  problems: Record<string, string>;
}

/** The duration of each kind of load, and the maximum of idle connections. */
export interface Pace {
  bulkMs: number;
  tripsMs: number;
  connectsMs: number;
  rttMs: number;
  mostIdle: number;
  /** how long each load runs before the first round, uncounted */
  warmMs: number;
}

// Short, so that there are many: with three processes on two processors, more samples help more than longer ones.
export const fullPace: Pace = { bulkMs: 350, tripsMs: 350, connectsMs: 350, rttMs: 100, mostIdle: 5000, warmMs: 300 };
export const quickPace: Pace = { bulkMs: 150, tripsMs: 100, connectsMs: 100, rttMs: 50, mostIdle: 100, warmMs: 100 };

const CONNECTIONS = 32;
const [FEWEST_IDLE = 10] = IDLE_COUNTS;

export async function measure(load: LoadId, runner: Runner, clients: Generator, pace: Pace): Promise<Sample> {
  const session = new Session(runner, clients);
  switch (load) {
    case 'bulk-1':
      return session.bulk(1, pace.bulkMs);
    case 'bulk-8':
      return session.bulk(8, pace.bulkMs);
    case 'round-trips':
      return session.roundTrips(pace.tripsMs);
    case 'connections':
      return session.connections(pace.connectsMs);
    case 'memory':
      return session.memory(pace);
    case 'idle':
      return session.idle(pace);
  }
}

/** Runs a load without counting: buffers grow, and JavaScript gets compiled, which takes CPU time. */
export async function warmUp(load: LoadId, runner: Runner, clients: Generator, { warmMs }: Pace): Promise<void> {
  // Idle connections leave nothing to warm up; and memory is measured in a process that is started for it.
  if (load === 'idle' || load === 'memory') return;
  const pace = { bulkMs: warmMs, tripsMs: warmMs, connectsMs: warmMs, rttMs: 0, mostIdle: 0, warmMs: 0 };
  await measure(load, runner, clients, pace);
}

class Session {
  readonly #runner: Runner;
  readonly #clients: Generator;

  constructor(runner: Runner, clients: Generator) {
    this.#runner = runner;
    this.#clients = clients;
  }

  async bulk(streams: number, ms: number): Promise<Sample> {
    const { answer, cpu } = await this.#order({ kind: 'bulk', port: this.#runner.port, streams, ms });
    const row = streams === 1 ? 'cpu-per-gb' : `cpu-per-gb-${streams}`;
    const perGb: Record<string, number> = cpu === undefined ? {} : { [row]: cpu / (answer.total / 1e9) };
    return asSample(answer, { [`bulk-${streams}`]: answer.count / answer.ms / 1000, ...perGb });
  }

  async roundTrips(ms: number): Promise<Sample> {
    const order: Order = { kind: 'pings', port: this.#runner.port, connections: CONNECTIONS, ms };
    const { answer, cpu } = await this.#order(order);
    const { p50 = 0, p99 = 0 } = answer;
    const numbers = { 'round-trips': perSecond(answer), 'latency-p50': p50, 'latency-p99': p99 };
    return asSample(answer, { ...numbers, ...per1000('cpu-per-1000-trips', cpu, answer) });
  }

  async connections(ms: number): Promise<Sample> {
    const order: Order = { kind: 'connects', port: this.#runner.port, atOnce: CONNECTIONS, ms };
    const { answer, cpu } = await this.#order(order);
    return asSample(answer, { connections: perSecond(answer), ...per1000('cpu-per-1000', cpu, answer) });
  }

  /**
   * The growth of a process between few and many idle connections. The process is new: memory allocated for an earlier crowd
   * would be reused, since few programs give memory back. And it is warmed up: else we would measure the compiler.
   */
  async memory({ warmMs, mostIdle }: Pace): Promise<Sample> {
    if (this.#runner.pid === 0) return { numbers: {}, problems: {} };
    return await this.#runner.again(async (runner, problem) => {
      if (problem !== undefined) return { numbers: {}, problems: { memory: problem } };
      const session = new Session(runner, this.#clients);
      await session.roundTrips(warmMs);
      await session.connections(2 * warmMs);
      return await session.growth(mostIdle);
    });
  }

  /** Between the fewest connections and as many as it can hold: a proxy of the first stages refuses more than it has room for. */
  async growth(mostIdle: number): Promise<Sample> {
    const { port } = this.#runner;
    const counts = IDLE_COUNTS.filter((count) => count <= this.#mostOf(mostIdle));
    const kib: number[] = [];
    let problem: string | undefined;
    for (const connections of counts) {
      const { answer } = await this.#order({ kind: 'idle', port, connections });
      problem = answer.problem && withIdle(answer.problem, connections);
      if (problem !== undefined) break;
      kib.push(this.#runner.memoryKib() ?? 0);
    }
    await this.#order({ kind: 'idle', port, connections: 0 });
    const [before = 0, held] = [kib[0], counts[kib.length - 1]];
    if (held === undefined || held === FEWEST_IDLE)
      return { numbers: {}, problems: problem ? { memory: problem } : {} };
    return { numbers: { memory: Math.max(0, (kib.at(-1) ?? 0) - before) / (held - FEWEST_IDLE) }, problems: {} };
  }

  /** How many idle connections this entrant is asked to hold. */
  #mostOf(mostIdle: number): number {
    return Math.min(mostIdle, this.#runner.entrant.idleLimit?.connections ?? Number.POSITIVE_INFINITY);
  }

  /** More and more idle connections, with one that is timed beside them. */
  async idle({ rttMs, mostIdle }: Pace): Promise<Sample> {
    const { port, entrant } = this.#runner;
    const most = this.#mostOf(mostIdle);
    const sample: Sample = { numbers: {}, problems: {} };
    for (const connections of IDLE_COUNTS) {
      const row = `rtt-${connections}`;
      if (connections > most) {
        if (connections <= mostIdle) sample.problems[row] = entrant.idleLimit?.why ?? '';
        continue;
      }
      const { answer } = await this.#order({ kind: 'idle', port, connections });
      const timed = answer.problem
        ? answer
        : (await this.#order({ kind: 'pings', port, connections: 1, ms: rttMs })).answer;
      if (timed.problem !== undefined || timed.p50 === undefined) {
        sample.problems[row] = withIdle(`${timed.problem}`, connections);
        continue;
      }
      sample.numbers[row] = timed.p50;
    }
    await this.#leave();
    return sample;
  }

  /** Closes the idle connections, and waits until the proxy has done so too, so that the next entrant has the machine to itself. */
  async #leave(): Promise<void> {
    await this.#order({ kind: 'idle', port: this.#runner.port, connections: 0 });
    const end = performance.now() + 5000;
    while (this.#runner.descriptorCount() > 200 && performance.now() < end) await pause(20);
  }

  async #order(order: Order): Promise<{ answer: Answer; cpu: number | undefined }> {
    const before = this.#runner.cpuSeconds();
    const answer = await this.#clients.carryOut(order);
    const after = this.#runner.cpuSeconds();
    const cpu = before === undefined || after === undefined ? undefined : after - before;
    const problem = this.#runner.problem ?? answer.problem;
    return { answer: problem === undefined ? answer : { ...answer, problem }, cpu };
  }
}

function asSample(answer: Answer, numbers: Record<string, number>): Sample {
  const { problem } = answer;
  if (problem === undefined) return { numbers, problems: {} };
  return { numbers: {}, problems: Object.fromEntries(Object.keys(numbers).map((row) => [row, problem])) };
}

/** CPU time in ms per thousand counted items; undefined without a proxy. */
function per1000(row: string, cpu: number | undefined, { total }: Answer): Record<string, number> {
  return cpu === undefined ? {} : { [row]: (cpu / total) * 1e6 };
}

function perSecond({ count, ms }: Answer): number {
  return (count / ms) * 1000;
}

function withIdle(problem: string, connections: number): string {
  return `${problem} (with ${connections} idle connections)`;
}
