/**
 * Asks the kernel for its listening sockets, or for a single connection. /proc/net/tcp has them, too, but for that file the
 * kernel walks through its table of connections, which on a machine with much memory takes milliseconds even for an empty
 * table, and many more after thousands of connections. This request takes a twentieth of a millisecond. See sock_diag(7),
 * netlink(7).
 */
import { type End, type TcpRow, TcpState } from './tcp-row.ts';

type Linux = typeof import('#linux');

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
/** NLM_F_REQUEST: the named socket; with NLM_F_DUMP: all sockets. */
const REQUEST_ONE = 0x1;
const REQUEST_ALL = 0x301;
const ENOENT = 2;
const IPPROTO_TCP = 6;
const FAMILIES = [2, 10];
const [NLMSG_ERROR, NLMSG_DONE] = [2, 3];
export const HEADER = 16;
const REQUEST = HEADER + 56;
/** Offset of the ports, which the addresses follow; and the length of the fields that identify a socket. */
const ID = HEADER + 8;
const COOKIE = 8;
/** sizeof(struct inet_diag_msg), and the attribute that the kernel adds for each listening IPv6 socket. */
const DIAG_MESSAGE = 72;
const INET_DIAG_SKV6ONLY = 11;
const ANY_STATE = 0xffffffff;
/** Larger than any answer of the kernel. */
const buffer = Buffer.alloc(64 * 1024);

/** A socket on which our network namespace's kernel answers such questions. It stays open as long as we live. */
export class SocketDiag {
  readonly #linux: Linux;
  readonly #fd: number;

  private constructor(linux: Linux, fd: number) {
    this.#linux = linux;
    this.#fd = fd;
  }

  /** @throws Error if there is no such socket, if the kernel does not answer on it, or if our system calls do not load */
  static async open(): Promise<SocketDiag> {
    const linux = await import('#linux');
    const fd = linux.socket(AF_NETLINK, SOCK_RAW | linux.SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd === -1) throw new Error(linux.strerror(linux.errno()));
    const diag = new SocketDiag(linux, fd);
    try {
      // A kernel that was built without this reports each connection as missing.
      diag.listeners();
    } catch (error) {
      linux.close(fd);
      throw error;
    }
    return diag;
  }

  /**
   * All listening TCP sockets of our network namespace.
   *
   * @throws Error if the kernel does not answer such requests
   */
  listeners(): TcpRow[] {
    return FAMILIES.flatMap((family) => this.#listenersOf(family));
  }

  #listenersOf(family: number): TcpRow[] {
    const rows: TcpRow[] = [];
    this.eachAnswer(requestFor(REQUEST_ALL, family, 1 << TcpState.LISTEN), (message) => rows.push(rowOf(message)));
    return rows;
  }

  /**
   * Asks for all sockets of a kind.
   *
   * @param request with its header, for example from headed()
   * @param take gets each answer without its header, valid until the next one
   * @throws Error where the kernel does not answer such questions
   */
  eachAnswer(request: Buffer, take: (message: Buffer) => void): void {
    // The answer comes in pieces, with a mark at its end.
    let piece = this.#answered(request);
    while (!takeAll(piece, take)) piece = this.#answered();
  }

  /** Closes the socket. */
  close(): void {
    this.#linux.close(this.#fd);
  }

