/** An upstream with a full backlog: its kernel does not answer handshakes then. */
import { Socket } from 'node:net';
import { CheckFailure } from '../contract/check.ts';
import { Peer } from './peer.ts';
import type { Timeline } from './timeline.ts';
import type { Waiting } from './waiting.ts';

/** How long the proxy may take to open its next upstream connection, in ms: a repeated handshake comes after 1 s, then 3 s. */
const CONNECT_MS = 5000;
/** How often to look for a connection, and how long an answered handshake on loopback may take, in ms. */
const LOOK_MS = 5;
const ANSWER_MS = 50;
/** This many connections fill a backlog of 0 on every kernel. */
const MAX_FILLERS = 8;

/** Made with our own system calls: Node accepts every connection, and would empty the backlog. Linux only. */
export class FullUpstream {
  readonly #linux: typeof import('#linux');
  #fd: number;
  readonly #port: number;
  readonly #timeline: Timeline;
  readonly #waiting: Waiting;
  readonly #fillers: number[] = [];
  readonly #peers: Peer[] = [];
  readonly #nextName: () => string;

  private constructor(
    linux: typeof import('#linux'),
    fd: number,
    port: number,
    { timeline, waiting }: { timeline: Timeline; waiting: Waiting },
    nextName: () => string,
  ) {
    this.#nextName = nextName;
    this.#linux = linux;
    this.#fd = fd;
    this.#port = port;
    this.#timeline = timeline;
    this.#waiting = waiting;
  }

  /**
   * Starts listening, with a backlog for a single connection.
   *
   * @param port the port
   * @param nextName the name of its next connection
   */
  static async start(
    port: number,
    harness: { timeline: Timeline; waiting: Waiting },
    nextName: () => string,
  ): Promise<FullUpstream> {
    const linux = await import('#linux');
    const fd = linux.socket(linux.AF_INET, linux.SOCK_STREAM | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, 0);
    linux.setsockopt(fd, linux.SOL_SOCKET, linux.SO_REUSEADDR, 1);
    if (linux.bind(fd, linux.sockaddr_in('127.0.0.1', port)) === -1 || linux.listen(fd, 0) === -1) {
      const why = linux.strerror(linux.errno());
      linux.close(fd);
      throw new Error(`the checker could not listen on port ${port}: ${why}`);
    }
    return new FullUpstream(linux, fd, port, harness, nextName);
  }

  /** Connects to itself until the backlog is full: from then on no handshake is answered. */
  async fill(): Promise<void> {
    const { socket, connect, sockaddr_in, AF_INET, SOCK_STREAM, SOCK_NONBLOCK, SOCK_CLOEXEC } = this.#linux;
    for (let filler = 0; filler < MAX_FILLERS; filler += 1) {
      const fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      this.#fillers.push(fd);
      connect(fd, sockaddr_in('127.0.0.1', this.#port));
      await this.#waiting.until(() => false, ANSWER_MS, true);
      if (this.#linux.getpeername(fd, Buffer.alloc(16)) === -1) return;
    }
    throw new Error('the checker could not fill the queue of its own upstream');
  }

  /** Closes the connections that filled the backlog: repeated handshakes are answered again. */
  drain(): void {
    for (const fd of this.#fillers.splice(0)) this.#linux.close(fd);
    let fd = this.#accept();
    while (fd !== -1) {
      this.#linux.close(fd);
      fd = this.#accept();
    }
  }

  #accept(): number {
    return this.#linux.accept4(this.#fd, null, null, this.#linux.SOCK_NONBLOCK | this.#linux.SOCK_CLOEXEC);
  }

  /**
   * Waits for the proxy's next connection.
   *
   * @throws CheckFailure when it does not come
   */
  async connection(): Promise<Peer> {
    const deadline = performance.now() + CONNECT_MS * this.#waiting.patience;
    let waited = 'timeout';
    // An exited program sends nothing more, and polling for it without a pause would block the event loop.
    while (waited !== 'stopped' && this.#fd !== -1 && performance.now() < deadline) {
      const fd = this.#accept();
      if (fd !== -1) return this.#peer(fd);
      waited = await this.#waiting.until(() => false, LOOK_MS);
    }
    throw new CheckFailure({
      symptom: this.#peers.length === 0 ? 'no-upstream-connection' : 'too-few-upstream-connections',
      expected: 'the proxy opens an upstream connection for its client',
      observed: `none came within ${this.#waiting.seconds(CONNECT_MS)}`,
    });
  }

  #peer(fd: number): Peer {
    const name = this.#nextName();
    this.#timeline.add(name, 'accepts');
    const socket = new Socket({ fd, readable: true, writable: true, allowHalfOpen: true });
    const peer = new Peer(socket, name, this.#timeline, this.#waiting);
    this.#peers.push(peer);
    return peer;
  }

  dispose(): void {
    for (const peer of this.#peers) peer.dispose();
    this.drain();
    this.#linux.close(this.#fd);
    // The descriptor may soon be reused.
    this.#fd = -1;
  }
}
