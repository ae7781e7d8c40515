/**
 * The test harness of one check: it starts, connects and inspects programs and peers. Cleanup runs in reverse order at the
 * end of the check, in every case.
 *
 *     client 1 ──┐                      ┌── upstream 1
 *     client 2 ──┼──  learner's proxy ──┼── upstream 2     all three columns write to one timeline
 *     client 3 ──┘                      └── upstream 3
 *
 * A learner's server has no upstream; a learner's client has its terminal on the left and our server on the right.
 */
import { CheckFailure, CheckSkipped, type Role } from '../contract/check.ts';
import { Clients } from './clients.ts';
import { FullUpstream } from './full-upstream.ts';
import { type Heard, hear } from './hear.ts';
import { canChooseBuffers } from './listening-socket.ts';
import * as pauses from './pauses.ts';
import { message, payload } from './payload.ts';
import { Peer, TERMINAL } from './peer.ts';
import { Program, type ProgramKind, type ProgramSpec } from './program.ts';
import type { ProgramPorts } from './program-ports.ts';
import { startFileServer } from './python.ts';
import { listensWithin, START_MS, untilAtRest, untilListening } from './readiness.ts';
import type { Reaper } from './reaper.ts';
import { environmentTold } from './surroundings.ts';
import { Timeline } from './timeline.ts';
import { Upstream } from './upstream.ts';
import { Waiting } from './waiting.ts';

/** How long a program may take to report its status, in ms. */
export const STATUS_MS = 4000;

/** The names of several upstreams, in the order of their ports. */
export const LETTERS = ['A', 'B', 'C'] as const;
export type Letter = (typeof LETTERS)[number];

/** The settings of a harness from its run. */
export interface HarnessSettings {
  program: ProgramSpec;
  ports: ProgramPorts;
  seed: string;
  /** factor for the time that the proxy is given; undefined: 1 */
  patience?: number;
  /** the file for the program's trace; undefined: no trace */
  trace?: string;
  reaper: Pick<Reaper, 'mark' | 'watch'>;
}

export class Harness {
  readonly settings: HarnessSettings;
  readonly timeline = new Timeline();
  readonly waiting: Waiting;
  /** the steps so far, as sentences */
  readonly did: string[] = [];
  /** the program started last */
  program: Program | undefined;
  /** its name in steps */
  #role: Role = 'proxy';
  /** further environment variables for programs, besides their ports and the variables of their start */
  readonly #told: Record<string, string> = {};
  readonly #clients = new Clients(this, (undo) => this.#teardown.push(undo));
  #upstreamConnections = 0;
  #over = false;
  readonly #teardown: (() => void)[] = [];

  constructor(settings: HarnessSettings) {
    this.settings = settings;
    this.waiting = new Waiting(settings.patience);
  }

  /** Notes what the check does next, in the past tense: 'connected 5 clients'. */
  step(text: string): void {
    this.did.push(text);
  }

