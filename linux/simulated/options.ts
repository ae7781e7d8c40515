/** setsockopt(2) and getsockopt(2): socket(7) and tcp(7). */
import {
  AF_INET,
  IPPROTO_TCP,
  SO_ERROR,
  SO_LINGER,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SO_SNDBUF,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_NODELAY,
} from '../constants.ts';
import { EDOM, EINVAL, ENOPROTOOPT } from './errors.ts';
import { NotSimulated } from './outcome.ts';
import { output } from './tcp-segments.ts';
import type { TcpSocket } from './tcp-socket.ts';

/** Options that #linux does not export, but whose numbers a program may know. See socket(7). */
const SO_TYPE = 3;
const SO_KEEPALIVE = 9;
const SO_RCVLOWAT = 18;
const SO_RCVTIMEO = 20;
const SO_SNDTIMEO = 21;
const SO_ACCEPTCONN = 30;
const SO_PROTOCOL = 38;
const SO_DOMAIN = 39;
const SOL_IP = 0;
const TCP_CORK = 3;

/** Linux knows these numbers at the two levels, up to the last; the simulated kernel knows few of them. */
const LAST_SOCKET_OPTION = 83;
const LAST_TCP_OPTION = 46;

/** The least that SO_SNDBUF and SO_RCVBUF give: SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF in Linux on 64 bits. */
const LEAST_SEND_BUFFER = 4608;
const LEAST_RECEIVE_BUFFER = 2304;
/** Longer time limits would not fit into the kernel's count of ticks, and are none. */
const LONGEST_TIMEOUT_S = 2 ** 53;

/** An option: its value as ints, and what setting it does. */
interface Option {
  /** bytes that its value has */
  readonly size: number;
  /** its value, as ints of 32 bits, the low one first */
  get(socket: TcpSocket): number[];
  /** sets it; minus the number of an error. Absent: it cannot be set. */
  set?(socket: TcpSocket, value: DataView): number;
}

function int(get: (socket: TcpSocket) => number, set?: (socket: TcpSocket, value: number) => void): Option {
  const option: Option = { size: 4, get: (socket) => [get(socket)] };
  if (set !== undefined) {
    option.set = (socket, value) => {
      set(socket, value.getInt32(0, true));
      return 0;
    };
  }
  return option;
}

/** An option that is on or off. */
function onOff(name: 'reuse' | 'reusePort' | 'keepAlive'): Option {
  const set = ({ options }: TcpSocket, value: number): void => {
    options[name] = value !== 0;
  };
  return int(({ options }) => Number(options[name]), set);
}

/** struct timeval: seconds and microseconds, of 64 bits each. */
function timeLimit(name: 'receiveTimeout' | 'sendTimeout'): Option {
  return {
    size: 16,
    get({ options }) {
      const ms = options[name] === Infinity ? 0 : options[name];
      return [Math.floor(ms / 1000), 0, Math.round((ms % 1000) * 1000), 0];
    },
    set({ options, network }, value) {
      const [seconds, micros] = [Number(value.getBigInt64(0, true)), Number(value.getBigInt64(8, true))];
      if (micros < 0 || micros >= 1_000_000) return -EDOM;
      options[name] = limitOf(seconds, micros, network.settings.tick);
      return 0;
    },
  };
}

/** The kernel counts in ticks; all zero is no limit, and a negative one does not wait. sock_set_timeout() in Linux. */
function limitOf(seconds: number, micros: number, tick: number): number {
  if (seconds < 0) return 0;
  if (seconds === 0 && micros === 0) return Infinity;
  if (seconds >= LONGEST_TIMEOUT_S) return Infinity;
  return seconds * 1000 + Math.ceil(micros / 1000 / tick) * tick;
}

/** struct linger: two ints, on or off, and seconds. */
const linger: Option = {
  size: 8,
  get: ({ options }) => [Number(options.lingers), options.lingerTime],
  set({ options }, value) {
    options.lingers = value.getInt32(0, true) !== 0;
    if (options.lingers) options.lingerTime = value.getInt32(4, true) >>> 0;
    return 0;
  },
};

