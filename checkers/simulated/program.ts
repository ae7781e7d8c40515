/** In place of checkers/harness/program.ts: the learner's program as a process of the simulated machine. */
import type { Exit } from '../contract/check.ts';
import { OutputTail } from '../harness/output-tail.ts';
import type { ProgramKind, ProgramSpec } from '../harness/program.ts';
import { type ProgramPorts, portVariables } from '../harness/program-ports.ts';
import type { Timeline } from '../harness/timeline.ts';
import type { Waiting } from '../harness/waiting.ts';
import type { TcpRow } from '../kernel/tcp-row.ts';
import { Guest } from './guest.ts';
import { openFile } from './node-fs.ts';
import { setTimeout as pause } from './node-timers-promises.ts';
import { addressInWords, countSockets, reachableFromLoopback, readListeners, socketsOf } from './proc.ts';
import { Terminal } from './terminal.ts';
import { setTimeout } from './virtual-time.ts';
import { post, world } from './world.ts';

/** As in harness/program.ts. */
const LAST_BYTES_MS = 60;
const GONE_MS = 5000;
const GONE_LOOK_MS = 2;

/** See harness/program.ts: the same interface. */
export class Program {
  readonly ports: ProgramPorts;
  exit: Exit | undefined;
  outputRead = false;
  readonly endsByItself: boolean;
  askedToEnd = false;
  readonly terminal: Terminal | undefined;
  readonly stdout = new OutputTail();
  readonly stderr = new OutputTail();
  readonly #guest: Guest;

  constructor(
    { descriptors }: ProgramSpec,
    ports: ProgramPorts,
    _reaper: unknown,
    timeline: Timeline,
    waiting: Waiting,
    trace?: string,
    how: ProgramKind = { kind: 'server' },
    variables: Record<string, string> = {},
  ) {
    this.ports = ports;
    this.endsByItself = how.kind === 'client';
    const stop = waiting.begin();
    timeline.add('program', 'starts');
    if (how.kind === 'client') this.terminal = new Terminal();
    const input =
      how.kind === 'client' && typeof how.input === 'number' ? openFile(how.input) : this.terminal?.input.reader;
    this.#guest = new Guest({
      env: { PATH: '/usr/bin', ...portVariables(ports), ...variables, ...(trace && { WORKSHOP_TRACE: trace }) },
      descriptors,
      input,
      trace,
      print: (fd, bytes) => this.#take(fd, bytes),
      ended: (status) => {
        const { reaction } = world().kernel.settings;
        post('program', reaction, () => {
          this.exit = { ms: timeline.now, ...status };
          timeline.add('program', 'exits');
          if (!this.endsByItself && !this.listens()) stop();
          waiting.changed();
        });
        post('program', 2 * reaction, () => {
          this.terminal?.endOutput();
          this.outputRead = true;
          waiting.changed();
          if (this.endsByItself) setTimeout(stop, LAST_BYTES_MS);
        });
      },
    });
  }

  #take(fd: number, bytes: Buffer): void {
    (fd === 2 ? this.stderr : this.stdout).push(bytes);
    if (fd !== 2) this.terminal?.takeOutput(bytes);
  }

  get ended(): boolean {
    return this.exit !== undefined && (this.endsByItself || !this.listens());
  }

  get pid(): number {
    return this.#guest.pid;
  }

  get firstPid(): number {
    return this.pid;
  }

  pids(): number[] {
    return this.#guest.isOver ? [] : [this.pid];
  }

  listens(): boolean {
    return this.#listeners().some((row) => row.localPort === this.ports.proxy && reachableFromLoopback(row));
  }

  stranger(): undefined {
    return undefined;
  }

  listeningPorts(): number[] {
    return [...new Set(this.#listeners().map((row) => row.localPort))];
  }

  unreachableAddresses(): string[] {
    const rows = this.#listeners().filter((row) => row.localPort === this.ports.proxy);
    return rows.some(reachableFromLoopback) ? [] : rows.map(addressInWords);
  }

  #listeners(): TcpRow[] {
    const inodes = new Set(socketsOf(this.pid));
    return readListeners().filter((row) => inodes.has(row.inode));
  }

  socketCount(): number {
    const { proxy, upstream, upstreams = [], status = upstream } = this.ports;
    const servers = [proxy, upstream, ...upstreams, status];
    return countSockets(this.pids(), (row) => servers.includes(row.localPort) || servers.includes(row.remotePort));
  }

  isDying(): boolean {
    return this.#guest.isOver && this.exit === undefined;
  }

  busyMs(): number {
    return this.#guest.busyMs();
  }

  ranMs(): number {
    return this.#guest.busyMs();
  }

  inLineMs(): number {
    return 0;
  }

  waitsForDisk(): boolean {
    return false;
  }

  lastLines(): string[] {
    const [errors, output] = [this.stderr, this.stdout].map(({ text }) => {
      return text.split(/\r?\n/).filter((line) => line.trim() !== '');
    });
    return errors?.length === 0 && this.exit !== undefined ? (output ?? []) : (errors ?? []);
  }

  async kill(): Promise<void> {
    this.#guest.signal('SIGKILL');
    const deadline = world().kernel.now + GONE_MS;
    while (this.exit === undefined && world().kernel.now < deadline) await pause(GONE_LOOK_MS);
  }

  askToEnd(): void {
    this.askedToEnd = true;
    this.#guest.signal('SIGTERM');
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#guest.signal(name);
  }

  dispose(): void {
    this.#guest.signal('SIGKILL');
    this.terminal?.destroy();
  }
}
