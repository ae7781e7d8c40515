/** '#linux' of a simulated program: counts its calls and the time that it spends, and traces them where that is wanted. */
import { MSG_PEEK } from '../../linux/constants.ts';
import type { EpollEvent } from '../../linux/epoll.ts';
import { type Linux, linuxOf } from '../../linux/simulated/linux.ts';
import { NotSimulated, ProgramEnded } from '../../linux/simulated/outcome.ts';
import type { Process } from '../../linux/simulated/process.ts';
import { WaitQueue } from '../../linux/simulated/wait-queue.ts';
import type { TraceLine } from '../../linux/trace-line.ts';
import { Tracer } from '../../linux/tracer.ts';
import { crc32 } from './crc32.ts';
import { callSite } from './stacks.ts';
import { world } from './world.ts';

/** So many calls may lead to nothing before each costs more time: a program that spins shall not take for ever to judge. */
const PATIENT_CALLS = 2000;
/** The same, where the calls move bytes, say those of a program that sends for ever: no check takes as many without a rest. */
const MOST_CALLS = 20_000;
/** Behind them, the cost of a call doubles each time that so many more have led to nothing, up to this cost in ms. */
const DOUBLING_CALLS = 300;
const MOST_COST = 2;
/** A program that waits for longer than this in a call, in ms, does not spin. */
const RESTS_MS = 0.9;

/** Calls that move bytes, and those that take a connection. */
const MOVES = new Set(['recv', 'send', 'read', 'write', 'splice']);
const TAKES = new Set(['accept', 'accept4']);
/** Helpers that are no system calls. */
const PURE = new Set(['errno', 'strerror', 'sockaddr_in', 'parse_sockaddr_in']);

/** The time of a program's process, and the call that it is in. */
export class Doings {
  /** ms that it has waited */
  waitedMs = 0;
  calls = 0;
  /** calls since the last one that led to something */
  idle = 0;
  /** calls since it last waited for a while */
  busy = 0;
  current: { name: string; fd?: number; since: number } | undefined;

  constructor(readonly process: Process) {}

  /** It does something that takes a moment. */
  spend(): void {
    const { kernel, alive, callsMade } = world();
    alive(callsMade, false);
    this.idle += 1;
    this.busy += 1;
    const over = Math.max(this.idle - PATIENT_CALLS, this.busy - MOST_CALLS);
    if (over <= 0) return;
    const cost = Math.min(MOST_COST, kernel.settings.callCost * 2 ** Math.floor(over / DOUBLING_CALLS));
    kernel.scheduler.runUntil(kernel.now + cost);
  }
}

/** @param trace where lines of its trace go; undefined: no trace */
export function guestLinux(doings: Doings, pid: number, trace: TraceLine[] | undefined): Linux {
  const { kernel } = world();
  const { process } = doings;
  const linux = linuxOf(kernel, process);
  const tracer =
    trace && new Tracer({ pid, now: () => kernel.now, callSite, crc32, write: (line) => void trace.push(line) });
  const wrap = (name: string, make: (...args: unknown[]) => unknown) => {
    const told = name === 'accept4' ? 'accept' : name;
    return (...args: unknown[]): unknown => {
      const call = (): number => timed(doings, told, args, () => make(...args) as number);
      if (tracer === undefined) return call();
      if (name === 'read_signal') return signalThroughTracer(tracer, args[0], call, linux.errno);
      return throughTracer(tracer, told, args, call, linux.errno);
    };
  };
  const entries = Object.entries(linux).map(([name, value]) => [
    name,
    typeof value === 'function' && !PURE.has(name) ? wrap(name, value as () => unknown) : value,
  ]);
  return Object.fromEntries(entries) as Linux;
}

/** Whether a call has moved bytes or taken a connection. */
function leadsOn(name: string, [fd, , , flags]: unknown[], result: number): boolean {
  if (TAKES.has(name)) return result >= 0;
  const peeks = name === 'recv' && (Number(flags) & MSG_PEEK) !== 0;
  return MOVES.has(name) && result > 0 && Number(fd) > 2 && !peeks;
}

