/** The globals of a simulated program: virtual clocks, its `process`, its console; no promises and no timers. */

import { ProgramEnded } from '../../linux/simulated/outcome.ts';
import type { Process } from '../../linux/simulated/process.ts';
import { CannotSimulate, PROGRAM_FILE } from './guest-modules.ts';
import { world } from './world.ts';

/** What a program's globals need of its run. */
export interface Guest {
  process: Process;
  pid: number;
  env: Record<string, string>;
  /** it prints, or looks at the clock: virtual time goes on */
  tick(): void;
  /** it sleeps */
  sleep(ms: number): void;
  /** takes what it prints */
  print(fd: number, text: string): void;
  /** it cannot be judged for this reason */
  refuse(error: Error): never;
}

export function guestGlobals(guest: Guest): Record<string, unknown> {
  const now = (): number => {
    guest.tick();
    return world().kernel.now;
  };
  const line =
    (fd: number) =>
    (...words: unknown[]) => {
      guest.tick();
      guest.print(fd, `${words.map(inWords).join(' ')}\n`);
    };
  const [log, error] = [line(1), line(2)];
  const refuse = (what: string) => (): never => guest.refuse(new CannotSimulate(sentence(what)));
  const Refused = class {
    constructor() {
      refuse('a promise')();
    }

    static resolve = refuse('a promise');
    static reject = refuse('a promise');
    static all = refuse('a promise');
    static race = refuse('a promise');
    static allSettled = refuse('a promise');
    static any = refuse('a promise');
  };
  return {
    process: guestProcess(guest, now, refuse),
    console: { log, info: log, debug: log, error, warn: error, trace: error, assert() {}, table: log },
    performance: { now, timeOrigin: 0 },
    Date: virtualDate(now),
    Math: seededMath(),
    Atomics: {
      ...copyOf(Atomics),
      wait: (_array: unknown, _at: number, _value: number, ms = Infinity) => {
        guest.sleep(ms);
        return 'timed-out';
      },
    },
    Promise: Refused,
    setTimeout: refuse('a timer'),
    setInterval: refuse('a timer'),
    setImmediate: refuse('a timer'),
    queueMicrotask: refuse('a promise'),
    clearTimeout() {},
    clearInterval() {},
    clearImmediate() {},
  };
}

function sentence(what: string): string {
  return `The simulation cannot judge this program: it waits for ${what}, and a simulated program waits in system calls alone. On real Linux it can be judged: npm run milestone, without 'simulated'.`;
}

function guestProcess(guest: Guest, now: () => number, refuse: (what: string) => () => never): Record<string, unknown> {
  const exit = (code?: unknown): never => {
    throw new ProgramEnded(Number(code ?? host.exitCode ?? 0));
  };
  const on = (name: unknown): unknown => {
    // As in Node: a handler keeps the signal from ending the program. It does not run while a call waits.
    if (typeof name === 'string' && name.startsWith('SIG')) guest.process.signals.wanted.add(name);
    return host;
  };
  const stream = (fd: number) => ({
    fd,
    isTTY: false,
    write: (text: unknown) => {
      guest.tick();
      guest.print(fd, typeof text === 'string' ? text : Buffer.from(text as Uint8Array).toString());
      return true;
    },
    on: () => host,
  });
  const host = {
    exitCode: undefined as number | undefined,
    env: guest.env,
    argv: ['/usr/bin/node', PROGRAM_FILE],
    execArgv: [],
    execPath: '/usr/bin/node',
    pid: guest.pid,
    ppid: 1,
    platform: 'linux',
    arch: 'x64',
    version: 'v24.0.0',
    versions: { node: '24.0.0' },
    stdin: { fd: 0, isTTY: false },
    stdout: stream(1),
    stderr: stream(2),
    exit,
    abort: () => {
      throw new ProgramEnded(null, 'SIGABRT');
    },
    cwd: () => '/workshop',
    uptime: () => now() / 1000,
    hrtime: Object.assign(() => [Math.floor(now() / 1000), Math.round((now() % 1000) * 1e6)], {
      bigint: () => BigInt(Math.round(now() * 1e6)),
    }),
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    nextTick: refuse('a promise'),
    emitWarning() {},
    on,
    once: on,
    addListener: on,
    off: () => host,
    kill: (pid: number, signal = 'SIGTERM') => {
      if (pid === guest.pid) guest.process.signal(String(signal));
      return true;
    },
  };
  return host;
}

function virtualDate(now: () => number): unknown {
  // The name `Date` is that of the checks' own clock here.
  return class extends globalThis.Date {
    constructor(...parts: unknown[]) {
      if (parts.length === 0) super(now());
      else super(...(parts as [number]));
    }

    static override now(): number {
      return Math.floor(now());
    }
  };
}

/** The same numbers in each run. */
function seededMath(): unknown {
  let state = 1;
  const random = (): number => {
    state = Math.imul(state, 48_271) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
  return { ...copyOf(Math), random };
}

/** Its properties are not enumerable. */
function copyOf(namespace: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.getOwnPropertyNames(namespace).map((name) => [name, (namespace as Record<string, unknown>)[name]]),
  );
}

/** As console.log() prints a value, about. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return value.stack ?? String(value);
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
