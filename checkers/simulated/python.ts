/** In place of checkers/harness/python.ts: the simulated twin of python3 -m http.server, as one process with blocking calls. */
import { sockaddr_in } from '../../linux/address.ts';
import { AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET } from '../../linux/constants.ts';
import type { Actor } from '../../linux/simulated/kernel.ts';
import { attemptsOf } from '../../linux/simulated/linux.ts';
import type { Process } from '../../linux/simulated/process.ts';
import { root } from './root.ts';
import { world } from './world.ts';

export const servedFolder = `${root}/assets/www`;

/** The backlog of Python's socketserver. */
const BACKLOG = 5;
/** Python copies a file in pieces of 64 KiB. */
const PIECE = 64 * 1024;
const TYPES: Record<string, string> = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/vnd.microsoft.icon',
  txt: 'text/plain',
};

/** Serves the folder in threads of one process. */
export function startFileServer(port: number): { dispose(): void } {
  const { kernel, watched } = world();
  const process = kernel.newProcess('python3');
  watched.push({ pid: 0, process, letter: () => 'S', busyMs: () => 0, pending: () => undefined });
  kernel.spawn('python', serve(process, port));
  return { dispose: () => kernel.exit(process) };
}

function* serve(process: Process, port: number): Actor {
  const { kernel } = world();
  const { socket, setsockopt, bind, listen, accept } = attemptsOf(kernel, process);
  const listener = yield* kernel.perform(process, socket(AF_INET, SOCK_STREAM, 0));
  yield* kernel.perform(process, setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, 1));
  yield* kernel.perform(process, bind(listener, sockaddr_in('127.0.0.1', port)));
  yield* kernel.perform(process, listen(listener, BACKLOG));
  while (true) {
    const fd = yield* kernel.perform(process, accept(listener));
    if (fd === -1) return;
    kernel.spawn('python', answer(process, fd));
  }
}

function* answer(process: Process, fd: number): Actor {
  const { kernel } = world();
  const { recv, send, shutdown, close } = attemptsOf(kernel, process);
  const room = Buffer.alloc(8192);
  let request = '';
  while (!request.includes('\r\n\r\n')) {
    const count = yield* kernel.perform(process, recv(fd, room, room.length, 0));
    if (count <= 0) break;
    request += room.toString('latin1', 0, count);
  }
  if (request !== '') {
    for (const bytes of answerTo(request)) {
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + PIECE);
        const count = yield* kernel.perform(process, send(fd, part, part.length, 0));
        if (count === -1) break;
        at += count;
      }
    }
    yield* kernel.perform(process, shutdown(fd, 1));
  }
  yield* kernel.perform(process, close(fd));
}

function answerTo(request: string): Uint8Array[] {
  const [, method = '', path = '/'] = /^(\S+) (\S+)/.exec(request) ?? [];
  const name = decodeURIComponent(path.split(/[?#]/)[0] ?? '/');
  const file = name.endsWith('/') ? `${name}index.html` : name;
  const bytes = world().files.get(`${servedFolder}${file}`);
  if (method !== 'GET' && method !== 'HEAD') return [head('501 Unsupported method', 'text/html', 0)];
  if (bytes === undefined) {
    const body = Buffer.from(
      '<!DOCTYPE HTML>\n<html lang="en"><body><h1>Error response</h1><p>File not found</p></body></html>\n',
    );
    return [head('404 File not found', 'text/html;charset=utf-8', body.length), body];
  }
  const type = TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return [head('200 OK', type, bytes.length), ...(method === 'HEAD' ? [] : [bytes])];
}

function head(status: string, type: string, length: number): Buffer {
  const lines = [
    `HTTP/1.0 ${status}`,
    'Server: SimpleHTTP/0.6 Python/3.11.2',
    'Date: Thu, 01 Jan 1970 00:00:00 GMT',
    `Content-type: ${type}`,
    `Content-Length: ${length}`,
    'Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}
