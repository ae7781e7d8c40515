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
import { EINVAL, ENOPROTOOPT } from './errors.ts';
import { NotSimulated } from './outcome.ts';
import type { TcpSocket } from './tcp-socket.ts';

/** Options that #linux does not export, but whose numbers a program may know. See socket(7). */
const SO_TYPE = 3;
const SO_KEEPALIVE = 9;
const SO_RCVLOWAT = 18;
const SO_ACCEPTCONN = 30;
const SO_PROTOCOL = 38;
const SO_DOMAIN = 39;
const SOL_IP = 0;

/** Linux knows these numbers at the two levels, up to the last; the simulated kernel knows few of them. */
const LAST_SOCKET_OPTION = 83;
const LAST_TCP_OPTION = 46;

/** The least that SO_SNDBUF and SO_RCVBUF give: SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF in Linux on 64 bits. */
const LEAST_SEND_BUFFER = 4608;
const LEAST_RECEIVE_BUFFER = 2304;

type IntOption = [get: (socket: TcpSocket) => number, set?: (socket: TcpSocket, value: number) => void];

/** An option that is on or off. */
function onOff(name: 'reuse' | 'reusePort' | 'keepAlive' | 'noDelay'): IntOption {
  const set = ({ options }: TcpSocket, value: number): void => {
    options[name] = value !== 0;
  };
  return [({ options }) => Number(options[name]), set];
}

const socketOptions: Record<number, IntOption> = {
  [SO_REUSEADDR]: onOff('reuse'),
  [SO_REUSEPORT]: onOff('reusePort'),
  [SO_KEEPALIVE]: onOff('keepAlive'),
  [SO_ERROR]: [(socket) => socket.takeError()],
  [SO_SNDBUF]: [({ options }) => options.sendBufferValue, setSendBuffer],
  [SO_RCVBUF]: [({ options }) => options.receiveBufferValue, setReceiveBuffer],
  [SO_RCVLOWAT]: [({ options }) => options.receiveLeast, setReceiveLeast],
  [SO_TYPE]: [() => SOCK_STREAM],
  [SO_DOMAIN]: [() => AF_INET],
  [SO_PROTOCOL]: [() => IPPROTO_TCP],
  [SO_ACCEPTCONN]: [({ listening }) => Number(listening)],
};

const tcpOptions: Record<number, IntOption> = { [TCP_NODELAY]: onOff('noDelay') };

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

function optionsOf(call: string, level: number, option: number): IntOption | undefined {
  if (level === SOL_SOCKET) {
    const known = socketOptions[option];
    if (known !== undefined || option === SO_LINGER || option < 1 || option > LAST_SOCKET_OPTION) return known;
  } else if (level === IPPROTO_TCP) {
    const known = tcpOptions[option];
    if (known !== undefined || option < 1 || option > LAST_TCP_OPTION) return known;
  } else if (level !== SOL_IP) return undefined;
  throw new NotSimulated(`${call}() with option ${option} of level ${level}`);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** setsockopt(2). */
export function setOption(socket: TcpSocket, level: number, option: number, value: Uint8Array): number {
  const lingers = level === SOL_SOCKET && option === SO_LINGER;
  const known = optionsOf('setsockopt', level, option);
  if (known === undefined && !lingers) return -ENOPROTOOPT;
  if (value.length < 4) return -EINVAL;
  if (lingers) return setLinger(socket, value);
  const set = known?.[1];
  if (set === undefined) return -ENOPROTOOPT;
  set(socket, view(value).getInt32(0, true));
  return 0;
}

/** struct linger: two ints, on or off, and seconds. */
function setLinger({ options }: TcpSocket, value: Uint8Array): number {
  if (value.length < 8) return -EINVAL;
  options.lingers = view(value).getInt32(0, true) !== 0;
  if (options.lingers) options.lingerTime = view(value).getInt32(4, true) >>> 0;
  return 0;
}

/** getsockopt(2): writes the value as far as there is room. */
export function getOption(socket: TcpSocket, level: number, option: number, value: Uint8Array): number {
  const lingers = level === SOL_SOCKET && option === SO_LINGER;
  const known = optionsOf('getsockopt', level, option);
  if (known === undefined && !lingers) return -ENOPROTOOPT;
  const { options } = socket;
  const ints = lingers ? [Number(options.lingers), options.lingerTime] : [known?.[0](socket) ?? 0];
  const bytes = new Uint8Array(ints.length * 4);
  ints.forEach((int, index) => {
    view(bytes).setInt32(index * 4, int, true);
  });
  value.set(bytes.subarray(0, value.length));
  return 0;
}
