/** A soak: one proxy under mixed load for a long time, measured at quiet moments. */

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Reaper } from '../harness/reaper.ts';
import { takePortBlock } from '../kernel/ports.ts';
import type { Entrant } from '../race/entrants.ts';
import { Runner } from '../race/running.ts';
import { workshopFolder } from '../root.ts';
import { CannotRun } from '../run/arena.ts';
import { type Told, tellStory } from './client.ts';
import { chooseStory } from './story.ts';
import { SoakUpstream } from './upstream.ts';
import { judge, type QuietPoint, type Verdict } from './verdict.ts';

export interface SoakRequest {
  racer: Entrant;
  seconds: number;
  /** the longest that one connection may take, in ms; undefined: 30 s */
  patienceMs?: number;
  onLine?: (state: SoakState) => void;
  signal?: AbortSignal;
}

/** The current counts. */
export interface SoakState {
  second: number;
  seconds: number;
  connections: number;
  open: number;
  bytes: number;
  /** connections cut by a restart of the upstream, as expected */
  cut: number;
  restarts: number;
  floods: number;
  memoryKib: number;
  descriptors: number;
}

export interface SoakResult {
  title: string;
  state: SoakState;
  quiet: QuietPoint[];
  /** memory and descriptors, about once a second */
  samples: { second: number; memoryKib: number; descriptors: number; open: number }[];
  wrong: string[];
  broken: string[];
  verdict: Verdict;
}

/** Connections at a time, and how many come at once in a flood. */
const AT_ONCE = 40;
const FLOOD = 250;
/** Number of phases, each with a flood and a restart of the upstream, and a quiet end. */
const PHASE_SECONDS = 10;
const MAX_COMPLAINTS = 20;

