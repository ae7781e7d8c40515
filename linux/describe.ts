/** The arguments of a system call in a form that can be written down. */
import { SO_LINGER } from './constants.ts';
import { epollEventLayout } from './epoll-layout.ts';
import type { TraceLine } from './trace-line.ts';

type Description = Pick<TraceLine, 'fd' | 'args'> & { events?: { fd: number; events: number }[] };

const layout = epollEventLayout(process.arch);

/**
 * Describes a call by what C's function gets.
 *
 * @param call its name
 * @param values its arguments: numbers, buffers, null
 * @returns the descriptor that it is about, and the other arguments by name; unknown calls have none
 */
export function describeCall(call: string, values: unknown[]): Description {
  return describers[call]?.(values) ?? { fd: asNumber(values[0]), args: {} };
}

const describers: Record<string, (values: unknown[]) => Description> = {
  socket: ([domain, type, protocol]) => ({
    fd: -1,
    args: { domain: asNumber(domain), type: asNumber(type), protocol: asNumber(protocol) },
  }),
  pipe2: ([, flags]) => ({ fd: -1, args: { flags: asNumber(flags) } }),
  splice: ([fd, , to, , length, flags]) => ({
    fd: asNumber(fd),
    args: { to: asNumber(to), length: asNumber(length), flags: asNumber(flags) },
  }),
  accept: ([fd, , , flags]) => ({ fd: asNumber(fd), args: { ...(typeof flags === 'number' && { flags }) } }),
  bind: ([fd, address]) => ({ fd: asNumber(fd), args: asAddress(address) }),
  connect: ([fd, address]) => ({ fd: asNumber(fd), args: asAddress(address) }),
  listen: ([fd, backlog]) => ({ fd: asNumber(fd), args: { backlog: asNumber(backlog) } }),
  recv: ([fd, , length, flags]) => ({ fd: asNumber(fd), args: { length: asNumber(length), flags: asNumber(flags) } }),
  send: ([fd, , length, flags]) => ({ fd: asNumber(fd), args: { length: asNumber(length), flags: asNumber(flags) } }),
  read: ([fd, , count]) => ({ fd: asNumber(fd), args: { length: asNumber(count) } }),
  write: ([fd, , count]) => ({ fd: asNumber(fd), args: { length: asNumber(count) } }),
  shutdown: ([fd, how]) => ({ fd: asNumber(fd), args: { how: asNumber(how) } }),
  fcntl: ([fd, operation, , argument]) => ({
    fd: asNumber(fd),
    args: { operation: asNumber(operation), argument: asNumber(argument) },
  }),
  setsockopt: ([fd, level, option, value]) => ({
    fd: asNumber(fd),
    args: {
      level: asNumber(level),
      option: asNumber(option),
      value: value instanceof Buffer && value.length >= 4 ? value.readInt32LE() : 0,
      // struct linger: on or off, and for how long.
      ...(option === SO_LINGER && value instanceof Buffer && value.length >= 8 && { seconds: value.readInt32LE(4) }),
    },
  }),
  epoll_create1: ([flags]) => ({ fd: -1, args: { flags: asNumber(flags) } }),
  epoll_ctl: ([epfd, operation, fd, event]) => ({
    fd: asNumber(fd),
    args: {
      epfd: asNumber(epfd),
      operation: asNumber(operation),
      ...(event instanceof Buffer && { events: event.readUInt32LE(0), data: event.readInt32LE(layout.data) }),
    },
  }),
  epoll_wait: ([epfd, , maxevents, timeout]) => ({
    fd: asNumber(epfd),
    args: { maxevents: asNumber(maxevents), timeout: asNumber(timeout) },
  }),
  signalfd: ([fd, signals, flags]) => ({
    fd: asNumber(fd),
    args: { signals: String(signals), flags: asNumber(flags) },
  }),
  'epoll_wait.events': ([buffer, count]) => ({ fd: -1, args: {}, events: asEvents(buffer, asNumber(count)) }),
};

function asNumber(value: unknown): number {
  return typeof value === 'number' ? value : -1;
}

/** The address and port of a struct sockaddr_in. */
function asAddress(value: unknown): Record<string, number | string> {
  if (!(value instanceof Buffer) || value.length < 8) return {};
  return { address: [...value.subarray(4, 8)].join('.'), port: value.readUInt16BE(2) };
}

function asEvents(value: unknown, count: number): { fd: number; events: number }[] {
  if (!(value instanceof Buffer)) return [];
  return Array.from({ length: Math.max(0, count) }, (_, index) => ({
    fd: value.readInt32LE(index * layout.size + layout.data),
    events: value.readUInt32LE(index * layout.size),
  }));
}
