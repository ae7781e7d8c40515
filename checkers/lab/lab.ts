/**
 * The laboratory of one check: what it may start, connect and look at. Everything is torn down in reverse order when the
 * check ends, however it ends.
 *
 *     client 1 ──┐                      ┌── upstream 1
 *     client 2 ──┼──  learner's proxy ──┼── upstream 2     all three columns write to one timeline
 *     client 3 ──┘                      └── upstream 3
 *
 * A server of the learner's has no upstream; a client of theirs has its terminal on the left and our server on the right.
 */
import { CheckFailure, CheckSkipped } from '../check.ts';
import { text as messages } from '../messages/index.ts';
import { plainConnect } from './connecting.ts';
import { FullUpstream } from './full-upstream.ts';
import type { Guardian } from './guardian.ts';
import { type Heard, hear } from './hear.ts';
import { onListening } from './listening.ts';
import { ConnectRefused, canChooseBuffers, connectWithBuffer } from './listening-socket.ts';
import { message, payload } from './payload.ts';
import { Peer, TERMINAL } from './peer.ts';
import { Program, type ProgramKind, type ProgramPorts, type ProgramSpec, portVariables } from './program.ts';
import { startFileServer } from './python.ts';
import { isOneSided } from './tcp-table.ts';
import { Timeline } from './timeline.ts';
import { Upstream } from './upstream.ts';
import { Waiting } from './waiting.ts';

/** How long a program may take until it listens, in ms. */
const START_MS = 8000;
/** No more than this is added for time in which the machine had no processor for it, in ms. */
const MOST_LOST_MS = 12_000;
/** How often a client that got lost in a short queue is replaced, and how long to look for it before that, in ms. */
const REPLACEMENTS = 3;
const LOST_MS = 100;

/** How long a program may take to tell how its upstreams are, in ms. */
export const STATUS_MS = 4000;

/** How long, in ms, and how often to look whether a program rests. */
const LOOK_MS = 50;
const LOOKS = 8;

/** On a busy machine a single interruption may miss the call that waits. */
const INTERRUPTIONS = 4;
const INTERRUPTION_MS = 15;
/** How long to be quiet once the program has ended, in ms. */
const STOPPED_MS = 10;

/** The names of several upstreams, in the order of their ports. */
export const LETTERS = ['A', 'B', 'C'] as const;
export type Letter = (typeof LETTERS)[number];

/** What a lab needs from its run. */
export interface LabSettings {
  program: ProgramSpec;
  ports: ProgramPorts;
  seed: string;
  /** factor for the time that the proxy is given; undefined: 1 */
  patience?: number;
  /** where the program is to write down its system calls; undefined: nowhere */
  trace?: string;
  guardian: Pick<Guardian, 'mark' | 'watch'>;
}

/** A client, and its own port. */
interface Connected {
  peer: Peer;
  port: number;
}

export class Lab {
  readonly settings: LabSettings;
  readonly timeline = new Timeline();
  readonly waiting: Waiting;
  /** what was done so far, for a person to read */
  readonly did: string[] = [];
  /** the program started last */
  program: Program | undefined;
  /** what programs find in their environment besides their ports and what their start is told */
  readonly #told: Record<string, string> = {};
  #clients = 0;
  #upstreamConnections = 0;
  #over = false;
  readonly #teardown: (() => void)[] = [];

  constructor(settings: LabSettings) {
    this.settings = settings;
    this.waiting = new Waiting(settings.patience);
  }

  /** Notes what the check does next, in the past tense: 'connected 5 clients'. */
  step(text: string): void {
    this.did.push(text);
  }

