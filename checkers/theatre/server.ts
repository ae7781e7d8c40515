/** Shows the theatre to a browser on this machine: the page, and its steps as server-sent events. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Feed } from './feed.ts';

/** Timeout for the final event, in ms. */
const GOODBYE_MS = 500;
/** A browser that is this many bytes behind is disconnected; it reconnects and gets the newest steps. */
const MAX_BEHIND = 4 * 1024 * 1024;

export class TheatreServer {
  readonly #server: Server;
  readonly #page: string;
  readonly #feed: Feed;
  readonly #streams = new Set<ServerResponse>();

  private constructor(page: string, feed: Feed) {
    this.#page = page;
    this.#feed = feed;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** Listens on 127.0.0.1, on any free port. */
  static async start(page: string, feed: Feed): Promise<TheatreServer> {
    const theatre = new TheatreServer(page, feed);
    await new Promise<void>((resolve, reject) => {
      theatre.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return theatre;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    // DNS rebinding: a foreign page whose name resolves to 127.0.0.1 still sends its own name.
    const known = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`].includes(request.headers.host ?? '');
    if (known && request.url === '/events') {
      this.#stream(response);
      return;
    }
    const found = known && request.url === '/';
    response.writeHead(found ? 200 : known ? 404 : 403, { 'content-type': 'text/html; charset=utf-8' });
    response.end(found ? this.#page : 'There is nothing here.');
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const send = (event: string, data: unknown): void => {
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (response.writableLength > MAX_BEHIND) response.destroy();
    };
    send('start', this.#feed.start);
    const stop = this.#feed.watch((steps) => send('steps', steps));
    this.#streams.add(response);
    response.on('error', stop).on('close', () => {
      stop();
      this.#streams.delete(response);
    });
  }

  /** Sends the final event to all viewers, and stops. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const stream of this.#streams) stream.end('event: end\ndata: 0\n\n');
    this.#server.closeIdleConnections();
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS))]);
    this.#server.closeAllConnections();
  }
}
