/** The harness's own server, for a proxy or a client: numbers its connections and records the bytes and the end of each. */
import type { Server, Socket } from 'node:net';
import { CheckFailure } from '../contract/check.ts';
import { listenOn } from './listening-socket.ts';
import { Peer } from './peer.ts';
import type { Timeline } from './timeline.ts';
import type { Waited, Waiting } from './waiting.ts';

/**
 * How long the proxy may take to open its next upstream connection, in ms. With a short backlog, the kernel retries after
 * 1 s, then 3 s.
 */
const CONNECT_MS = 5000;

/** A passive upstream server: checks tell its connections what to send. */
export class Upstream {
  /** in the order in which they were accepted; the first is called 'upstream 1', or 'upstream 1 at A' */
  readonly connections: Peer[] = [];
  readonly port: number;
  readonly #waiting: Waiting;
  readonly #server: Server;
  readonly #name: string;

  private constructor(server: Server, port: number, waiting: Waiting, name: string) {
    this.#server = server;
    this.port = port;
    this.#name = name;
    this.#waiting = waiting;
  }

  /**
   * Starts listening.
   *
   * @param port the port
   * @param receiveBuffer SO_RCVBUF of each connection, in bytes; undefined: the system's default
   * @param name of its connections, followed by a number
   * @param nextName for one of several upstreams: the whole name of its next connection
   */
  static async start(
    port: number,
    timeline: Timeline,
    waiting: Waiting,
    receiveBuffer?: number,
    name: 'upstream' | 'server' = 'upstream',
    nextName?: () => string,
  ): Promise<Upstream> {
    const server = await listenOn(port, receiveBuffer);
    const upstream = new Upstream(server, port, waiting, name);
    server.on('connection', (socket: Socket) => {
      const numbered = nextName?.() ?? `${name} ${upstream.connections.length + 1}`;
      timeline.add(numbered, 'accepts');
      upstream.connections.push(new Peer(socket, numbered, timeline, waiting));
      waiting.changed();
    });
    return upstream;
  }

  /**
   * Waits for a connection.
   *
   * @param number 1 for the first one ever
   * @throws CheckFailure when it does not come
   */
  async connection(number: number): Promise<Peer> {
    await this.expectConnections(number);
    const peer = this.connections[number - 1];
    if (peer === undefined) throw new Error(`upstream connection ${number} is counted but missing`);
    return peer;
  }

  /** Waits until it has accepted this many connections in all; the wait goes on as long as more arrive. */
  async expectConnections(count: number): Promise<void> {
    let waited: Waited = 'yes';
    while (this.connections.length < count && waited === 'yes') {
      const before = this.connections.length;
      waited = await this.#waiting.soon(() => this.connections.length > before, CONNECT_MS);
    }
    const seen = this.connections.length;
    if (seen >= count) return;
    if (this.#name === 'server') throw notConnected(waited, this.#waiting.seconds(CONNECT_MS));
    throw new CheckFailure({
      symptom:
        waited === 'stopped' ? 'stopped' : seen === 0 ? 'no-upstream-connection' : 'too-few-upstream-connections',
      expected: `the upstream has accepted ${counted(count)}, one for each client`,
      observed:
        waited === 'stopped'
          ? 'the program stopped'
          : `${counted(seen)}, then none for ${this.#waiting.seconds(CONNECT_MS)}`,
    });
  }

  /** Makes sure that no more than this many connections arrive. */
  async expectNoMoreThan(count: number, quietMs: number, when: string): Promise<void> {
    await this.#waiting.until(() => this.connections.length > count, quietMs);
    if (this.connections.length <= count) return;
    throw new CheckFailure({
      symptom: this.#name === 'server' ? 'too-many-connections' : 'too-many-upstream-connections',
      expected: `the ${this.#name} has accepted ${counted(count)} ${when}`,
      observed: counted(this.connections.length),
    });
  }

  /** Stops listening and resets every connection, as if the server had crashed. It can be started again. */
  die(): void {
    this.#server.close();
    for (const peer of this.connections) if (!peer.closed) peer.reset();
  }

  dispose(): void {
    this.#server.close();
    for (const peer of this.connections) peer.dispose();
  }
}

function notConnected(waited: Waited, seconds: string): CheckFailure {
  return new CheckFailure({
    symptom: 'no-connection',
    expected: 'the client connects to the server',
    observed: waited === 'stopped' ? 'it did not, and the program stopped' : `it did not within ${seconds}`,
  });
}

function counted(count: number): string {
  if (count === 0) return 'no connection';
  return count === 1 ? '1 connection' : `${count} connections`;
}
