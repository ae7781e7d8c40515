/** In place of node:net: sockets of the harness on the simulated machine, as libuv and Node drive real ones. */

import { sockaddr_in } from '../../linux/address.ts';
import {
  AF_INET,
  EPOLLHUP,
  MSG_DONTWAIT,
  O_NONBLOCK,
  SHUT_WR,
  SO_ERROR,
  SO_LINGER,
  SO_REUSEADDR,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
} from '../../linux/constants.ts';
import { WRITABLE } from '../../linux/simulated/events.ts';
import type { TcpSocket } from '../../linux/simulated/tcp-socket.ts';
import type { Waiter } from '../../linux/simulated/wait-queue.ts';
import { Emitter } from './emitter.ts';
import { queueJob } from './virtual-promise.ts';
import { clearTimeout, setTimeout } from './virtual-time.ts';
import { call, post, socketOf, world } from './world.ts';

/** What libuv reads at a time, and what a paused stream of Node reads ahead. */
const CHUNK = 64 * 1024;
const HIGH_WATER = 64 * 1024;

/** An error with a code, as Node's. */
export interface CodedError extends Error {
  code: string;
}

function failure(what: string): CodedError {
  const code = world().harness.errno;
  return Object.assign(new Error(`${what} ${code}`), { code });
}

/** Calls back, soon, whenever a socket has changed. */
class Watch implements Waiter {
  readonly exclusive = false;
  #due = false;
  #over = false;

  constructor(
    readonly file: TcpSocket,
    readonly look: () => void,
  ) {
    file.queue.add(this);
  }