function timed(doings: Doings, name: string, args: unknown[], make: () => number): number {
  const { kernel } = world();
  doings.spend();
  doings.calls += 1;
  const since = kernel.now;
  const [fd] = args;
  doings.current = { name, since, ...(typeof fd === 'number' && name !== 'epoll_wait' && { fd }) };
  try {
    const result = make();
    const took = kernel.now - since - kernel.settings.callCost;
    if (took > 0) doings.waitedMs += took;
    if (took > RESTS_MS) doings.busy = 0;
    if (took > RESTS_MS || leadsOn(name, args, result)) doings.idle = 0;
    return result;
  } catch (error) {
    if (error instanceof NotSimulated) world().beyond ??= error;
    throw error;
  } finally {
    doings.current = undefined;
    returnTo(doings);
  }
}

/** The program goes on; unless an earlier run has shown that it never makes another call: then the others move on alone. */
export function returnTo({ process }: Doings): void {
  const here = world();
  here.callsMade += 1;
  if (here.callsMade !== here.computesAfter) {
    here.alive(here.callsMade, true);
    return;
  }
  while (process.fatal === undefined && here.kernel.scheduler.step()) {}
  throw new ProgramEnded(null, process.fatal ?? 'SIGKILL');
}

/** A struct epoll_event of x64. */
const EVENT_BYTES = 12;

/** The tracer reads what C gets: events and options as bytes. */
function throughTracer(tracer: Tracer, name: string, args: unknown[], call: () => number, errno: () => string): number {
  const asC = [...args];
  let after = (_result: number): void => {};
  if (name === 'epoll_ctl') asC[3] = eventBytes([args[3] as EpollEvent | null], 1);
  if (name === 'setsockopt' && typeof args[3] === 'number') {
    const value = Buffer.alloc(4);
    value.writeInt32LE(args[3]);
    asC[3] = value;
  }
  if (name === 'fcntl') asC.splice(2, 1, 'int', args[2] ?? 0);
  if (name === 'epoll_wait') {
    const room = Buffer.alloc(EVENT_BYTES * Math.max(0, Math.min(Number(args[2]) || 0, MOST_EVENTS)));
    asC[1] = room;
    after = (result) => void eventBytes(args[1] as EpollEvent[], result)?.copy(room);
  }
  if (name === 'pipe2') {
    const pair = Buffer.alloc(8);
    asC[0] = pair;
    after = () => (args[0] as number[]).slice(0, 2).forEach((fd, index) => void pair.writeInt32LE(fd, index * 4));
  }
  const make = (): number => {
    const result = call();
    after(result);
    return result;
  };
  return tracer.trace(name, asC, make, errno);
}

/** On the real kernel read_signal() is a read() of a record. */
function signalThroughTracer(tracer: Tracer, fd: unknown, call: () => unknown, errno: () => string): unknown {
  let name: unknown = '';
  const read = (): number => {
    name = call();
    return name === '' ? -1 : SIGNAL_BYTES;
  };
  tracer.trace('read', [fd, Buffer.alloc(SIGNAL_BYTES), SIGNAL_BYTES], read, errno);
  return name;
}

const SIGNAL_BYTES = 16;
const MOST_EVENTS = 65_536;

function eventBytes(events: (EpollEvent | null)[], count: number): Buffer | null {
  if (events[0] === null || !Array.isArray(events)) return null;
  const bytes = Buffer.alloc(EVENT_BYTES * Math.max(0, count));
  for (let index = 0; index < count; index += 1) {
    const event = events[index];
    if (event === null || event === undefined || typeof event !== 'object') continue;
    bytes.writeUInt32LE((Number(event.events) || 0) >>> 0, index * EVENT_BYTES);
    bytes.writeInt32LE((Number(event.data?.fd) || 0) | 0, index * EVENT_BYTES + 4);
  }
  return bytes;
}

/** Atomics.wait() with a timeout: how a program without timers sleeps. */
export function sleep(doings: Doings, ms: number): void {
  const { kernel } = world();
  const until = kernel.now + Math.max(0, ms);
  const attempt = () => (kernel.now >= until ? 0 : { on: new WaitQueue(), until });
  timed(doings, 'nanosleep', [], () => kernel.complete(doings.process, 'nanosleep', attempt));
}
