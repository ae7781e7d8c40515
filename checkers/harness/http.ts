/** Just enough HTTP to fetch a file and know when it is complete. */
import { connect } from 'node:net';
import type { Peer } from './peer.ts';
import type { Waiting } from './waiting.ts';

/** How long an answer may stall, in ms. */
const STALL_MS = 5000;

export interface HttpAnswer {
  /** status line and headers, with the blank line that ends them */
  head: Buffer;
  body: Buffer;
  /** whether Content-Length bytes arrived */
  complete: boolean;
}

/** A request as a browser sends it, without headers that vary. */
export function requestFor(path: string, port: number): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`);
}

/** Fetches directly from the file server. */
export function fetchDirectly(path: string, port: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(requestFor(path, port)));
    socket.setTimeout(STALL_MS, () => socket.destroy(new Error("the checker's own file server did not answer")));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => resolve(parse(Buffer.concat(chunks))));
    socket.on('error', reject);
  });
}

/**
 * Reads an answer until it is complete by its Content-Length, ends, or stalls. Other checks judge whether the connection is
 * closed afterwards.
 */
export async function readAnswer(client: Peer, waiting: Waiting): Promise<HttpAnswer> {
  const received: Buffer[] = [];
  for (;;) {
    received.push(client.take());
    const answer = parse(Buffer.concat(received));
    if (answer.complete || (client.end !== 'open' && client.unreadBytes === 0)) return answer;
    const waited = await waiting.soon(() => client.unreadBytes > 0 || client.end !== 'open', STALL_MS);
    if (waited !== 'yes') return answer;
  }
}

function parse(bytes: Buffer): HttpAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return { head: bytes, body: Buffer.alloc(0), complete: false };
  const [head, body] = [bytes.subarray(0, end + 4), bytes.subarray(end + 4)];
  const length = /^content-length: *(\d+)/im.exec(head.toString('latin1'))?.[1];
  return { head, body, complete: length !== undefined && body.length >= Number(length) };
}
