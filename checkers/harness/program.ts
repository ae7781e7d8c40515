/** The learner's program as a process: started with its ports, watched, and killed with all its children. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Exit } from '../contract/check.ts';
import { OwnSockets } from '../kernel/own-sockets.ts';
import {
  busyMs,
  executableOf,
  expectsSignal,
  inLineMs,
  isGone,
  processTree,
  ranMs,
  startTicks,
  stateLetter,
  waitsForDisk,
} from '../kernel/process-tree.ts';
import type { TcpRow } from '../kernel/tcp-row.ts';
import { addressInWords, reachableFromLoopback, readListeners, socketsOf } from '../kernel/tcp-table.ts';
import { underStrace } from '../trace/strace.ts';
import { STRACE_ENDING } from '../trace/trace-file.ts';
import { BACKGROUND_LOOK_MS, markedProcesses, PROGRAM_MARK } from './background.ts';
import { comesFrom, holderOf } from './holder.ts';
import { OutputTail } from './output-tail.ts';
import { type ProgramPorts, portVariables } from './program-ports.ts';
import { kill, MARK, type Reaper } from './reaper.ts';
import { Terminal } from './terminal.ts';
import type { Timeline } from './timeline.ts';
import type { Waiting } from './waiting.ts';

/** Sets a hard limit, since Node raises its soft limit when it starts. See ulimit in sh(1). */
function withDescriptors({ argv, descriptors }: ProgramSpec): string[] {
  return descriptors === undefined ? argv : ['sh', '-c', 'ulimit -n "$0" && exec "$@"', String(descriptors), ...argv];
}

const hasProc = existsSync('/proc/self/stat');

/** What to start. */
export interface ProgramSpec {
  /** program and arguments */
  argv: string[];
  cwd: string;
  /** its name in reports: 'stages/stage-4-tcp-proxy/proxy.ts' or the command itself */
  label: string;
  /** its limit of open descriptors; undefined: our limit */
  descriptors?: number;
  /** whether it follows the lesson, which demands more than a third-party proxy promises, e.g. to handle EINTR */
  afterLesson?: boolean;
  /**
   * for an untrusted program: it gets only PATH of our environment, and is killed once it has printed this many bytes; the
   * processes of its launchers (absolute paths of programs) are not its own; `endsWithFirst`: in its sandbox, all processes
   * end with the first one
   */
  stranger?: { mostBytes: number; launchers: string[]; endsWithFirst?: boolean };
}

/** How a program is used: a server must listen on its port; a client has an input, and may exit. */
export type ProgramKind = { kind: 'server' } | { kind: 'client'; input: 'pipe' | number };

/** After a client's exit, its bytes and output are read within this time, in ms. */
const LAST_BYTES_MS = 60;

/** How long a killed program's last process may take to exit on a busy machine, and how often to look, in ms. */
const GONE_MS = 5000;
const GONE_LOOK_MS = 2;

/** Timeout for a process in the background to listen, in ms: that of any start. */
const BACKGROUND_START_MS = 8000;

/** A running program of the learner's. */
export class Program {
  readonly ports: ProgramPorts;
  /** undefined as long as a process of it runs that it left in the background when its first one exited with code 0 */
  exit: Exit | undefined;
  /** whether its output has been read to the end; a child of its own may prevent that */
  outputRead = false;
  /** whether it is a client, which exits by itself when it is done */
  readonly endsByItself: boolean;
  /** whether it got SIGTERM */
  askedToEnd = false;
  /** its standard input and output; undefined for a server */
  readonly terminal: Terminal | undefined;
  readonly stdout = new OutputTail();
  readonly stderr = new OutputTail();
  readonly #child: ChildProcess;
  readonly #mark: string;
  readonly #ownMark = randomBytes(8).toString('hex');
  /** the processes that it left in the background; undefined as long as its first process runs */
  #background: number[] | undefined;
  /** when it was started, in clock ticks since the machine's start */
  readonly #since: number;
  readonly #launchers: string[];
  readonly #ownSockets: OwnSockets;
  /** bytes so far */
  #printed = 0;