const socketOptions: Record<number, Option> = {
  [SO_REUSEADDR]: onOff('reuse'),
  [SO_REUSEPORT]: onOff('reusePort'),
  [SO_KEEPALIVE]: onOff('keepAlive'),
  [SO_ERROR]: int((socket) => socket.takeError()),
  [SO_SNDBUF]: int(({ options }) => options.sendBufferValue, setSendBuffer),
  [SO_RCVBUF]: int(({ options }) => options.receiveBufferValue, setReceiveBuffer),
  [SO_RCVLOWAT]: int(({ options }) => options.receiveLeast, setReceiveLeast),
  [SO_RCVTIMEO]: timeLimit('receiveTimeout'),
  [SO_SNDTIMEO]: timeLimit('sendTimeout'),
  [SO_LINGER]: linger,
  [SO_TYPE]: int(() => SOCK_STREAM),
  [SO_DOMAIN]: int(() => AF_INET),
  [SO_PROTOCOL]: int(() => IPPROTO_TCP),
  [SO_ACCEPTCONN]: int(({ listening }) => Number(listening)),
};

const tcpOptions: Record<number, Option> = {
  // TCP_NODELAY sends what waits, even what TCP_CORK holds back.
  [TCP_NODELAY]: int(
    ({ options }) => Number(options.noDelay),
    (socket, value) => {
      socket.options.noDelay = value !== 0;
      if (socket.options.noDelay) output(socket, false);
    },
  ),
  [TCP_CORK]: int(
    ({ options }) => Number(options.cork),
    (socket, value) => {
      socket.options.cork = value !== 0;
      if (!socket.options.cork) output(socket);
    },
  ),
};

function setSendBuffer({ options, network }: TcpSocket, value: number): void {
  const doubled = 2 * Math.min(value >>> 0, network.settings.largestBuffer);
  options.sendBufferValue = Math.max(doubled, LEAST_SEND_BUFFER);
  options.sendBuffer = options.sendBufferValue;
}

function setReceiveBuffer({ options, network }: TcpSocket, value: number): void {
  const doubled = 2 * Math.min(value >>> 0, network.settings.largestBuffer);
  options.receiveBufferValue = Math.max(doubled, LEAST_RECEIVE_BUFFER);
  // The other half is for the kernel's own bookkeeping.
  options.receiveBuffer = options.receiveBufferValue / 2;
}

function setReceiveLeast(socket: TcpSocket, value: number): void {
  socket.options.receiveLeast = value < 0 ? 2 ** 31 - 1 : value || 1;
  socket.dataReady();
}

function optionOf(call: string, level: number, option: number): Option | undefined {
  if (level === SOL_SOCKET) {
    const known = socketOptions[option];
    if (known !== undefined || option < 1 || option > LAST_SOCKET_OPTION) return known;
  } else if (level === IPPROTO_TCP) {
    const known = tcpOptions[option];
    if (known !== undefined || option < 1 || option > LAST_TCP_OPTION) return known;
  } else if (level !== SOL_IP) return undefined;
  throw new NotSimulated(`${call}() with option ${option} of level ${level}`);
}

/** setsockopt(2). */
export function setOption(socket: TcpSocket, level: number, option: number, value: Uint8Array): number {
  const known = optionOf('setsockopt', level, option);
  if (known === undefined) return -ENOPROTOOPT;
  if (value.length < 4) return -EINVAL;
  if (known.set === undefined) return -ENOPROTOOPT;
  if (value.length < known.size) return -EINVAL;
  return known.set(socket, new DataView(value.buffer, value.byteOffset, value.byteLength));
}

/** getsockopt(2): writes the value as far as there is room. */
export function getOption(socket: TcpSocket, level: number, option: number, value: Uint8Array): number {
  const known = optionOf('getsockopt', level, option);
  if (known === undefined) return -ENOPROTOOPT;
  const view = new DataView(new ArrayBuffer(known.size));
  known.get(socket).forEach((int, index) => {
    view.setInt32(index * 4, int, true);
  });
  value.set(new Uint8Array(view.buffer).subarray(0, value.length));
  return 0;
}