/** Runs a soak. */
export async function runSoak(request: SoakRequest): Promise<SoakResult> {
  const reaper = new Reaper();
  const folder = join(workshopFolder, 'races', reaper.mark);
  mkdirSync(folder, { recursive: true });
  const block = await takePortBlock();
  const ports = { proxy: block.take(), upstream: block.take(), status: block.take() };
  const upstream = new SoakUpstream(ports.upstream);
  const runner = new Runner(request.racer, ports, reaper, folder);
  try {
    await upstream.start();
    const reason = await runner.ready();
    if (reason !== undefined) throw new CannotRun(`The proxy does not run: ${reason}`);
    return await new Soak(request, runner, upstream, ports.proxy).run();
  } finally {
    await runner.end();
    await upstream.stop();
    block.release();
    reaper.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Soak {
  readonly #request: SoakRequest;
  readonly #runner: Runner;
  readonly #upstream: SoakUpstream;
  readonly #port: number;
  readonly #start = performance.now();
  readonly #state: SoakState;
  readonly #quiet: QuietPoint[] = [];
  readonly #samples: SoakResult['samples'] = [];
  readonly #wrong: string[] = [];
  readonly #broken: string[] = [];
  #running = new Set<Promise<void>>();
  #nextId = 1;
  /** incremented at the beginning and end of each restart of the upstream: connections open at the time may break */
  #restartMarks = 0;

  constructor(request: SoakRequest, runner: Runner, upstream: SoakUpstream, port: number) {
    this.#request = request;
    this.#runner = runner;
    this.#upstream = upstream;
    this.#port = port;
    const { seconds } = request;
    const counts = { connections: 0, open: 0, bytes: 0, cut: 0, restarts: 0, floods: 0 };
    this.#state = { second: 0, seconds, ...counts, memoryKib: 0, descriptors: 0 };
  }

  async run(): Promise<SoakResult> {
    const sampling = setInterval(() => this.#sample(), 1000);
    try {
      // Code gets compiled and buffers grow in a first short phase; the first quiet point comes after it.
      const { seconds } = this.#request;
      const phases = Math.max(3, Math.round(seconds / PHASE_SECONDS));
      for (let phase = 0; phase < phases && !this.#stopped(); phase += 1) await this.#phase(seconds / phases);
    } finally {
      clearInterval(sampling);
    }
    this.#sample();
    const [quiet, wrong, broken, state] = [this.#quiet, this.#wrong, this.#broken, this.#state];
    const verdict = judge({ quiet, wrong, broken, strangers: this.#upstream.strangers, problem: this.#runner.problem });
    return { title: this.#request.racer.settings, state, quiet, samples: this.#samples, wrong, broken, verdict };
  }

  #stopped(): boolean {
    return this.#request.signal?.aborted === true || this.#runner.problem !== undefined;
  }

  /** Mixed load, a flood at a third, a restart of the upstream at two thirds, and quiet at the end. */
  async #phase(seconds: number): Promise<void> {
    const end = performance.now() + seconds * 1000 * 0.8;
    const [flood, restart] = [end - seconds * 530, end - seconds * 270];
    let [flooded, restarted] = [false, false];
    while (performance.now() < end && !this.#stopped()) {
      while (this.#running.size < AT_ONCE) this.#open(chooseStory(Math.random()));
      if (!flooded && performance.now() > flood) {
        flooded = true;
        this.#state.floods += 1;
        for (let i = 0; i < FLOOD; i += 1) this.#open(0);
      }
      if (!restarted && performance.now() > restart) {
        restarted = true;
        await this.#restart();
      }
      await Promise.race([...this.#running, pause(50)]);
    }
    if (!restarted && !this.#stopped()) await this.#restart();
    await Promise.all(this.#running);
    await this.#lookInQuiet();
  }

  #open(story: number): void {
    const [id, marks] = [this.#nextId, this.#restartMarks];
    this.#nextId += 1;
    const running = tellStory(this.#port, id, story, this.#upstream, this.#request.patienceMs).then((told) => {
      this.#running.delete(running);
      this.#note(told, marks !== this.#restartMarks || marks % 2 === 1);
    });
    this.#running.add(running);
  }

  #note({ bytes, wrong, broken }: Told, excused: boolean): void {
    this.#state.connections += 1;
    this.#state.bytes += bytes;
    if (wrong !== undefined && !excused) keep(this.#wrong, wrong);
    else if (wrong?.includes('foreign')) keep(this.#wrong, wrong);
    else if (broken !== undefined && !excused) keep(this.#broken, broken);
    else if (wrong !== undefined || broken !== undefined) this.#state.cut += 1;
  }

  async #restart(): Promise<void> {
    this.#restartMarks += 1;
    this.#state.restarts += 1;
    await this.#upstream.stop();
    for (let i = 0; i < AT_ONCE / 2; i += 1) this.#open(0);
    await pause(200);
    await this.#upstream.start();
    this.#restartMarks += 1;
  }

  /** Waits up to 3 s until the proxy has closed ended connections, then measures. */
  async #lookInQuiet(): Promise<void> {
    const fewest = Math.min(...this.#quiet.map(({ sockets }) => sockets));
    const end = performance.now() + 3000;
    while (performance.now() < end && this.#runner.socketCount() > Math.min(fewest, 8)) await pause(50);
    const second = this.#seconds();
    const [memoryKib, sockets, descriptors] = [
      this.#runner.memoryKib() ?? 0,
      this.#runner.socketCount(),
      this.#runner.descriptorCount(),
    ];
    this.#quiet.push({ second, memoryKib, sockets, descriptors });
  }

  #sample(): void {
    const [memoryKib, descriptors] = [this.#runner.memoryKib() ?? 0, this.#runner.descriptorCount()];
    const second = this.#seconds();
    Object.assign(this.#state, { second, memoryKib, descriptors, open: this.#running.size });
    this.#samples.push({ second, memoryKib, descriptors, open: this.#running.size });
    this.#request.onLine?.(this.#state);
  }

  #seconds(): number {
    return Math.round((performance.now() - this.#start) / 100) / 10;
  }
}

/** A buggy proxy fails often: a few examples are enough. */
function keep(list: string[], text: string): void {
  if (list.length < MAX_COMPLAINTS) list.push(text);
}
