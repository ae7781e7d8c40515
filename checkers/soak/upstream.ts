/** The upstream of a soak: plays its side of each story, and records what it received. Can be restarted. */
import { createServer, type Server, type Socket } from 'node:net';
import { End, type Ending } from './end.ts';
import { Pattern } from './pattern.ts';
import { HEAD_BYTES, readHead, type Story } from './story.ts';

/** What the upstream saw of one connection. */
export interface Seen {
  received: number;
  ending: Ending;
  difference: number | undefined;
}

export class SoakUpstream {
  /** connections that did not begin with a valid head */
  strangers = 0;
  readonly #seen = new Map<number, Promise<Seen>>();
  readonly #sockets = new Set<Socket>();
  readonly #port: number;
  #server: Server | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  start(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#serve(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: this.#port, host: '127.0.0.1', backlog: 1024 }, resolve);
    });
  }

  /** Closes everything at once, as a server that is stopped does. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** What was seen of a connection; undefined where it has not come, as yet. */
  seen(id: number): Promise<Seen> | undefined {
    return this.#seen.get(id);
  }

  forget(id: number): void {
    this.#seen.delete(id);
  }

  get open(): number {
    return this.#sockets.size;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    let head = Buffer.alloc(0);
    const hear = (bytes: Buffer): void => {
      head = Buffer.concat([head, bytes]);
      if (head.length < HEAD_BYTES) return;
      socket.off('data', hear);
      this.#begin(socket, head);
    };
    socket.on('data', hear);
    // A client that closed without sending.
    socket.once('end', () => head.length < HEAD_BYTES && socket.end());
  }

  #begin(socket: Socket, head: Buffer): void {
    const told = readHead(head);
    if (told === undefined) {
      this.strangers += 1;
      socket.destroy();
      return;
    }
    const end = new End(socket, new Pattern(told.id, 'up'));
    if (told.story.slow === 'upstream') end.slowDown(10);
    if (head.length > HEAD_BYTES) end.take(head.subarray(HEAD_BYTES));
    this.#seen.set(told.id, tell(end, told.id, told.story));
  }
}

async function tell(end: End, id: number, { up, down, ending }: Story): Promise<Seen> {
  const written = end.write(new Pattern(id, 'down'), down);
  if (ending === 'upstream-ends' && (await written)) end.socket.end();
  if (ending === 'upstream-resets') {
    await end.until(Math.floor(up / 8));
    end.socket.resetAndDestroy();
  }
  const result = await end.over;
  await written;
  end.socket.end();
  return { received: end.received, ending: result, difference: end.difference };
}
