/** A sequence of calls, made from numbers, and run on both kernels. */
import * as real from '../index.ts';
import { TcpSocket } from '../simulated/tcp-socket.ts';
import { acknowledge, awaitAcknowledgement, Both, type Call, discard, prepare, prepareSimulated } from './both.ts';

/** One step: which call, and which of the things at hand it is about. */
export type Step = [what: number, one: number, two: number, three: number];

type Kind = 'socket' | 'epoll' | 'pipe';

/** A descriptor on both kernels. Its place in the list is its note in epoll. */
export interface Handle {
  kind: Kind;
  simulated: number;
  real: number;
}

/** Neither kernel has such descriptors open. */
const CLOSED: Handle = { kind: 'socket', simulated: 999_999, real: 999_999 };

/** One kind of step. */
export type Action = (sequence: Sequence, one: number, two: number, three: number) => void;

/** A flag that #linux does not export. See recv(2). */
export const MSG_WAITALL = 0x100;

export class Sequence {
  readonly both = new Both();
  readonly handles: (Handle | undefined)[] = [];
  readonly #ports: { simulated: number; real: number }[] = [];
  #byte = 0;
  /** calls made so far */
  calls = 0;

  /** Runs all steps. @throws Difference at the first call that the kernels answer differently */
  run(steps: Step[], actions: readonly Action[]): void {
    try {
      for (const step of steps) this.#step(step, actions);
    } finally {
      for (const handle of this.handles) if (handle !== undefined) discard(handle.real);
    }
  }

