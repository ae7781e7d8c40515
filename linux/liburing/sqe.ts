/** Requests: entries of the submission queue, and the functions that fill them in. */
import koffi from 'koffi';
import { checkBuffer, message } from '../arguments.ts';
import { IORING_ASYNC_CANCEL_FD, IORING_FILE_INDEX_ALLOC } from './constants.ts';

/** What a request asks for. See io_uring_enter(2). */
const OPCODES = {
  NOP: 0,
  POLL_ADD: 6,
  TIMEOUT: 11,
  TIMEOUT_REMOVE: 12,
  ACCEPT: 13,
  ASYNC_CANCEL: 14,
  LINK_TIMEOUT: 15,
  CONNECT: 16,
  CLOSE: 19,
  READ: 22,
  SEND: 26,
  RECV: 27,
  SHUTDOWN: 34,
  SOCKET: 45,
  SEND_ZC: 47,
} as const;

/** In the upper half of the first word. */
const IORING_RECV_MULTISHOT = 1 << 1;
const IORING_ACCEPT_MULTISHOT = 1 << 0;
const IORING_POLL_ADD_MULTI = 1 << 0;

/** A request: C's struct io_uring_sqe. */
export class IoUringSqe {
  /** its 64 bytes, as the kernel reads them */
  readonly words: Int32Array;
  readonly #pinned: Map<ArrayBufferLike, number>;

  /** @param pinned what its ring keeps: the memory of buffers, and where the kernel finds it */
  constructor(words: Int32Array, pinned: Map<ArrayBufferLike, number>) {
    this.words = words;
    this.#pinned = pinned;
  }

  /**
   * Where the kernel finds a buffer's bytes. The ring keeps the buffer's memory as long as it lives: of all that a request
   * names, JavaScript does not know when the kernel is done with it. So use a few large buffers, again and again.
   */
  addressOf(buffer: Uint8Array): number {
    // An ArrayBuffer's memory never moves.
    const memory = buffer.buffer;
    let base = this.#pinned.get(memory);
    if (base === undefined) {
      base = Number(koffi.address(new Uint8Array(memory)));
      this.#pinned.set(memory, base);
    }
    return base + buffer.byteOffset;
  }
}

const UPPER = 0x1_0000_0000;

/** Clears a request and fills in what most have. `flags` are those of the operation, `ioprio` the second kind it may have. */
function prepare(
  sqe: IoUringSqe,
  opcode: number,
  fd: number,
  address: number,
  length: number,
  flags: number,
  ioprio = 0,
): void {
  const { words } = sqe;
  words[0] = opcode | (ioprio << 16);
  words[1] = fd;
  words[2] = 0;
  words[3] = 0;
  words[4] = address | 0;
  words[5] = address / UPPER;
  words[6] = length;
  words[7] = flags;
  words[8] = 0;
  words[9] = 0;
  words[10] = 0;
  words[11] = 0;
  words[12] = 0;
  words[13] = 0;
}

/**
 * Fills in what comes back with each completion of this request.
 *
 * @param sqe
 * @param data a whole number from 0 to Number.MAX_SAFE_INTEGER; C has 64 bits
 * @see io_uring_sqe_set_data64(3)
 */
export function io_uring_sqe_set_data64(sqe: IoUringSqe, data: number): void {
  sqe.words[8] = data | 0;
  sqe.words[9] = data / UPPER;
}

/** Sets IOSQE_… flags, or-ed together. See io_uring_sqe_set_flags(3). */
export function io_uring_sqe_set_flags(sqe: IoUringSqe, flags: number): void {
  sqe.words[0] = ((sqe.words[0] as number) & ~0xff00) | (flags << 8);
}

/** Says which group the kernel takes a buffer from; the request needs IOSQE_BUFFER_SELECT, too. See io_uring_setup_buf_ring(3). */
export function io_uring_sqe_set_buf_group(sqe: IoUringSqe, bgid: number): void {
  sqe.words[10] = bgid;
}