  wake(): boolean {
    if (this.#due || this.#over) return false;
    this.#due = true;
    post('harness', world().kernel.settings.reaction, () => {
      this.#due = false;
      if (!this.#over) this.look();
    });
    return true;
  }

  stop(): void {
    this.#over = true;
    this.file.queue.remove(this);
  }
}

interface Writing {
  bytes: Uint8Array;
  done: (error?: Error) => void;
}

interface SocketOptions {
  fd?: number;
  allowHalfOpen?: boolean;
}

export class Socket extends Emitter {
  destroyed = false;
  connecting = false;
  localAddress: string | undefined;
  localPort: number | undefined;
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  /** bytes that were read and not emitted yet */
  readableLength = 0;
  #fd = -1;
  #watch: Watch | undefined;
  readonly #allowHalfOpen: boolean;
  #flowing = false;
  readonly #read: Buffer[] = [];
  #sawEnd = false;
  #emittedEnd = false;
  readonly #writing: Writing[] = [];
  #ending: ((error?: Error) => void)[] | undefined;
  #finished = false;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor({ fd, allowHalfOpen = false }: SocketOptions = {}) {
    super();
    this.#allowHalfOpen = allowHalfOpen;
    if (fd !== undefined) {
      this.#adopt(fd);
      this.#know();
      queueJob(() => this.#look());
    }
  }

  #adopt(fd: number): void {
    this.#fd = fd;
    this.#watch = new Watch(socketOf(fd), () => this.#look());
  }

  #know(): void {
    const { local, remote, state } = socketOf(this.#fd);
    if (state === 'CLOSE') return;
    [this.localAddress, this.localPort] = [local.address, local.port];
    [this.remoteAddress, this.remotePort] = [remote.address, remote.port];
  }

  /** Connects; see node:net's connect(). */
  open(port: number, host: string): void {
    const { calls } = world();
    this.#adopt(call(calls.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)));
    this.connecting = true;
    const result = call(calls.connect(this.#fd, sockaddr_in(host, port)));
    if (result === -1 && world().harness.errno !== 'EINPROGRESS') {
      const error = failure('connect');
      queueJob(() => this.destroy(error));
    } else if (result === 0) this.#watch?.wake();
  }

  #look(): void {
    if (this.destroyed) return;
    if (this.connecting) this.#connected();
    if (this.destroyed || this.connecting) return;
    this.#readAll();
    this.#writeAll();
  }

  #connected(): void {
    const { calls } = world();
    const file = socketOf(this.#fd);
    if (file.state === 'SYN_SENT') return;
    const error = Buffer.alloc(4);
    if (file.state !== 'CLOSE') this.#know();
    call(calls.getsockopt(this.#fd, SOL_SOCKET, SO_ERROR, error));
    const number = error.readInt32LE();
    this.connecting = false;
    if (number !== 0) {
      world().harness.lastError = number;
      this.destroy(failure('connect'));
      return;
    }
    this.emit('connect');
  }

  #readAll(): void {
    const { calls } = world();
    const file = socketOf(this.#fd);
    const hungUp = (file.poll() & EPOLLHUP) !== 0;
    while (!this.destroyed && !this.#sawEnd && this.readableLength < HIGH_WATER) {
      const room = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, file.received.length)));
      const count = call(calls.recv(this.#fd, room, room.length, MSG_DONTWAIT));
      if (count === -1) {
        if (world().harness.errno !== 'EAGAIN') this.destroy(failure('read'));
        return;
      }
      if (count === 0) this.#sawEnd = true;
      else {
        this.#read.push(count === room.length ? room : room.subarray(0, count));
        this.readableLength += count;
        // libuv takes a hang-up behind a part of a chunk for the end, whatever caused it.
        if (hungUp && count < CHUNK && file.received.length === 0) this.#sawEnd = true;
      }
      this.#flow();
    }
  }

  /** Emits what was read. */
  #flow(): void {
    while (this.#flowing && !this.destroyed) {
      const bytes = this.#read.shift();
      if (bytes === undefined) break;
      this.readableLength -= bytes.length;
      this.emit('data', bytes);
    }
    if (!this.#flowing || !this.#sawEnd || this.#emittedEnd || this.readableLength > 0 || this.destroyed) return;
    this.#emittedEnd = true;
    this.emit('end');
    if (!this.#allowHalfOpen) this.end();
    this.#closeIfOver();
  }

  /** As Node's autoDestroy. */
  #closeIfOver(): void {
    if (this.#emittedEnd && this.#finished) this.destroy();
  }

  override on(event: string, listener: (...args: never[]) => void): this {
    super.on(event, listener as () => void);
    if (event === 'data') {
      this.#flowing = true;
      queueJob(() => this.#flow());
    }
    return this;
  }

  pause(): this {
    this.#flowing = false;
    return this;
  }

  resume(): this {
    this.#flowing = true;
    queueJob(() => {
      this.#flow();
      if (!this.destroyed && !this.connecting && this.#fd !== -1) this.#readAll();
    });
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(ms: number, listener?: () => void): this {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    if (listener !== undefined && ms > 0) this.once('timeout', listener);
    if (ms > 0) this.#idle = setTimeout(() => this.emit('timeout'), ms);
    return this;
  }

  write(bytes: Uint8Array, done: (error?: Error) => void = () => {}): boolean {
    if (this.destroyed || this.#ending !== undefined) {
      queueJob(() => done(new Error('write after end')));
      return false;
    }
    this.#writing.push({ bytes, done });
    if (!this.connecting && this.#writing.length === 1) this.#writeAll();
    return true;
  }

  #writeAll(): void {
    const { calls } = world();
    for (let first = this.#writing[0]; first !== undefined && !this.destroyed; first = this.#writing[0]) {
      const count = call(calls.send(this.#fd, first.bytes, first.bytes.length, MSG_DONTWAIT));
      if (count === -1) {
        if (world().harness.errno === 'EAGAIN') this.#awaitRoom();
        else this.destroy(failure('write'));
        return;
      }
      first.bytes = first.bytes.subarray(count);
      if (first.bytes.length > 0) {
        this.#awaitRoom();
        return;
      }
      const { done } = first;
      this.#writing.shift();
      queueJob(() => done());
    }
    this.#finish();
  }

  /** A poll that finds no room has the kernel tell when there is some. */
  #awaitRoom(): void {
    if ((socketOf(this.#fd).poll() & WRITABLE) !== 0) this.#watch?.wake();
  }

  end(done: (error?: Error) => void = () => {}): this {
    if (this.destroyed || this.#finished) {
      queueJob(() => done());
      return this;
    }
    this.#ending = [...(this.#ending ?? []), done];
    if (!this.connecting && this.#writing.length === 0) this.#finish();
    return this;
  }

  #finish(): void {
    if (this.#ending === undefined || this.#finished || this.#writing.length > 0 || this.destroyed) return;
    call(world().calls.shutdown(this.#fd, SHUT_WR));
    this.#finished = true;
    const told = this.#ending;
    queueJob(() => {
      for (const done of told) done();
      this.#closeIfOver();
    });
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    clearTimeout(this.#idle);
    this.#watch?.stop();
    if (this.#fd !== -1) call(world().calls.close(this.#fd));
    this.#fd = -1;
    this.#read.length = 0;
    const pending = [
      ...this.#writing.splice(0).map(({ done }) => done),
      ...(this.#finished ? [] : (this.#ending ?? [])),
    ];
    queueJob(() => {
      for (const done of pending) done(error ?? new Error('closed'));
      if (error !== undefined) this.emit('error', error);
      this.emit('close', error !== undefined);
    });
    return this;
  }

  resetAndDestroy(): this {
    if (this.#fd !== -1) {
      const linger = Buffer.alloc(8);
      linger.writeInt32LE(1, 0);
      call(world().calls.setsockopt(this.#fd, SOL_SOCKET, SO_LINGER, linger));
    }
    return this.destroy();
  }
}

export function connect(
  { port, host, allowHalfOpen = false }: { port: number; host: string; allowHalfOpen?: boolean },
  connected?: () => void,
): Socket {
  const socket = new Socket({ allowHalfOpen });
  socket.connecting = true;
  if (connected !== undefined) socket.once('connect', connected);
  queueJob(() => {
    if (!socket.destroyed) socket.open(port, host);
  });
  return socket;
}

export class Server extends Emitter {
  #fd = -1;
  #watch: Watch | undefined;
  readonly #allowHalfOpen: boolean;

  constructor(allowHalfOpen: boolean) {
    super();
    this.#allowHalfOpen = allowHalfOpen;
  }

  listen(
    target: { port: number; host: string; backlog: number } | { fd: number },
    listening: () => void = () => {},
  ): this {
    const error = 'fd' in target ? this.#take(target.fd) : this.#open(target);
    queueJob(() => (error === undefined ? listening() : this.emit('error', error)));
    return this;
  }

  #open({ port, host, backlog }: { port: number; host: string; backlog: number }): CodedError | undefined {
    const { calls } = world();
    const fd = call(calls.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    call(calls.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1));
    if (call(calls.bind(fd, sockaddr_in(host, port))) === -1 || call(calls.listen(fd, backlog)) === -1) {
      const error = failure('listen');
      call(calls.close(fd));
      return error;
    }
    return this.#take(fd);
  }

  #take(fd: number): undefined {
    this.#fd = fd;
    socketOf(fd).flags |= O_NONBLOCK;
    this.#watch = new Watch(socketOf(fd), () => this.#acceptAll());
    this.#watch.wake();
    return undefined;
  }

  #acceptAll(): void {
    while (this.#fd !== -1) {
      const fd = call(world().calls.accept4(this.#fd, null, null, SOCK_NONBLOCK));
      if (fd === -1) return;
      this.emit('connection', new Socket({ fd, allowHalfOpen: this.#allowHalfOpen }));
    }
  }

  close(done: () => void = () => {}): this {
    this.#watch?.stop();
    if (this.#fd !== -1) call(world().calls.close(this.#fd));
    this.#fd = -1;
    queueJob(done);
    return this;
  }
}

export function createServer({ allowHalfOpen = false }: { allowHalfOpen?: boolean } = {}): Server {
  return new Server(allowHalfOpen);
}