  constructor(
    spec: ProgramSpec,
    ports: ProgramPorts,
    reaper: Pick<Reaper, 'mark' | 'watch'>,
    timeline: Timeline,
    waiting: Waiting,
    trace?: string,
    how: ProgramKind = { kind: 'server' },
    variables: Record<string, string> = {},
  ) {
    this.ports = ports;
    const servers = [ports.proxy, ports.upstream, ...(ports.upstreams ?? []), ...(ports.status ? [ports.status] : [])];
    // The accepted end of a connection is on one of these ports; the connecting end leads to one.
    this.#ownSockets = new OwnSockets((row) => servers.includes(row.localPort) || servers.includes(row.remotePort));
    this.#mark = reaper.mark;
    this.#launchers = spec.stranger?.launchers ?? [];
    this.endsByItself = how.kind === 'client';
    const stop = waiting.begin();
    timeline.add('program', 'starts');
    const argv = withDescriptors(spec);
    const traced = trace?.endsWith(STRACE_ENDING) ? underStrace(trace, argv) : argv;
    const [command = '', ...args] = traced;
    this.#child = spawn(command, args, {
      cwd: spec.cwd,
      env: {
        ...environment(ports, reaper.mark, spec),
        ...variables,
        ...(trace && { WORKSHOP_TRACE: trace }),
        [PROGRAM_MARK]: this.#ownMark,
      },
      stdio: [how.kind === 'client' ? how.input : 'ignore', 'pipe', 'pipe'],
      // A separate process group, so that one signal kills it and its children.
      detached: true,
    });
    if (this.#child.pid !== undefined) reaper.watch(this.#child.pid);
    this.#since = startTicks(this.pid) ?? 0;
    const { stdin, stdout } = this.#child;
    if (this.endsByItself && stdout !== null) this.terminal = new Terminal(stdin ?? undefined, stdout);
    const { mostBytes = Number.POSITIVE_INFINITY } = spec.stranger ?? {};
    this.#child.stdout?.on('data', (bytes: Buffer) => this.#take(bytes, this.stdout, mostBytes));
    this.#child.stderr?.on('data', (bytes: Buffer) => this.#take(bytes, this.stderr, mostBytes));
    const ended = (code: number | null, signal: string | null, background?: true): void => {
      if (this.exit !== undefined) return;
      this.exit = { ms: timeline.now, code, signal, ...(background && { background }) };
      timeline.add('program', 'exits');
      if (!this.endsByItself) stop();
      waiting.changed();
    };
    this.#child.on('exit', (code, signal) => {
      // Asked to end, a leader may exit before its workers.
      const mayGoOn = code === 0 && !this.endsByItself && !this.askedToEnd;
      this.#background = mayGoOn ? this.#leftRunning() : [];
      if (this.#background.length === 0) ended(code, signal);
      else this.#followBackground(() => ended(code, signal, true));
    });
    this.#child.on('close', () => {
      this.outputRead = true;
      waiting.changed();
      // Bytes that it sent before its exit are in our sockets; one more round of the event loop reads them.
      if (this.endsByItself) setTimeout(() => setImmediate(() => setImmediate(stop)), LAST_BYTES_MS).unref();
    });
    this.#child.on('error', (error) => {
      this.stderr.push(Buffer.from(`${error.message}\n`));
      ended(127, null);
    });
  }

  #take(bytes: Buffer, tail: OutputTail, most: number): void {
    tail.push(bytes);
    const before = this.#printed;
    this.#printed += bytes.length;
    if (this.#printed <= most || before > most) return;
    kill(-this.pid);
    this.stderr.push(Buffer.from(`\nIt printed more than ${Math.round(most / 2 ** 20)} MB and was ended for that.\n`));
  }

  /** The processes that run on after its first one; an id of one that has erased its environment, by the port alone. */
  #leftRunning(): number[] {
    const marked = markedProcesses(this.#ownMark);
    if (marked.length > 0) return marked;
    const holder = this.listens() ? holderOf(this.ports.proxy) : undefined;
    return holder === undefined || holder === 'unknown' ? [] : [holder.pid];
  }

  /** Waits until all of them have exited, or do not listen in time. */
  #followBackground(over: () => void): void {
    const due = performance.now() + BACKGROUND_START_MS;
    let listened = false;
    const timer = setInterval(() => {
      if (this.#background?.every(isGone)) this.#background = this.#leftRunning();
      listened ||= this.#listeners().length > 0;
      const none = this.#background?.length === 0;
      if (!none && (listened || performance.now() < due)) return;
      clearInterval(timer);
      over();
    }, BACKGROUND_LOOK_MS);
    timer.unref();
  }

  /** Whether all its processes have exited. */
  get ended(): boolean {
    return this.exit !== undefined && (this.endsByItself || !this.listens());
  }

  /** The first process's id; 0 when it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Whether a client that connects to 127.0.0.1 would reach a listening socket on the program's port. */
  listens(): boolean {
    const listener = readListeners().some((row) => row.localPort === this.ports.proxy && reachableFromLoopback(row));
    return listener && this.stranger() === undefined;
  }

  /** The foreign process that listens on the program's port. Slow, since it looks at every process: for failures only. */
  stranger(): string | undefined {
    // A client does not listen; the checker listens on this port.
    if (this.endsByItself) return undefined;
    const holder = holderOf(this.ports.proxy);
    if (holder === undefined || holder === 'unknown' || comesFrom(holder, this.#mark, this.#since)) return undefined;
    return `${holder.name} (pid ${holder.pid})`;
  }

  /** Ports that the program's processes listen on; empty if the system does not tell. */
  listeningPorts(): number[] {
    return [...new Set(this.#listeners().map((row) => row.localPort))];
  }

  /** Addresses on which they listen on the right port, out of clients' reach; empty if the system does not tell. */
  unreachableAddresses(): string[] {
    const rows = this.#listeners().filter((row) => row.localPort === this.ports.proxy);
    return rows.some(reachableFromLoopback) ? [] : rows.map(addressInWords);
  }

  #listeners(): TcpRow[] {
    const inodes = new Set(this.pids().flatMap((pid) => socketsOf(pid) ?? []));
    return readListeners().filter((row) => inodes.has(row.inode));
  }

  /** How many TCP sockets on the check's ports the program's processes have open; undefined if the system does not tell. */
  socketCount(): number | undefined {
    return this.#ownSockets.count(this.pids());
  }

  /** Whether it has exited for the kernel, and Node has not reported that yet. */
  isDying(): boolean {
    const letter = stateLetter(this.firstPid);
    return this.exit === undefined && (letter === 'Z' || letter === 'X' || (letter === undefined && hasProc));
  }

  /** ms that the program's threads have run or been runnable since their start; undefined if unknown. */
  busyMs(): number | undefined {
    return busyMs(this.pids());
  }

  /** ms that its threads have run, without finished threads; undefined if the system does not tell. */
  ranMs(): number | undefined {
    return ranMs(this.pids());
  }

  /** ms that it and its launchers have waited for a processor on a busy machine. */
  inLineMs(): number {
    return inLineMs(this.pid === 0 ? [] : processTree(this.pid));
  }

  /** Whether it, or its launcher, is waiting for a disk. */
  waitsForDisk(): boolean {
    return this.pid !== 0 && waitsForDisk(processTree(this.pid));
  }

  /** The last lines of its standard error; if that is empty and it has exited, of its output. No blank lines. */
  lastLines(): string[] {
    const [errors, output] = [this.stderr, this.stdout].map(({ text }) => {
      return text.split(/\r?\n/).filter((line) => line.trim() !== '');
    });
    return errors?.length === 0 && this.exit !== undefined ? (output ?? []) : (errors ?? []);
  }

  /**
   * SIGKILL to all of its processes, like a power cut. Resolves once all have exited, not only the first one: if that is a
   * shell or a sandbox, the process behind it, which listens, may exit a moment later.
   */
  async kill(): Promise<void> {
    if (this.pid === 0) return;
    const all = [...this.#ownTree(), ...this.#backgroundTree()];
    if (!this.#isForeign()) kill(-this.pid);
    for (const pid of all) kill(pid);
    const deadline = performance.now() + GONE_MS;
    const isOver = (): boolean => this.exit !== undefined && all.every(isGone);
    while (!isOver() && performance.now() < deadline) await pause(GONE_LOOK_MS);
  }

  /**
   * Sends SIGTERM to one process, as a service manager or `kill` does: the first one that handles it. From then on its exit
   * is expected.
   */
  askToEnd(): void {
    this.askedToEnd = true;
    const pid = this.pids().find((id) => expectsSignal(id, constants.signals.SIGTERM)) ?? this.pid;
    if (pid === 0) return;
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It has exited already; the check will notice.
    }
  }

  /** Sends a signal to the program and its children. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.pid === 0) return;
    for (const pid of [-this.pid, ...this.#backgroundTree()]) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended; the check will notice.
      }
    }
  }

  dispose(): void {
    if (this.pid !== 0 && !this.#isForeign()) kill(-this.pid);
    for (const pid of this.#backgroundTree()) kill(pid);
    this.terminal?.destroy();
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  /** Whether the id of its first process, which exited long ago, has been reused. */
  #isForeign(): boolean {
    const since = startTicks(this.pid);
    return since !== undefined && this.#since !== 0 && since !== this.#since;
  }

  #ownTree(): number[] {
    return this.#isForeign() ? [] : processTree(this.pid);
  }

  #backgroundTree(): number[] {
    const left = (this.#background ?? []).filter((pid) => !isGone(pid));
    return [...new Set(left.flatMap(processTree))];
  }

  /** Its processes, without those that only launched it. */
  pids(): number[] {
    if (this.pid === 0) return [];
    const tree = this.#background?.length ? this.#backgroundTree() : processTree(this.pid);
    return this.#launchers.length === 0 ? tree : tree.filter((pid) => !this.#launchers.includes(executableOf(pid)));
  }

  /** The working process; if there is none any more, the started one. */
  get firstPid(): number {
    return this.#launchers.length === 0 && !this.#background?.length ? this.pid : (this.pids()[0] ?? this.pid);
  }
}

/**
 * Variables that change how Node starts, or how a proxy works: the environment of the checker must not change a verdict.
 * (NODE_EXTRA_CA_CERTS makes Node parse certificates at each start, which no proxy here needs.)
 */
const NOT_HANDED_ON =
  'NODE_OPTIONS NODE_EXTRA_CA_CERTS UPSTREAM_PORTS STATUS_PORT BALANCE RETRY_AFTER_MS CONNECT_TIMEOUT_MS IDLE_TIMEOUT_MS';

/** The checker's environment with the contract's variables. */
function environment(ports: ProgramPorts, mark: string, spec: ProgramSpec): NodeJS.ProcessEnv {
  const left = new Set(NOT_HANDED_ON.split(' '));
  const ours = Object.fromEntries(Object.entries(process.env).filter(([name]) => !left.has(name)));
  const env = spec.stranger ? { PATH: ours.PATH } : ours;
  return { ...env, ...portVariables(ports), [MARK]: mark };
}