/** A request that does nothing and completes. See io_uring_prep_nop(3). */
export function io_uring_prep_nop(sqe: IoUringSqe): void {
  prepare(sqe, OPCODES.NOP, -1, 0, 0, 0);
}

/**
 * Accepts one client.
 *
 * @param sqe
 * @param fd a listening socket
 * @param _addr null: the address is not wanted
 * @param _addrlen null
 * @param flags 0, or SOCK_NONBLOCK, SOCK_CLOEXEC or-ed together
 * @see io_uring_prep_accept(3), accept4(2). `res` is the client's descriptor
 */
export function io_uring_prep_accept(sqe: IoUringSqe, fd: number, _addr: null, _addrlen: null, flags: number): void {
  prepare(sqe, OPCODES.ACCEPT, fd, 0, 0, flags);
}

/** As io_uring_prep_accept, for each client that comes, until a completion lacks IORING_CQE_F_MORE. See io_uring_prep_multishot_accept(3). */
export function io_uring_prep_multishot_accept(
  sqe: IoUringSqe,
  fd: number,
  _addr: null,
  _addrlen: null,
  flags: number,
): void {
  prepare(sqe, OPCODES.ACCEPT, fd, 0, 0, flags, IORING_ACCEPT_MULTISHOT);
}

/**
 * As io_uring_prep_multishot_accept, into the table of registered descriptors, at a free place: `res` is the index. The
 * descriptor exists in no other table.
 *
 * @see io_uring_prep_multishot_accept_direct(3)
 */
export function io_uring_prep_multishot_accept_direct(
  sqe: IoUringSqe,
  fd: number,
  addr: null,
  addrlen: null,
  flags: number,
): void {
  io_uring_prep_multishot_accept(sqe, fd, addr, addrlen, flags);
  io_uring_set_target_fixed_file(sqe, IORING_FILE_INDEX_ALLOC);
}

/** The result goes into the table of registered descriptors. The kernel counts from 1 there, and 0 means "not so". */
function io_uring_set_target_fixed_file(sqe: IoUringSqe, index: number): void {
  sqe.words[11] = index === IORING_FILE_INDEX_ALLOC ? -1 : index + 1;
}

/** Creates a socket. See io_uring_prep_socket(3), socket(2). */
export function io_uring_prep_socket(
  sqe: IoUringSqe,
  domain: number,
  type: number,
  protocol: number,
  flags: number,
): void {
  prepare(sqe, OPCODES.SOCKET, domain, 0, protocol, flags);
  sqe.words[2] = type;
}

/** Creates a socket in the table of registered descriptors, at a free place: `res` is the index. See io_uring_prep_socket_direct_alloc(3). */
export function io_uring_prep_socket_direct_alloc(
  sqe: IoUringSqe,
  domain: number,
  type: number,
  protocol: number,
  flags: number,
): void {
  io_uring_prep_socket(sqe, domain, type, protocol, flags);
  io_uring_set_target_fixed_file(sqe, IORING_FILE_INDEX_ALLOC);
}

/**
 * Connects a socket. The handshake is over when the request completes; nothing of EINPROGRESS.
 *
 * @param sqe
 * @param fd a socket
 * @param addr as connect() wants it; it must stay as it is until the request completes
 * @see io_uring_prep_connect(3), connect(2)
 */
export function io_uring_prep_connect(sqe: IoUringSqe, fd: number, addr: Buffer): void {
  checkBuffer('io_uring_prep_connect', 'addr', addr);
  prepare(sqe, OPCODES.CONNECT, fd, sqe.addressOf(addr), 0, 0);
  sqe.words[2] = addr.length;
}

/**
 * Receives into a buffer, or, with null and IOSQE_BUFFER_SELECT, into one that the kernel takes out of a group when bytes
 * have come.
 *
 * @param sqe
 * @param sockfd a socket
 * @param buf where to put the bytes; it belongs to the kernel until the request completes
 * @param len how many bytes at the most; 0 with null: as many as the buffer has room for
 * @param flags as for recv()
 * @see io_uring_prep_recv(3), recv(2). `res` is the number of bytes; 0 at the end of the stream
 */
