/** IPv4 socket addresses: the 16 bytes of C's struct sockaddr_in, written and read. */
import { checkBuffer, message } from './arguments.ts';
import { Buffer } from './buffer.ts';
import { AF_INET } from './constants.ts';

/** Length of a struct sockaddr_in in bytes. */
export const SOCKADDR_IN_LENGTH = 16;

/** An address length that a call both reads and writes, as C's `socklen_t *`. */
export interface LengthPointer {
  /** in: room in the address buffer, in bytes; out: how many bytes the address takes */
  value: number;
}

/**
 * Builds a struct sockaddr_in: what bind() and connect() are given. Port and address are stored in network byte order
 * (most significant byte first), which C programs do by hand with htons() and htonl().
 *
 * @param address dotted decimal, e.g. '127.0.0.1'; '0.0.0.0' means every interface (INADDR_ANY)
 * @param port 0 to 65535; 0 lets bind() choose a free one
 * @returns 16 bytes
 * @throws RangeError for what is not an IPv4 address or a port
 * @see ip(7)
 */
export function sockaddr_in(address: string, port: number): Buffer {
  if (typeof address !== 'string') {
    throw new TypeError(message('sockaddr_in', 'address', "a string such as '127.0.0.1'", address));
  }
  if (typeof port !== 'number') throw new TypeError(message('sockaddr_in', 'port', 'a number', port));
  if (!isIPv4(address)) {
    throw new RangeError(`sockaddr_in: expected an IPv4 address such as '127.0.0.1', got '${address}'`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`sockaddr_in: expected a port from 0 to 65535, got ${port}`);
  }
  const bytes = Buffer.alloc(SOCKADDR_IN_LENGTH);
  // The family in the machine's order, which is little-endian on x64 and arm64; the port in network order.
  bytes.set([AF_INET, 0, port >> 8, port & 0xff, ...address.split('.').map(Number)]);
  return bytes;
}

/**
 * Reads a struct sockaddr_in that accept(), getsockname() or getpeername() filled in.
 *
 * @param bytes at least 8 bytes
 * @returns the address in dotted decimal and the port
 * @throws RangeError when it is too short or not IPv4
 * @see ip(7)
 */
export function parse_sockaddr_in(bytes: Uint8Array): { address: string; port: number } {
  checkBuffer('parse_sockaddr_in', 'bytes', bytes);
  const [low = 0, high = 0, ...rest] = bytes.subarray(0, 8);
  if (bytes.length < 8 || low + high * 256 !== AF_INET) {
    throw new RangeError('parse_sockaddr_in: expected the bytes of an IPv4 socket address');
  }
  const [first = 0, second = 0, ...address] = rest;
  return { address: address.join('.'), port: first * 256 + second };
}

/** Four numbers from 0 to 255 without leading zeros; our own check, since this file runs where there is no node:net. */
function isIPv4(address: string): boolean {
  const parts = address.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}
