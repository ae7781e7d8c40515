/** The two processes that make a race's load: the clients and the upstream. Both end when their standard input does. */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { kill, MARK, type Reaper } from '../harness/reaper.ts';
import { root } from '../root.ts';
import { CannotRun } from '../run/arena.ts';
import type { Answer, Order } from './generator/orders.ts';

/** Timeout of an order on top of its own duration, in ms. */
const GRACE_MS = 30_000;
const START_MS = 20_000;

/** One generator: lines in, lines out. */
export class Generator {
  readonly #child: ChildProcess;
  #text = '';
  #complaints = '';
  #lines: string[] = [];
  #changed = (): void => {};
  #ended = false;

  constructor(words: string[], reaper: Reaper) {
    const start = join(root, 'scripts', 'start.mjs');
    this.#child = spawn(process.execPath, [start, 'race-worker', ...words], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, [MARK]: reaper.mark },
    });
    if (this.#child.pid !== undefined) reaper.watch(this.#child.pid);
    this.#child.stdout?.on('data', (bytes: Buffer) => this.#hear(bytes.toString()));
    this.#child.stderr?.on('data', (bytes: Buffer) => {
      this.#complaints = (this.#complaints + bytes.toString()).slice(-2000);
    });
    this.#child.on('error', () => this.#end());
    this.#child.on('close', () => this.#end());
    this.#child.stdin?.on('error', () => {});
  }

  /** Resolves once it is ready for orders, or serves. */
  async ready(): Promise<void> {
    await this.#nextLine(START_MS);
  }

  /** Gives an order, and resolves with its answer. */
  async carryOut(order: Order): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    return JSON.parse(await this.#nextLine(('ms' in order ? order.ms * 2 : 0) + GRACE_MS)) as Answer;
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  end(): void {
    this.#child.stdin?.end();
    if (this.#child.pid !== undefined) kill(-this.#child.pid);
  }

  #nextLine(ms: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new CannotRun('The load generator does not answer.')), ms);
      this.#changed = () => {
        const line = this.#lines.shift();
        if (line === undefined && !this.#ended) return;
        clearTimeout(timer);
        this.#changed = () => {};
        if (line !== undefined) resolve(line);
        else reject(new CannotRun(`The load generator has ended: ${this.#complaints.trim()}`));
      };
      this.#changed();
    });
  }

  #hear(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    this.#lines.push(...lines);
    this.#changed();
  }

  #end(): void {
    this.#ended = true;
    this.#changed();
  }
}
