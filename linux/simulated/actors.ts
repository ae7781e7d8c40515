/** Simple clients and upstreams, as actors: for tests and measurements of the kernel. */
import { sockaddr_in } from '../address.ts';
import { Buffer } from '../buffer.ts';
import { AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, SOMAXCONN } from '../constants.ts';
import type { Actor, Kernel } from './kernel.ts';
import { attemptsOf } from './linux.ts';
import type { Wait } from './outcome.ts';
import type { Process } from './process.ts';

/** An upstream that sends back what each client sends, until the client's stream ends. */
export function* echoUpstream(kernel: Kernel, port: number): Actor {
  const process = kernel.newProcess(`upstream ${port}`);
  const { socket, bind, listen, accept, setsockopt } = attemptsOf(kernel, process);
  const listener = yield* kernel.perform(process, socket(AF_INET, SOCK_STREAM, 0));
  yield* kernel.perform(process, setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, 1));
  yield* kernel.perform(process, bind(listener, sockaddr_in('127.0.0.1', port)));
  yield* kernel.perform(process, listen(listener, SOMAXCONN));
  while (true) {
    const peer = yield* kernel.perform(process, accept(listener));
    kernel.spawn(`upstream ${port}`, echoOne(kernel, process, peer));
  }
}

function* echoOne(kernel: Kernel, process: Process, peer: number): Actor {
  const { recv, send, close } = attemptsOf(kernel, process);
  const buffer = Buffer.alloc(16 * 1024);
  while (true) {
    const n = yield* kernel.perform(process, recv(peer, buffer, buffer.length, 0));
    if (n <= 0) break;
    yield* kernel.perform(process, send(peer, buffer, n, 0));
  }
  yield* kernel.perform(process, close(peer));
}

/** Connects; tries again every few ms while the connection is refused, as long as a program starts. */
export function* connected(kernel: Kernel, process: Process, port: number): Generator<Wait, number, void> {
  const { socket, connect, close } = attemptsOf(kernel, process);
  while (true) {
    const fd = yield* kernel.perform(process, socket(AF_INET, SOCK_STREAM, 0));
    if ((yield* kernel.perform(process, connect(fd, sockaddr_in('127.0.0.1', port)))) === 0) return fd;
    yield* kernel.perform(process, close(fd));
    yield* kernel.sleep(5);
  }
}

/** Sends a message, and receives as many bytes; undefined: the connection ended before. */
export function* exchanged(
  kernel: Kernel,
  process: Process,
  fd: number,
  message: Uint8Array,
): Generator<Wait, Uint8Array | undefined, void> {
  const { recv, send } = attemptsOf(kernel, process);
  for (let at = 0; at < message.length; ) {
    const n = yield* kernel.perform(process, send(fd, message.subarray(at), message.length - at, 0));
    if (n < 0) return undefined;
    at += n;
  }
  const answer = new Uint8Array(message.length);
  for (let got = 0; got < answer.length; ) {
    const n = yield* kernel.perform(process, recv(fd, answer.subarray(got), answer.length - got, 0));
    if (n <= 0) return undefined;
    got += n;
  }
  return answer;
}

/** A client that exchanges messages, then closes. */
export function* clientOf(
  kernel: Kernel,
  name: string,
  port: number,
  messages: Uint8Array[],
  came: (answer: Uint8Array | undefined) => void,
): Actor {
  const process = kernel.newProcess(name);
  const fd = yield* connected(kernel, process, port);
  for (const message of messages) came(yield* exchanged(kernel, process, fd, message));
  kernel.exit(process);
}