  /** From now on programs find these variables in their environment, too. */
  tell(variables: Record<string, string>): void {
    Object.assign(this.#told, variables);
  }

  /** Bytes for this check: the same for the same seed and label, different for any other. */
  payload(label: string, length: number): Buffer {
    return payload(this.settings.seed, label, length);
  }

  /** A readable line for this check, without an end of line. */
  message(label: string): Buffer {
    return message(this.settings.seed, label);
  }

  /** Starts the recording upstream on the upstream port. */
  async startUpstream(receiveBuffer?: number): Promise<Upstream> {
    const upstream = await Upstream.start(this.settings.ports.upstream, this.timeline, this.waiting, receiveBuffer);
    this.#teardown.push(() => upstream.dispose());
    return upstream;
  }

  /** Starts one of several upstreams. Their connections are numbered together: 'upstream 3 at B' is the third of all. */
  async startUpstreamAt(letter: Letter): Promise<Upstream> {
    const next = (): string => this.#nextConnection(letter);
    const upstream = await Upstream.start(
      this.portOf(letter),
      this.timeline,
      this.waiting,
      undefined,
      'upstream',
      next,
    );
    this.#teardown.push(() => upstream.dispose());
    return upstream;
  }

  /** The port of one of several upstreams. */
  portOf(letter: Letter): number {
    const port = this.settings.ports.upstreams?.[LETTERS.indexOf(letter)];
    if (port === undefined) throw new Error(`this stage has no upstream ${letter}`);
    return port;
  }

  #nextConnection(letter?: Letter): string {
    this.#upstreamConnections += 1;
    const place = letter === undefined ? [] : ['at', letter];
    return ['upstream', this.#upstreamConnections, ...place].join(' ');
  }

  /**
   * Starts an upstream whose queue of connections can be full, where the system lets us make one.
   *
   * @param letter which of several; undefined: there is only one
   */
  async startFullUpstream(letter?: Letter): Promise<FullUpstream> {
    if (!canChooseBuffers) this.skip(messages.checks.stage5.thisSystemDoesNotLet);
    const port = letter === undefined ? this.settings.ports.upstream : this.portOf(letter);
    const upstream = await FullUpstream.start(port, this, () => this.#nextConnection(letter));
    this.#teardown.push(() => upstream.dispose());
    return upstream;
  }

  /** Starts the server that the learner's client is to connect to, on the client's PORT. */
  async openServer(): Promise<Upstream> {
    const server = await Upstream.start(this.settings.ports.proxy, this.timeline, this.waiting, undefined, 'server');
    this.#teardown.push(() => server.dispose());
    return server;
  }

  /** Starts the Python file server on the upstream port and waits until it listens. */
  async startFileServer(): Promise<void> {
    const server = startFileServer(this.settings.ports.upstream, this.settings.guardian);
    this.#teardown.push(() => server.dispose());
    if (await this.#listening(this.settings.ports.upstream, 2 * START_MS)) return;
    throw new Error(`the checker's own file server did not listen within ${(2 * START_MS) / 1000} s`);
  }

  /**
   * Starts the learner's program and waits until it listens.
   *
   * @param variables what it finds in its environment besides its ports
   * @param descriptors how many it may have open at a time; undefined: as many as we may
   * @throws CheckFailure when it ends or does not listen in time
   */
  async startProxy(variables: Record<string, string> = {}, descriptors?: number): Promise<Program> {
    const { ports } = this.settings;
    const all = { ...this.#told, ...variables };
    const told = Object.entries(all).map(([name, value]) => ` ${name}=${value}`);
    const limit = descriptors === undefined ? '' : messages.lab.noMoreDescriptors(descriptors);
    const { UPSTREAM_PORT, ...rest } = portVariables(ports);
    // Whoever has several upstreams need not be told of the first alone.
    const named = rest.UPSTREAM_PORTS === undefined ? { ...rest, UPSTREAM_PORT } : rest;
    const places = Object.entries(named).map(([name, value]) => `${name}=${value}`);
    const environment = `${places.join(' ')}${told.join('')}${limit}`;
    return this.#startServing(environment, all, descriptors);
  }

  /** As `startProxy`, for a server without an upstream. */
  async startServer(): Promise<Program> {
    return this.#startServing(`PORT=${this.settings.ports.proxy}`);
  }

  /**
   * Starts the learner's client, and takes its terminal: what is sent there is typed, what arrives was printed.
   *
   * @param file what its standard input is instead of something to type at: the descriptor of a file
   */
  startClient(file?: number): { program: Program; terminal: Peer } {
    const program = this.#start(`PORT=${this.settings.ports.proxy}`, { kind: 'client', input: file ?? 'pipe' });
    if (program.terminal === undefined) throw new Error('the program has no terminal');
    return { program, terminal: new Peer(program.terminal, TERMINAL, this.timeline, this.waiting) };
  }

  #start(environment: string, how?: ProgramKind, variables?: Record<string, string>, descriptors?: number): Program {
    const { ports, guardian } = this.settings;
    // A check that was aborted goes on until it notices; what it started now, nobody would end.
    if (this.#over) throw new CheckSkipped('stopped');
    const spec = withDescriptors(this.settings.program, descriptors);
    this.step(messages.lab.startedWith(spec.label, environment));
    const program = new Program(
      spec,
      ports,
      guardian,
      this.timeline,
      this.waiting,
      this.settings.trace,
      how,
      variables,
    );
    this.program = program;
    this.#teardown.push(() => program.dispose());
    return program;
  }

  async #startServing(
    environment: string,
    variables: Record<string, string> = {},
    descriptors?: number,
  ): Promise<Program> {
    const { ports } = this.settings;
    const program = this.#start(environment, undefined, variables, descriptors);
    if (await this.#listensInTime(program)) {
      this.timeline.add('program', 'listens');
      return program;
    }
    throw new CheckFailure({
      symptom: program.exit === undefined ? 'not-listening' : 'stopped',
      expected: messages.lab.socketListensOnPort(ports.proxy),
      observed:
        program.exit === undefined
          ? messages.lab.nothingListensThereAfter(this.waiting.seconds(START_MS))
          : messages.lab.programStopped,
    });
  }

  /** What a busy machine has taken from the program is given back to it, once. */
  async #listensInTime(program: Program): Promise<boolean> {
    const { proxy } = this.settings.ports;
    if (await this.#listening(proxy, START_MS)) return true;
    const lost = Math.min(program.inLineMs(), MOST_LOST_MS);
    return lost > LOOK_MS && program.exit === undefined && this.#listening(proxy, lost);
  }

  async #listening(port: number, ms: number): Promise<boolean> {
    let listening = false;
    const stop = onListening(port, () => {
      listening = true;
      this.waiting.changed();
    });
    const waited = await this.waiting.soon(() => listening, ms);
    stop();
    return waited === 'yes';
  }

  /**
   * Connects a client to the learner's program.
   *
   * @param receiveBuffer bytes that the kernel keeps for it before the proxy has to wait; undefined: the default
   * @throws CheckFailure when the proxy's port does not take it
   */
  async connect(receiveBuffer?: number): Promise<Peer> {
    this.#clients += 1;
    const name = `client ${this.#clients}`;
    this.timeline.add(name, 'connects');
    return (await this.#connectAs(name, receiveBuffer)).peer;
  }

  /**
   * Connects clients at the same time. Where the proxy's queue is shorter than they are many, the kernel may tell a
   * client that it is connected and forget it on the proxy's side, which never hears of it. That is no mistake of the
   * proxy: such a client is replaced.
   */
  async connectTogether(count: number): Promise<Peer[]> {
    const names = Array.from({ length: count }, () => {
      this.#clients += 1;
      return `client ${this.#clients}`;
    });
    for (const name of names) this.timeline.add(name, 'connects');
    const together = await Promise.all(names.map((name) => this.#connectAs(name)));
    const peers: Peer[] = [];
    for (const connected of together) peers.push(await this.#replacedIfLost(connected));
    return peers;
  }

  async #replacedIfLost({ peer, port }: Connected): Promise<Peer> {
    let current: Connected = { peer, port };
    for (let time = 0; time < REPLACEMENTS && (await this.#isLost(current)); time += 1) {
      // With an RST: a FIN could bring the forgotten connection back to life.
      current.peer.forget();
      current = await this.#connectAs(peer.name);
    }
    return current.peer;
  }

  /** Whether only the client's side of a connection is there. What has just been set up may show a moment later. */
  async #isLost({ peer, port }: Connected): Promise<boolean> {
    const missing = (): boolean => peer.end === 'open' && isOneSided(port, this.settings.ports.proxy);
    if (!missing()) return false;
    await this.quiet(LOST_MS);
    return missing();
  }

  async #connectAs(name: string, receiveBuffer?: number): Promise<Connected> {
    const port = this.settings.ports.proxy;
    const connecting =
      receiveBuffer === undefined || !canChooseBuffers ? plainConnect(port) : connectWithBuffer(port, receiveBuffer);
    const socket = await connecting.catch((error: Error) => {
      if (error instanceof ConnectRefused) throw this.#refused(name);
      throw error;
    });
    const peer = new Peer(socket, name, this.timeline, this.waiting);
    this.#teardown.push(() => peer.dispose());
    return { peer, port: socket.localPort ?? 0 };
  }

  #refused(name: string): CheckFailure {
    const stopped = this.program?.exit !== undefined;
    return new CheckFailure({
      symptom: stopped ? 'stopped' : 'client-refused',
      expected: messages.lab.canConnectToPort(name, this.settings.ports.proxy),
      observed: stopped ? messages.lab.programStopped : messages.lab.connectionWasNotTaken,
    });
  }

  /** Connects to where the program tells how its upstreams are, and reads until the end. */
  readStatus(): Promise<Heard> {
    const { status } = this.settings.ports;
    if (status === undefined) throw new Error('this stage has no status');
    return hear(status, STATUS_MS * this.waiting.patience);
  }

  /** A wait for its own sake: `ms` in which the proxy may do what it should not. Ends early if the program ends. */
  async quiet(ms: number): Promise<void> {
    if ((await this.waiting.until(() => false, ms)) !== 'stopped') return;
    // Nothing is to come, so there is no need to wait that long. But whoever looks again and again must leave room for others.
    await this.waiting.until(() => false, Math.min(ms, STOPPED_MS), true);
  }

  /**
   * Stops the program for a moment and lets it go on, a few times, as Ctrl-Z and fg do. A call that waits then comes
   * back early: send() with a part of the bytes, epoll_wait() with EINTR. The lesson speaks of both. A proxy by somebody
   * else is left in peace: it may be right without bearing this (redir, for one, gives up a connection then).
   */
  async interrupt(program: Program): Promise<void> {
    if (!this.settings.program.afterLesson) return;
    this.step(messages.lab.stoppedProxyAndLet);
    for (let time = 0; time < INTERRUPTIONS; time += 1) {
      program.signal('SIGSTOP');
      await this.quiet(INTERRUPTION_MS);
      program.signal('SIGCONT');
      await this.quiet(INTERRUPTION_MS);
    }
  }

  /**
   * Keeps the program from running while something gathers in front of it, so that it finds all of it at once. A proxy by
   * somebody else is left in peace, as with `interrupt`.
   */
  async heldStill(program: Program, gather: () => Promise<void>): Promise<void> {
    if (!this.settings.program.afterLesson) return gather();
    program.signal('SIGSTOP');
    try {
      await gather();
    } finally {
      program.signal('SIGCONT');
    }
  }

  /**
   * Waits until the program rests, and fails the check if it ends meanwhile. A program that has a mistake to die of may
   * take its time over it on a busy machine.
   */
  async settle(program: Program): Promise<void> {
    for (let look = 0; look < LOOKS; look += 1) {
      const before = program.busyMs() ?? 0;
      await this.quiet(LOOK_MS);
      this.expectAlive(program);
      if (!program.isDying() && (program.busyMs() ?? 0) - before < LOOK_MS / 2) return;
    }
  }

  /** Fails the check if the program has ended. */
  expectAlive(program: Program): void {
    if (program.exit === undefined || program.listens()) return;
    throw new CheckFailure({
      symptom: 'stopped',
      expected: messages.lab.programGoesOnRunning,
      observed: messages.lab.programStopped,
    });
  }

  /** Ends the check as skipped. */
  skip(reason: string): never {
    throw new CheckSkipped(reason);
  }

  /** Runs the teardown, last thing first. */
  dispose(): void {
    this.#over = true;
    for (const undo of this.#teardown.splice(0).reverse()) undo();
  }
}

/** A limit that a program cannot lift: Node raises a soft one by itself when it starts. See ulimit in sh(1). */
function withDescriptors(spec: ProgramSpec, descriptors: number | undefined): ProgramSpec {
  if (descriptors === undefined) return spec;
  return { ...spec, argv: ['sh', '-c', 'ulimit -n "$0" && exec "$@"', String(descriptors), ...spec.argv] };
}