export function io_uring_prep_recv(
  sqe: IoUringSqe,
  sockfd: number,
  buf: Buffer | null,
  len: number,
  flags: number,
): void {
  prepare(sqe, OPCODES.RECV, sockfd, buf === null ? 0 : addressFor('io_uring_prep_recv', sqe, buf, len), len, flags);
}

/**
 * Receives again and again, each time into a buffer of a group, until a completion lacks IORING_CQE_F_MORE: the end of the
 * stream, an error, or ENOBUFS when the group has no buffer left. Needs IOSQE_BUFFER_SELECT and a group.
 *
 * @param _buf null
 * @param len 0
 * @see io_uring_prep_recv_multishot(3)
 */
export function io_uring_prep_recv_multishot(
  sqe: IoUringSqe,
  sockfd: number,
  _buf: null,
  len: number,
  flags: number,
): void {
  prepare(sqe, OPCODES.RECV, sockfd, 0, len, flags, IORING_RECV_MULTISHOT);
}

/** Adds to the second kind of flags: IORING_RECVSEND_POLL_FIRST, IORING_RECVSEND_BUNDLE. C writes sqe->ioprio. */
export function io_uring_sqe_add_ioprio(sqe: IoUringSqe, flags: number): void {
  sqe.words[0] = (sqe.words[0] as number) | (flags << 16);
}

/**
 * Sends bytes.
 *
 * @param sqe
 * @param sockfd a socket
 * @param buf the bytes; they must stay as they are until the request completes
 * @param len how many of them
 * @param flags as for send(). With MSG_WAITALL the request completes when all are in the socket, or it broke
 * @see io_uring_prep_send(3), send(2). `res` is the number of bytes. A broken connection raises no signal
 */
export function io_uring_prep_send(sqe: IoUringSqe, sockfd: number, buf: Buffer, len: number, flags: number): void {
  prepare(sqe, OPCODES.SEND, sockfd, addressFor('io_uring_prep_send', sqe, buf, len), len, flags);
}

/**
 * Sends bytes without copying them. Two completions: the result, with IORING_CQE_F_MORE, and, once the kernel needs the
 * buffer no longer, one with IORING_CQE_F_NOTIF. A result without IORING_CQE_F_MORE has no second one.
 *
 * @param zc_flags 0
 * @see io_uring_prep_send_zc(3)
 */
export function io_uring_prep_send_zc(
  sqe: IoUringSqe,
  sockfd: number,
  buf: Buffer,
  len: number,
  flags: number,
  zc_flags: number,
): void {
  prepare(sqe, OPCODES.SEND_ZC, sockfd, addressFor('io_uring_prep_send_zc', sqe, buf, len), len, flags, zc_flags);
}

/** Refuses more bytes than the buffer has, and anything that is no buffer. */
function addressFor(call: string, sqe: IoUringSqe, buf: Buffer, len: number): number {
  checkBuffer(call, 'buf', buf);
  if (len > buf.length) throw new RangeError(message(call, 'len', `at most the buffer's ${buf.length} bytes`, len));
  return sqe.addressOf(buf);
}

/** Reads, as read() does: for pipes and the like. See io_uring_prep_read(3). */
export function io_uring_prep_read(sqe: IoUringSqe, fd: number, buf: Buffer, nbytes: number): void {
  prepare(sqe, OPCODES.READ, fd, addressFor('io_uring_prep_read', sqe, buf, nbytes), nbytes, 0);
  // The offset -1: from where it stands.
  sqe.words[2] = -1;
  sqe.words[3] = -1;
}

/** Waits until a descriptor is ready: `res` is what it is ready for. See io_uring_prep_poll_add(3). */
export function io_uring_prep_poll_add(sqe: IoUringSqe, fd: number, poll_mask: number): void {
  prepare(sqe, OPCODES.POLL_ADD, fd, 0, 0, poll_mask);
}