  /** Adds these variables to the environment of all later programs. */
  tell(variables: Record<string, string>): void {
    Object.assign(this.#told, variables);
  }

  /** Bytes for this check: the same for the same seed and label, different for any other. */
  payload(label: string, length: number): Buffer {
    return payload(this.settings.seed, label, length);
  }

  /** A readable line for this check, without a newline. */
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
   * Starts an upstream with a backlog that can be full, if the system supports it.
   *
   * @param letter which of several; undefined: there is only one
   */
  async startFullUpstream(letter?: Letter): Promise<FullUpstream> {
    if (!canChooseBuffers) this.skip('this system does not let us fill the queue of a listening socket');
    const port = letter === undefined ? this.settings.ports.upstream : this.portOf(letter);
    const upstream = await FullUpstream.start(port, this, () => this.#nextConnection(letter));
    this.#teardown.push(() => upstream.dispose());
    return upstream;
  }

  /** Starts the server for the learner's client, on the client's PORT. */
  async openServer(): Promise<Upstream> {
    const server = await Upstream.start(this.settings.ports.proxy, this.timeline, this.waiting, undefined, 'server');
    this.#teardown.push(() => server.dispose());
    return server;
  }

  /** Starts the Python file server on the upstream port and waits until it listens. */
  async startFileServer(): Promise<void> {
    const server = startFileServer(this.settings.ports.upstream, this.settings.reaper);
    this.#teardown.push(() => server.dispose());
    if (await listensWithin(2 * START_MS, this.settings.ports.upstream, this.waiting)) return;
    throw new Error(`the checker's own file server did not listen within ${(2 * START_MS) / 1000} s`);
  }

  /**
   * Starts the learner's program and waits until it listens.
   *
   * @param variables of its environment, besides its ports
   * @param descriptors its limit of open descriptors; undefined: our limit
   * @throws CheckFailure when it exits or does not listen in time
   */
  async startProxy(variables: Record<string, string> = {}, descriptors?: number): Promise<Program> {
    this.#role = 'proxy';
    const all = { ...this.#told, ...variables };
    return this.#startServing(environmentTold(this.settings.ports, all, descriptors), all, descriptors);
  }

  /** Like `startProxy`, for a server without an upstream. */
  async startServer(): Promise<Program> {
    this.#role = 'server';
    return this.#startServing(`PORT=${this.settings.ports.proxy}`);
  }

  /**
   * Starts the learner's client with a terminal: bytes sent there are typed, bytes received there were printed.
   *
   * @param file the descriptor of a file as its standard input, instead of the terminal
   */
  startClient(file?: number): { program: Program; terminal: Peer } {
    this.#role = 'client';
    const program = this.#start(`PORT=${this.settings.ports.proxy}`, { kind: 'client', input: file ?? 'pipe' });
    if (program.terminal === undefined) throw new Error('the program has no terminal');
    return { program, terminal: new Peer(program.terminal, TERMINAL, this.timeline, this.waiting) };
  }

  #start(environment: string, how?: ProgramKind, variables?: Record<string, string>, descriptors?: number): Program {
    const { ports, reaper } = this.settings;
    // An aborted check runs on until it notices; no cleanup would end a program that it starts now.
    if (this.#over) throw new CheckSkipped('stopped');
    const spec = { ...this.settings.program, ...(descriptors !== undefined && { descriptors }) };
    this.step(`started ${spec.label} with ${environment}`);
    const program = new Program(spec, ports, reaper, this.timeline, this.waiting, this.settings.trace, how, variables);
    this.program = program;
    this.#teardown.push(() => program.dispose());
    return program;
  }

  async #startServing(
    environment: string,
    variables: Record<string, string> = {},
    descriptors?: number,
  ): Promise<Program> {
    const program = this.#start(environment, undefined, variables, descriptors);
    await untilListening(program, this.waiting);
    this.timeline.add('program', 'listens');
    await untilAtRest(program);
    return program;
  }

  /**
   * Connects a client to the learner's program.
   *
   * @param receiveBuffer its SO_RCVBUF, in bytes; undefined: the default
   * @throws CheckFailure when the proxy's port does not accept it
   */
  connect(receiveBuffer?: number): Promise<Peer> {
    return this.#clients.connect(receiveBuffer);
  }

  /**
   * Connects clients at the same time. If there are more than the proxy's backlog holds, the kernel may report a client as
   * connected and drop it on the proxy's side, unknown to the proxy. That is no mistake of the proxy, so such a client is
   * replaced.
   */
  connectTogether(count: number): Promise<Peer[]> {
    return this.#clients.connectTogether(count);
  }

  /**
   * Connects to the program's status port, and reads until the stream ends.
   *
   * @param host which of this machine's addresses; undefined: the usual one
   */
  readStatus(host?: string): Promise<Heard> {
    const { status } = this.settings.ports;
    if (status === undefined) throw new Error('this stage has no status');
    return hear(status, STATUS_MS * this.waiting.patience, host);
  }

  /** Waits `ms` for the proxy to make a mistake. Returns early if the program exits. */
  quiet(ms: number): Promise<void> {
    return pauses.quiet(this, ms);
  }

  /**
   * Stops and continues the program a few times, as Ctrl-Z and fg do. A blocking call then returns early: send() with a
   * part of the bytes, epoll_wait() with EINTR. The lesson covers both. A third-party proxy is not interrupted: it may be
   * correct without handling this (redir, for one, gives up a connection then).
   */
  async interrupt(program: Program): Promise<void> {
    if (!this.settings.program.afterLesson) return;
    this.step(`stopped the ${this.#role} and let it go on a few times, as Ctrl-Z and fg do`);
    await pauses.interrupt(this, program);
  }

  /**
   * Stops the program while events gather, so that it finds all of them at once. A third-party proxy is not stopped, as
   * with `interrupt`.
   */
  whileStopped(program: Program, gather: () => Promise<void>): Promise<void> {
    return this.settings.program.afterLesson ? pauses.whileStopped(program, gather) : gather();
  }

  /**
   * Waits until the program sleeps, and fails the check if it exits meanwhile: on a busy machine a crash may come late.
   */
  settle(program: Program): Promise<void> {
    return pauses.settle(this, program);
  }

  /** Fails the check if the program has exited. */
  expectAlive(program: Program): void {
    if (program.exit === undefined || program.listens()) return;
    throw new CheckFailure({
      symptom: 'stopped',
      expected: 'the program goes on running',
      observed: 'the program stopped',
    });
  }

  /** Ends the check as skipped. */
  skip(reason: string): never {
    throw new CheckSkipped(reason);
  }

  /** Runs the cleanup in reverse order. */
  dispose(): void {
    this.#over = true;
    for (const undo of this.#teardown.splice(0).reverse()) undo();
  }
}