  /**
   * The socket at one end of a connection; undefined if there is none yet, or none any more.
   *
   * @throws Error where the kernel does not answer such questions
   */
  connection(local: End, remote: End): TcpRow | undefined {
    const request = requestFor(REQUEST_ONE, FAMILIES[0] as number, ANY_STATE);
    for (const [index, { address, port }] of [local, remote].entries()) {
      request.writeUInt16BE(port, ID + 2 * index);
      Buffer.from(address.split('.').map(Number)).copy(request, ID + 4 + 16 * index);
    }
    request.fill(0xff, REQUEST - COOKIE);
    const row = rowIn(this.#answered(request));
    // If there is no such connection, the kernel returns a socket that listens on this port.
    return row?.remotePort === remote.port ? row : undefined;
  }

  /** Sends a request and reads a piece of the answer, which is available at once. */
  #answered(request?: Buffer): Buffer {
    const { send, recv, MSG_DONTWAIT, strerror, errno } = this.#linux;
    if (request && send(this.#fd, request, request.length, 0) === -1) throw new Error(strerror(errno()));
    const length = recv(this.#fd, buffer, buffer.length, MSG_DONTWAIT);
    if (length === 0) throw new Error('no answer');
    if (length === -1) throw new Error(strerror(errno()));
    return buffer.subarray(0, length);
  }
}

/** struct inet_diag_req_v2, after its header, without ports and addresses. */
function requestFor(flags: number, family: number, states: number): Buffer {
  const request = headed(REQUEST, flags);
  request.writeUInt8(family, HEADER);
  request.writeUInt8(IPPROTO_TCP, HEADER + 1);
  request.writeUInt32LE(states, HEADER + 4);
  return request;
}

/** A buffer for a request that begins with struct nlmsghdr: by default for all sockets of a kind. */
export function headed(bytes: number, flags = REQUEST_ALL): Buffer {
  const request = Buffer.alloc(bytes);
  request.writeUInt32LE(bytes, 0);
  request.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4);
  request.writeUInt16LE(flags, 6);
  return request;
}

function rowIn(answer: Buffer): TcpRow | undefined {
  if (answer.readUInt16LE(4) !== NLMSG_ERROR) return rowOf(answer.subarray(HEADER, answer.readUInt32LE(0)));
  if (answer.readInt32LE(HEADER) === -ENOENT) return undefined;
  throw new Error('the kernel does not answer');
}

/** @returns whether this was the last piece */
function takeAll(piece: Buffer, take: (message: Buffer) => void): boolean {
  for (let at = 0; at < piece.length; ) {
    const [length, type] = [piece.readUInt32LE(at), piece.readUInt16LE(at + 4)];
    if (type === NLMSG_DONE) return true;
    if (type === NLMSG_ERROR || length < HEADER) throw new Error('the kernel does not answer');
    take(piece.subarray(at + HEADER, at + length));
    at += (length + 3) & ~3;
  }
  return false;
}

/** struct inet_diag_msg: ports and addresses in network order, everything else in host order. */
function rowOf(message: Buffer): TcpRow {
  const address = message.subarray(8, 24);
  return {
    localAddress: message[0] === FAMILIES[0] ? [...address.subarray(0, 4)].join('.') : asInTable(address),
    localPort: message.readUInt16BE(4),
    remotePort: message.readUInt16BE(6),
    state: message.readUInt8(1),
    unread: message.readUInt32LE(56),
    // For a listening socket it gives the limit of the backlog, which /proc does not.
    unsent: message.readUInt8(1) === TcpState.LISTEN ? 0 : message.readUInt32LE(60),
    inode: String(message.readUInt32LE(68)),
    // The kernel sets the attribute for each IPv6 address but `::` on its own: only there is it news.
    ...(address.every((byte) => byte === 0) && isOnlyIpv6(message) && { onlyIpv6: true }),
  };
}

/** The attributes behind struct inet_diag_msg: each has its length, its type and its value, and is padded to four bytes. */
function isOnlyIpv6(message: Buffer): boolean {
  for (let at = DIAG_MESSAGE; at + 4 < message.length; ) {
    const length = message.readUInt16LE(at);
    if (length < 4) return false;
    if (message.readUInt16LE(at + 2) === INET_DIAG_SKV6ONLY) return message.readUInt8(at + 4) === 1;
    at += (length + 3) & ~3;
  }
  return false;
}

/** /proc/net/tcp6 prints an address as four numbers. */
function asInTable(address: Buffer): string {
  const words = [0, 4, 8, 12].map((at) => address.readUInt32LE(at).toString(16).padStart(8, '0'));
  return words.join('').toUpperCase();
}