  #step([what, one, two, three]: Step, actions: readonly Action[]): void {
    const action = actions[what % actions.length] as Action;
    action(this, one, two, three);
    this.#settle();
  }

  /** Real connections acknowledge at once. */
  #settle(): void {
    for (const handle of this.handles) {
      if (handle?.kind !== 'socket') continue;
      acknowledge(handle.real);
      const file = this.both.process.file(handle.simulated);
      if (file instanceof TcpSocket && isPatient(file)) awaitAcknowledgement(handle.real);
    }
  }

  /** Picks a descriptor, of the wanted kind nearly always. */
  pick(kind: Kind, choice: number): Handle {
    const open = this.handles.filter((handle) => handle !== undefined);
    const fitting = choice % 16 === 15 ? open : open.filter((handle) => handle.kind === kind);
    if (choice % 64 === 63 || fitting.length === 0) return open[choice % open.length] ?? CLOSED;
    return fitting[Math.floor(choice / 2) % fitting.length] as Handle;
  }

  note(handle: Handle): number {
    return this.handles.indexOf(handle);
  }

  #name(handle: Handle): string {
    return handle === CLOSED ? 'closed' : `${handle.kind} ${this.note(handle)}`;
  }

  /** Makes a call of which one descriptor is the first argument, and compares the results. */
  call(call: Call, handle: Handle, ...args: unknown[]): number | string | undefined {
    return this.callOn(call, `${call}(${[this.#name(handle), ...args].map(show).join(', ')})`, {
      simulated: [handle.simulated, ...args],
      real: [handle.real, ...args],
    });
  }

  callOn(call: Call, what: string, args: { simulated: unknown[]; real: unknown[] }): number | string | undefined {
    const ours = this.both.simulated(call, args.simulated);
    if (ours === undefined) return undefined;
    this.calls += 1;
    const theirs = ours === 'blocks' ? this.#wouldBlock(call, args.real) : this.both.real(call, args.real);
    this.both.compare(what, ours, theirs);
    return ours;
  }

  /** A call that blocks on the simulated kernel: on the real one it is tried without blocking. */
  #wouldBlock(call: Call, args: unknown[]): string {
    const fds = call === 'splice' ? [args[0], args[2]] : [args[0]];
    const before = fds.map((fd) => real.fcntl(fd as number, real.F_GETFL));
    fds.forEach((fd, index) => {
      real.fcntl(fd as number, real.F_SETFL, (before[index] ?? 0) | real.O_NONBLOCK);
    });
    const result = this.both.real(call, args);
    fds.forEach((fd, index) => {
      real.fcntl(fd as number, real.F_SETFL, before[index]);
    });
    // It has moved a part, as the simulated one has before it blocked.
    if (typeof result === 'number' && ['write', 'send', 'splice'].includes(call)) return 'blocks';
    return result === 'EAGAIN' || result === 'EINPROGRESS' || result === 'EALREADY' ? 'blocks' : String(result);
  }

  /** Makes a call that results in a new descriptor. */
  open(kind: Kind, call: Call, what: string, args: { simulated: unknown[]; real: unknown[] }): Handle | undefined {
    const ours = this.both.simulated(call, args.simulated);
    if (ours === undefined) return undefined;
    this.calls += 1;
    const theirs = ours === 'blocks' ? this.#wouldBlock(call, args.real) : this.both.real(call, args.real);
    const handle = typeof theirs === 'number' ? { kind, simulated: Number(ours), real: theirs } : undefined;
    if (handle !== undefined) this.#add(handle);
    const numbers = typeof ours === 'number' && handle !== undefined;
    this.both.compare(what, numbers ? 'a descriptor' : ours, numbers ? 'a descriptor' : theirs);
    if (handle !== undefined && kind === 'socket') prepareBoth(this, handle);
    return handle;
  }

  #add(handle: Handle): void {
    const free = this.handles.indexOf(undefined);
    if (free === -1) this.handles.push(handle);
    else this.handles[free] = handle;
    const open = this.handles.filter((other) => other !== undefined);
    const bySimulated = open.toSorted((one, other) => one.simulated - other.simulated);
    const byReal = open.toSorted((one, other) => one.real - other.real);
    this.both.compare('the lowest free descriptor', bySimulated.indexOf(handle), byReal.indexOf(handle));
  }

  close(handle: Handle): void {
    const index = this.note(handle);
    if (index === -1) return;
    this.call('close', handle);
    this.handles[index] = undefined;
  }

  /** Two descriptors of a pipe. */
  pipe(flags: number): void {
    const [ours, theirs]: [number[], number[]] = [[], []];
    if (this.callOn('pipe2', `pipe2(${flags})`, { simulated: [ours, flags], real: [theirs, flags] }) !== 0) return;
    for (const end of [0, 1]) this.#add({ kind: 'pipe', simulated: ours[end] ?? -1, real: theirs[end] ?? -1 });
  }

  /** The next bytes: all of them differ from their neighbours. */
  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let index = 0; index < length; index += 1) bytes[index] = (this.#byte + index) % 251;
    this.#byte += length;
    return bytes;
  }

  /** A call that fills a buffer: what came is compared, too. */
  receive(call: 'recv' | 'read', handle: Handle, length: number, ...flags: number[]): void {
    if (this.#waitsForMore(handle, length, flags[0] ?? 0)) return;
    const [ours, theirs] = [Buffer.alloc(length), Buffer.alloc(length)];
    const what = `${call}(${[this.#name(handle), length, ...flags].join(', ')})`;
    const result = this.callOn(call, what, {
      simulated: [handle.simulated, ours, length, ...flags],
      real: [handle.real, theirs, length, ...flags],
    });
    if (typeof result === 'number') this.both.compare(`${what} bytes`, hash(ours), hash(theirs));
  }

  /**
   * Whether a call waits although there are bytes, for SO_RCVLOWAT or MSG_WAITALL: tried without blocking, the real kernel
   * gives what it has; with it, the sequence would hang.
   */
  #waitsForMore(handle: Handle, length: number, flags: number): boolean {
    const file = this.both.process.file(handle.simulated);
    if (!(file instanceof TcpSocket) || file.flags & real.O_NONBLOCK || flags & real.MSG_DONTWAIT) return false;
    if (flags & MSG_WAITALL) return file.received.length < length;
    return file.options.receiveLeast > 1;
  }

  /** The other end of a connection, if the program holds it. */
  peerOf(handle: Handle): Handle | undefined {
    const { process } = this.both;
    const file = process.file(handle.simulated);
    if (!(file instanceof TcpSocket) || file.peer === undefined) return undefined;
    return this.handles.find((other) => other && process.file(other.simulated) === file.peer);
  }

  /** Whether several sockets could get a connection to a port: which one the real kernel takes is its secret. */
  isShared(port: { simulated: number }): boolean {
    const holders = [...this.both.kernel.network.ports.holders(port.simulated)];
    return holders.filter(({ listening }) => listening).length > 1;
  }

  /** Waits in epoll, without blocking. */
  wait(handle: Handle, most: number): void {
    const [ours, theirs]: [real.EpollEvent[], real.EpollEvent[]] = [[], []];
    const what = `epoll_wait(${this.#name(handle)}, ${most})`;
    this.callOn('epoll_wait', what, {
      simulated: [handle.simulated, ours, most, 0],
      real: [handle.real, theirs, most, 0],
    });
    this.both.compare(`${what} events`, ours.map(showEvent), theirs.map(showEvent));
  }

  watch(instance: Handle, op: number, handle: Handle, events: number): void {
    const event = op === real.EPOLL_CTL_DEL ? null : { events, data: { fd: this.note(handle) } };
    this.callOn(
      'epoll_ctl',
      `epoll_ctl(${this.#name(instance)}, ${op}, ${this.#name(handle)}, 0x${events.toString(16)})`,
      {
        simulated: [instance.simulated, op, handle.simulated, event],
        real: [instance.real, op, handle.real, event],
      },
    );
  }

  /** A port that was seen before; 0 where there is none. */
  port(choice: number): { simulated: number; real: number } {
    return this.#ports[choice % (this.#ports.length || 1)] ?? { simulated: 0, real: 0 };
  }

  /** Remembers the port that both kernels chose. */
  learnPort(handle: Handle): void {
    const [ours, theirs] = [Buffer.alloc(16), Buffer.alloc(16)];
    const result = this.both.simulated('getsockname', [handle.simulated, ours]);
    this.both.compare('getsockname', result, this.both.real('getsockname', [handle.real, theirs]));
    const [one, other] = [real.parse_sockaddr_in(ours), real.parse_sockaddr_in(theirs)];
    this.both.compare('address', [one.address, one.port === 0], [other.address, other.port === 0]);
    const known = this.#ports.find((port) => port.simulated === one.port);
    if (known === undefined && one.port !== 0) this.#ports.push({ simulated: one.port, real: other.port });
    else if (known !== undefined) this.both.compare('port', other.port, known.real);
  }

  addressed(call: 'bind' | 'connect', handle: Handle, address: string, port: { simulated: number; real: number }) {
    const known = port.simulated === 0 ? '0' : `port ${this.#ports.indexOf(port)}`;
    return this.callOn(call, `${call}(${this.#name(handle)}, ${address}, ${known})`, {
      simulated: [handle.simulated, real.sockaddr_in(address, port.simulated)],
      real: [handle.real, real.sockaddr_in(address, port.real)],
    });
  }

  splice(from: Handle, to: Handle, size: number): void {
    this.callOn('splice', `splice(${this.#name(from)}, ${this.#name(to)}, ${size})`, {
      simulated: [from.simulated, null, to.simulated, null, size, real.SPLICE_F_NONBLOCK],
      real: [from.real, null, to.real, null, size, real.SPLICE_F_NONBLOCK],
    });
  }
}

/** Whether it can be seen that a socket's end of stream was acknowledged: by its state, or by a new edge. */
function isPatient({ state, registrations }: TcpSocket): boolean {
  return state === 'CLOSE' || (state === 'FIN_WAIT2' && registrations.size > 0);
}

/** Real sockets get their options; the simulated ones those that can be seen. */
function prepareBoth(sequence: Sequence, handle: Handle): void {
  prepare(handle.real);
  prepareSimulated(sequence.both, handle.simulated);
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function showEvent({ events, data }: real.EpollEvent): string {
  return `${data.fd}:0x${events.toString(16)}`;
}

export function hash(bytes: Buffer): string {
  return bytes.length > 40
    ? `${bytes.toString('hex', 0, 20)}…${bytes.reduce((sum, byte) => (sum * 31 + byte) | 0, 7)}`
    : bytes.toString('hex');
}
