/** The clients of one check: they connect to the learner's program, and replace a connection that the kernel dropped. */
import { CheckFailure } from '../contract/check.ts';
import { isOneSided } from '../kernel/tcp-table.ts';
import { plainConnect } from './connecting.ts';
import { ConnectRefused, canChooseBuffers, connectWithBuffer } from './listening-socket.ts';
import { Peer } from './peer.ts';
import type { Program } from './program.ts';
import type { ProgramPorts } from './program-ports.ts';
import type { Timeline } from './timeline.ts';
import type { Waiting } from './waiting.ts';

/** How often to replace a client that a short backlog dropped, and how long to look for it before that, in ms. */
const REPLACEMENTS = 3;
const LOST_MS = 100;

/** A client, and its own port. */
interface Connected {
  peer: Peer;
  port: number;
}

/** What clients need of their harness. */
interface Around {
  settings: { ports: ProgramPorts };
  timeline: Timeline;
  waiting: Waiting;
  program: Program | undefined;
  quiet(ms: number): Promise<void>;
}

export class Clients {
  readonly #harness: Around;
  readonly #keep: (undo: () => void) => void;
  #count = 0;

  /** @param keep takes what is to be done with each client at the end of the check */
  constructor(harness: Around, keep: (undo: () => void) => void) {
    this.#harness = harness;
    this.#keep = keep;
  }

  /** See `Harness.connect`. */
  async connect(receiveBuffer?: number): Promise<Peer> {
    return (await this.#connectAs(this.#nextName(), receiveBuffer)).peer;
  }

  /** See `Harness.connectTogether`. */
  async connectTogether(count: number): Promise<Peer[]> {
    const names = Array.from({ length: count }, () => this.#nextName());
    const together = await Promise.all(names.map((name) => this.#connectAs(name)));
    const peers: Peer[] = [];
    for (const connected of together) peers.push(await this.#replacedIfLost(connected));
    return peers;
  }

  #nextName(): string {
    this.#count += 1;
    const name = `client ${this.#count}`;
    this.#harness.timeline.add(name, 'connects');
    return name;
  }

  async #replacedIfLost({ peer, port }: Connected): Promise<Peer> {
    let current: Connected = { peer, port };
    for (let time = 0; time < REPLACEMENTS && (await this.#isLost(current)); time += 1) {
      // With an RST: a FIN could revive the dropped connection.
      current.peer.forget();
      current = await this.#connectAs(peer.name);
    }
    return current.peer;
  }

  /** Whether only the client's side of a connection exists. A new connection may appear a moment later. */
  async #isLost({ peer, port }: Connected): Promise<boolean> {
    const missing = (): boolean => peer.end === 'open' && isOneSided(port, this.#harness.settings.ports.proxy);
    if (!missing()) return false;
    await this.#harness.quiet(LOST_MS);
    return missing();
  }

  async #connectAs(name: string, receiveBuffer?: number): Promise<Connected> {
    const port = this.#harness.settings.ports.proxy;
    const connecting =
      receiveBuffer === undefined || !canChooseBuffers ? plainConnect(port) : connectWithBuffer(port, receiveBuffer);
    const socket = await connecting.catch((error: Error) => {
      if (error instanceof ConnectRefused) throw this.#refused(name);
      throw error;
    });
    const peer = new Peer(socket, name, this.#harness.timeline, this.#harness.waiting);
    this.#keep(() => peer.dispose());
    return { peer, port: socket.localPort ?? 0 };
  }

  #refused(name: string): CheckFailure {
    const stopped = this.#harness.program?.exit !== undefined;
    return new CheckFailure({
      symptom: stopped ? 'stopped' : 'client-refused',
      expected: `${name} can connect to port ${this.#harness.settings.ports.proxy}`,
      observed: stopped ? 'the program stopped' : 'the connection was not taken',
    });
  }
}
