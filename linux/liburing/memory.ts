/** Memory that the kernel reads and writes by itself, while JavaScript runs. */
import koffi from 'koffi';
import { libc } from '../libc.ts';

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_PRIVATE = 2;
const MAP_ANONYMOUS = 0x20;
/** Fault the pages in now, so that the first use of each costs nothing. */
const MAP_POPULATE = 0x8000;

const nativeMmap = libc.func('void *mmap(void *addr, size_t length, int prot, int flags, int fd, int64_t offset)');
const nativeMunmap = libc.func('int munmap(void *addr, size_t length)');

/** A stretch of memory outside JavaScript's heap. */
export interface Mapping {
  bytes: ArrayBuffer;
  /** where the kernel finds it */
  address: number;
  /** gives the memory back; `bytes` must not be used afterwards */
  unmap(): void;
}

/**
 * Maps part of a ring's descriptor.
 *
 * @param fd the ring
 * @param offset IORING_OFF_SQ_RING or IORING_OFF_SQES
 * @param length in bytes
 * @returns the memory; undefined on failure, with koffi's errno set
 * @see mmap(2), io_uring_setup(2)
 */
export function mapRing(fd: number, offset: number, length: number): Mapping | undefined {
  return map(length, MAP_SHARED | MAP_POPULATE, fd, offset);
}

/**
 * Takes zeroed memory from the kernel, aligned to a page.
 *
 * @param length in bytes
 * @returns the memory; undefined on failure, with koffi's errno set
 * @see mmap(2)
 */
export function mapPages(length: number): Mapping | undefined {
  return map(length, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

function map(length: number, flags: number, fd: number, offset: number): Mapping | undefined {
  const pointer = nativeMmap(null, length, PROT_READ_WRITE, flags, fd, offset);
  const address = Number(BigInt.asIntN(64, koffi.address(pointer)));
  if (address === -1) return undefined;
  return {
    bytes: koffi.view(pointer, length),
    address,
    unmap: () => {
      nativeMunmap(pointer, length);
    },
  };
}