/** As io_uring_prep_poll_add, each time, until a completion lacks IORING_CQE_F_MORE. See io_uring_prep_poll_multishot(3). */
export function io_uring_prep_poll_multishot(sqe: IoUringSqe, fd: number, poll_mask: number): void {
  prepare(sqe, OPCODES.POLL_ADD, fd, 0, IORING_POLL_ADD_MULTI, poll_mask);
}

/** Shuts down a direction of a connection: SHUT_RD, SHUT_WR or SHUT_RDWR. See io_uring_prep_shutdown(3). */
export function io_uring_prep_shutdown(sqe: IoUringSqe, fd: number, how: number): void {
  prepare(sqe, OPCODES.SHUTDOWN, fd, 0, how, 0);
}

/** Closes a descriptor. Requests in flight on it go on, and keep the connection open: cancel them first. See io_uring_prep_close(3). */
export function io_uring_prep_close(sqe: IoUringSqe, fd: number): void {
  prepare(sqe, OPCODES.CLOSE, fd, 0, 0, 0);
}

/** Empties a place in the table of registered descriptors. See io_uring_prep_close_direct(3). */
export function io_uring_prep_close_direct(sqe: IoUringSqe, file_index: number): void {
  prepare(sqe, OPCODES.CLOSE, 0, 0, 0, 0);
  io_uring_set_target_fixed_file(sqe, file_index);
}

/**
 * Cancels requests with this user data.
 *
 * @param flags 0: the first that matches; IORING_ASYNC_CANCEL_ALL: all
 * @see io_uring_prep_cancel64(3). `res` is 0 (with ALL: how many), or -ENOENT; a cancelled request completes with -ECANCELED
 */
export function io_uring_prep_cancel64(sqe: IoUringSqe, user_data: number, flags: number): void {
  prepare(sqe, OPCODES.ASYNC_CANCEL, -1, user_data, 0, flags);
}

/**
 * Cancels requests on a descriptor.
 *
 * @param flags IORING_ASYNC_CANCEL_ALL: all, not only the first; IORING_ASYNC_CANCEL_FD_FIXED: fd is an index in the table
 * @see io_uring_prep_cancel_fd(3)
 */
export function io_uring_prep_cancel_fd(sqe: IoUringSqe, fd: number, flags: number): void {
  prepare(sqe, OPCODES.ASYNC_CANCEL, fd, 0, 0, flags | IORING_ASYNC_CANCEL_FD);
}

/**
 * Completes after some time, with -ETIME.
 *
 * @param ts as io_uring_timespec() makes it; it must stay as it is until the request has been submitted
 * @param count 0; or after this many other completions, if they come sooner
 * @param flags 0
 * @see io_uring_prep_timeout(3)
 */
export function io_uring_prep_timeout(sqe: IoUringSqe, ts: Buffer, count: number, flags: number): void {
  prepare(sqe, OPCODES.TIMEOUT, -1, addressFor('io_uring_prep_timeout', sqe, ts, 16), 1, flags);
  sqe.words[2] = count;
}

/** Cancels a timeout with this user data. See io_uring_prep_timeout_remove(3). */
export function io_uring_prep_timeout_remove(sqe: IoUringSqe, user_data: number, flags: number): void {
  prepare(sqe, OPCODES.TIMEOUT_REMOVE, -1, user_data, 0, flags);
}

/** Limits the time of the request before it, which has IOSQE_IO_LINK: that one is cancelled. See io_uring_prep_link_timeout(3). */
export function io_uring_prep_link_timeout(sqe: IoUringSqe, ts: Buffer, flags: number): void {
  prepare(sqe, OPCODES.LINK_TIMEOUT, -1, addressFor('io_uring_prep_link_timeout', sqe, ts, 16), 1, flags);
}

/** A time for io_uring_prep_timeout(): C's struct __kernel_timespec. `timeout` in ms. */
export function io_uring_timespec(timeout: number): Buffer {
  const ts = Buffer.alloc(16);
  ts.writeBigInt64LE(BigInt(Math.floor(timeout / 1000)), 0);
  ts.writeBigInt64LE(BigInt(Math.floor((timeout % 1000) * 1e6)), 8);
  return ts;
}
