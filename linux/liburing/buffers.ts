/** Buffers that the kernel chooses from, and the table of registered descriptors. */
import { checkNumber } from '../arguments.ts';
import { failWith, keepErrno } from '../libc.ts';
import { type Mapping, mapPages } from './memory.ts';
import { type IoUring, register } from './ring.ts';

const IORING_REGISTER_PBUF_RING = 22;
const IORING_UNREGISTER_PBUF_RING = 23;
const IORING_REGISTER_FILES2 = 13;
const IORING_RSRC_REGISTER_SPARSE = 1;
/** An entry of the ring of buffers: address (64 bits), length (32), number (16); of the first one the last 16 bits are the tail. */
const ENTRY_BYTES = 16;

/** A group of buffers: C's struct io_uring_buf_ring, and the memory of its buffers. */
export interface IoUringBufRing {
  /** the number of the group */
  bgid: number;
  /** each buffer, by its number */
  buffers: Buffer[];
  entries: DataView;
  words: Uint16Array;
  tail: number;
  mask: number;
  address: number;
  mappings: Mapping[];
}

/**
 * Makes a group of buffers of one size and hands all to the kernel. A request with IOSQE_BUFFER_SELECT takes one of them
 * when it has bytes, and its completion says which. io_uring_buf_ring_add() hands it back.
 *
 * @param ring
 * @param nentries how many; a power of two, at most 32768
 * @param bgid the number of the group
 * @param size of each, in bytes
 * @returns the group; null on failure (EINVAL, EEXIST: the group exists, ENOMEM)
 * @see io_uring_setup_buf_ring(3). C's function leaves the buffers to the caller
 */
export function io_uring_setup_buf_ring(
  ring: IoUring,
  nentries: number,
  bgid: number,
  size: number,
): IoUringBufRing | null {
  for (const [name, value] of Object.entries({ nentries, bgid, size })) {
    checkNumber('io_uring_setup_buf_ring', name, value, 0);
  }
  const [entries, memory] = [mapPages(nentries * ENTRY_BYTES), mapPages(nentries * size)];
  if (entries === undefined || memory === undefined) {
    keepErrno(-1);
    return null;
  }
  // struct io_uring_buf_reg: ring_addr, ring_entries and bgid, three reserved words.
  const request = new BigUint64Array([BigInt(entries.address), BigInt(nentries) | (BigInt(bgid) << 32n), 0n, 0n, 0n]);
  if (register(ring, IORING_REGISTER_PBUF_RING, request, 1) === -1) {
    entries.unmap();
    memory.unmap();
    return null;
  }
  ring.mappings.push(entries, memory);
  const group: IoUringBufRing = {
    bgid,
    buffers: Array.from({ length: nentries }, (_, bid) => Buffer.from(memory.bytes, bid * size, size)),
    entries: new DataView(entries.bytes),
    words: new Uint16Array(entries.bytes),
    tail: 0,
    mask: nentries - 1,
    address: memory.address,
    mappings: [entries, memory],
  };
  for (let bid = 0; bid < nentries; bid += 1) io_uring_buf_ring_add(group, bid);
  io_uring_buf_ring_advance(group, nentries);
  return group;
}

/**
 * Hands a buffer back. The kernel sees it after io_uring_buf_ring_advance().
 *
 * @param br
 * @param bid the buffer's number. A buffer that the kernel has already would be filled twice at the same time
 * @see io_uring_buf_ring_add(3)
 */
export function io_uring_buf_ring_add(br: IoUringBufRing, bid: number): void {
  const buffer = br.buffers[bid] as Buffer;
  const at = (br.tail & br.mask) * ENTRY_BYTES;
  br.entries.setBigUint64(at, BigInt(br.address + bid * buffer.length), true);
  br.entries.setUint32(at + 8, buffer.length, true);
  br.entries.setUint16(at + 12, bid, true);
  br.tail = (br.tail + 1) & 0xffff;
}

/** Shows the kernel the buffers that have been added. See io_uring_buf_ring_advance(3). */
export function io_uring_buf_ring_advance(br: IoUringBufRing, _count: number): void {
  // The kernel must see the entries before the tail.
  Atomics.store(br.words, 7, br.tail);
}

/** Takes a group away from the kernel. See io_uring_free_buf_ring(3). */
export function io_uring_free_buf_ring(ring: IoUring, br: IoUringBufRing): number {
  const request = new BigUint64Array([0n, BigInt(br.bgid) << 32n, 0n, 0n, 0n]);
  return register(ring, IORING_UNREGISTER_PBUF_RING, request, 1);
}

/**
 * Makes an empty table of registered descriptors: requests with IOSQE_FIXED_FILE name places in it instead of descriptors.
 *
 * @param nr how many places
 * @returns 0; -1 on failure (EMFILE: more than the limit of open files, EINVAL, EBUSY: there is one, ENOMEM)
 * @see io_uring_register_files_sparse(3)
 */
export function io_uring_register_files_sparse(ring: IoUring, nr: number): number {
  checkNumber('io_uring_register_files_sparse', 'nr', nr, 0);
  if (nr === 0) return failWith('EINVAL');
  // struct io_uring_rsrc_register: nr and flags, a reserved word, data, tags.
  const request = new BigUint64Array([BigInt(nr) | (BigInt(IORING_RSRC_REGISTER_SPARSE) << 32n), 0n, 0n, 0n]);
  return register(ring, IORING_REGISTER_FILES2, request, 32);
}
