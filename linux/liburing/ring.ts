/** io_uring: two queues in memory that the program and the kernel share. Requests go in through one, completions come out of the other. */
import koffi from 'koffi';
import { checkNumber, message } from '../arguments.ts';
import { failWith, keepErrno, libc } from '../libc.ts';
import { IORING_SETUP_CQSIZE } from './constants.ts';
import { type Mapping, mapRing } from './memory.ts';
import { IoUringSqe } from './sqe.ts';

/** The same numbers on x64 and arm64. */
const SYS_IO_URING_SETUP = 425;
const SYS_IO_URING_ENTER = 426;
const SYS_IO_URING_REGISTER = 427;

const IORING_OFF_SQ_RING = 0;
const IORING_OFF_SQES = 0x1000_0000;
const IORING_ENTER_GETEVENTS = 1 << 0;
const IORING_ENTER_EXT_ARG = 1 << 3;
const IORING_FEAT_SINGLE_MMAP = 1 << 0;
const IORING_SETUP_NO_SQARRAY = 1 << 16;

/** struct io_uring_params: 120 bytes, here as 32-bit words. The offsets of both queues are from word 10 and word 20 on. */
const PARAMS_WORDS = 30;
const [CQ_ENTRIES, FLAGS, FEATURES, SQ_OFFSETS, CQ_OFFSETS] = [1, 2, 5, 10, 20];
/** An entry of the submission queue, and one of the completion queue, in bytes. */
const SQE_BYTES = 64;
const CQE_BYTES = 16;

const nativeSetup = libc.func('syscall', 'intptr_t', ['intptr_t', 'uint32_t', 'void *']);
const nativeEnter = libc.func('syscall', 'intptr_t', [
  ...['intptr_t', 'int', 'uint32_t', 'uint32_t', 'uint32_t', 'void *', 'size_t'],
]);
const nativeRegister = libc.func('syscall', 'intptr_t', ['intptr_t', 'int', 'uint32_t', 'void *', 'uint32_t']);
const nativeClose = libc.func('int close(int fd)');

/** A completion: C's struct io_uring_cqe. */
export interface IoUringCqe {
  /** what the request said with io_uring_sqe_set_data64() */
  user_data: number;
  /** the result, as the system call would have returned it; a failure is negative: strerrorname_np(-res) is its name */
  res: number;
  /** IORING_CQE_F_MORE, IORING_CQE_F_BUFFER, … or-ed together */
  flags: number;
}

/** What to ask for: C's struct io_uring_params, as far as it is for the caller. */
export interface IoUringParams {
  /** IORING_SETUP_… or-ed together */
  flags: number;
  /** how many completions the completion queue holds, with IORING_SETUP_CQSIZE; otherwise twice the requests */
  cq_entries?: number;
}

/** A ring: C's struct io_uring. io_uring_queue_init() fills it. */
export class IoUring {
  /** its descriptor; -1: not set up */
  fd = -1;
  /** for io_uring_get_sqe(): the requests by their place in the queue */
  sqes: IoUringSqe[] = [];
  /** what the kernel said that it can do: IORING_FEAT_… */
  features = 0;
  /** both queues' heads and tails, and the completions, as 32-bit words */
  words = new Int32Array(0);
  sqHeadAt = 0;
  sqTailAt = 0;
  sqMask = 0;
  /** behind the last request that was handed out, and behind the last that was submitted */
  sqTail = 0;
  submitted = 0;
  cqHeadAt = 0;
  cqTailAt = 0;
  cqMask = 0;
  cqOverflowAt = 0;
  cqesAt = 0;
  /** the memory that must stay as long as the ring */
  mappings: Mapping[] = [];
  /** the memory of programs' buffers that requests have named, and where the kernel finds it: the kernel may still use it */
  pinned = new Map<ArrayBufferLike, number>();
}

/** struct io_uring_getevents_arg, and the struct __kernel_timespec that it points to. */
const extArg = new BigUint64Array(3);
/** In 32-bit words: seconds in the first, nanoseconds in the third. A BigInt in each round of a loop would be garbage. */
const timespec = new Uint32Array(4);
extArg[2] = koffi.address(timespec);

/**
 * Sets up a ring.
 *
 * @param entries how many requests its submission queue holds; the kernel rounds up to a power of two
 * @param ring a new IoUring
 * @param flags IORING_SETUP_… or-ed together
 * @returns 0; -1 on failure (ENOSYS, EPERM: this kernel or container refuses io_uring, EINVAL: a flag that this kernel does
 *   not know, ENOMEM, EMFILE, …)
 * @see io_uring_queue_init(3), io_uring_setup(2)
 */
export function io_uring_queue_init(entries: number, ring: IoUring, flags: number): number {
  checkNumber('io_uring_queue_init', 'flags', flags);
  return io_uring_queue_init_params(entries, ring, { flags });
}

/**
 * Sets up a ring, with a completion queue of another size, too.
 *
 * @param entries how many requests its submission queue holds; the kernel rounds up to a power of two
 * @param ring a new IoUring
 * @param params flags, and cq_entries with IORING_SETUP_CQSIZE
 * @returns as io_uring_queue_init
 * @see io_uring_queue_init_params(3), io_uring_setup(2)
 */
export function io_uring_queue_init_params(entries: number, ring: IoUring, params: IoUringParams): number {
  checkNumber('io_uring_queue_init', 'entries', entries, 0);
  if (!(ring instanceof IoUring)) throw new TypeError(message('io_uring_queue_init', 'ring', 'a new IoUring()', ring));
  const native = new Uint32Array(PARAMS_WORDS);
  native[FLAGS] = params.flags;
  if (params.flags & IORING_SETUP_CQSIZE) native[CQ_ENTRIES] = params.cq_entries ?? 0;
  const fd = keepErrno(Number(nativeSetup(SYS_IO_URING_SETUP, entries, native)));
  if (fd === -1) return -1;
  ring.fd = fd;
  const failed = mapQueues(ring, native);
  if (!failed) return 0;
  io_uring_queue_exit(ring);
  return -1;
}

/** Maps both queues; true on failure. */
function mapQueues(ring: IoUring, params: Uint32Array): boolean {
  const word = (index: number): number => params[index] as number;
  // Linux has mapped both queues at once since 5.4; the calls here need far newer ones.
  if ((word(FEATURES) & IORING_FEAT_SINGLE_MMAP) === 0) return failWith('ENOSYS') === -1;
  const [sqEntries, cqEntries] = [word(0), word(CQ_ENTRIES)];
  const hasArray = (word(FLAGS) & IORING_SETUP_NO_SQARRAY) === 0;
  const arrayAt = word(SQ_OFFSETS + 6);
  const length = Math.max(hasArray ? arrayAt + sqEntries * 4 : 0, word(CQ_OFFSETS + 5) + cqEntries * CQE_BYTES);
  const queues = mapRing(ring.fd, IORING_OFF_SQ_RING, length);
  const entries = mapRing(ring.fd, IORING_OFF_SQES, sqEntries * SQE_BYTES);
  ring.mappings = [queues, entries].filter((mapping) => mapping !== undefined);
  if (queues === undefined || entries === undefined) return keepErrno(-1) === -1;
  ring.features = word(FEATURES);
  ring.words = new Int32Array(queues.bytes);
  const at = (index: number): number => word(index) / 4;
  [ring.sqHeadAt, ring.sqTailAt] = [at(SQ_OFFSETS), at(SQ_OFFSETS + 1)];
  [ring.cqHeadAt, ring.cqTailAt] = [at(CQ_OFFSETS), at(CQ_OFFSETS + 1)];
  [ring.cqOverflowAt, ring.cqesAt] = [at(CQ_OFFSETS + 4), at(CQ_OFFSETS + 5)];
  ring.sqMask = ring.words[at(SQ_OFFSETS + 2)] as number;
  ring.cqMask = ring.words[at(CQ_OFFSETS + 2)] as number;
  ring.sqes = Array.from({ length: sqEntries }, (_, index) => {
    return new IoUringSqe(new Int32Array(entries.bytes, index * SQE_BYTES, SQE_BYTES / 4), ring.pinned);
  });
  // Each place of the queue refers to the entry of the same number, for good.
  if (hasArray) for (let i = 0; i < sqEntries; i += 1) ring.words[arrayAt / 4 + i] = i;
  return false;
}

/**
 * Gives a ring back. Requests in flight are cancelled. It has to be done before the program ends its connections by
 * exiting: as long as the queues are mapped, the kernel keeps the sockets of requests in flight open.
 *
 * @see io_uring_queue_exit(3)
 */
export function io_uring_queue_exit(ring: IoUring): void {
  [ring.words, ring.sqes] = [new Int32Array(0), []];
  for (const mapping of ring.mappings.splice(0)) mapping.unmap();
  if (ring.fd !== -1) nativeClose(ring.fd);
  ring.fd = -1;
  ring.pinned.clear();
}

/**
 * Takes the next free place in the submission queue.
 *
 * @returns the request to fill in with io_uring_prep_…(); null if the queue is full: submit first
 * @see io_uring_get_sqe(3)
 */
export function io_uring_get_sqe(ring: IoUring): IoUringSqe | null {
  if (ring.fd === -1) return null;
  const head = Atomics.load(ring.words, ring.sqHeadAt);
  if (((ring.sqTail - head) | 0) > ring.sqMask) return null;
  const sqe = ring.sqes[ring.sqTail & ring.sqMask] as IoUringSqe;
  ring.sqTail = (ring.sqTail + 1) | 0;
  return sqe;
}

/** How many requests have been filled in and not been submitted. See io_uring_sq_ready(3). */
export function io_uring_sq_ready(ring: IoUring): number {
  return (ring.sqTail - ring.submitted) | 0;
}

/**
 * Submits the requests that have been filled in since the last time.
 *
 * @returns how many were submitted; -1 on failure (EAGAIN, EBUSY: take completions first, EBADF, …)
 * @see io_uring_submit(3)
 */
export function io_uring_submit(ring: IoUring): number {
  return enter(ring, 0, 0, null);
}

/**
 * Submits, and waits for completions: the one system call in each round of a loop.
 *
 * @param ring
 * @param wait_nr how many completions to wait for; those that are there already count
 * @returns how many requests were submitted; -1 on failure (EINTR: a signal came, try again, EAGAIN, EBUSY, …)
 * @see io_uring_submit_and_wait(3), io_uring_enter(2)
 */
export function io_uring_submit_and_wait(ring: IoUring, wait_nr: number): number {
  return enter(ring, wait_nr, IORING_ENTER_GETEVENTS, null);
}

/**
 * Submits, and waits for completions for some time.
 *
 * @param ring
 * @param wait_nr how many completions to wait for; those that are there already count
 * @param timeout ms; -1 waits for ever, 0 does not wait. C has a struct __kernel_timespec here
 * @returns how many requests were submitted; -1 on failure (ETIME: time ran out, EINTR: a signal came, EAGAIN, EBUSY, …).
 *   A call that has submitted something returns how much, even if time ran out then
 * @see io_uring_submit_and_wait_timeout(3), io_uring_enter(2)
 */
export function io_uring_submit_and_wait_timeout(ring: IoUring, wait_nr: number, timeout: number): number {
  checkNumber('io_uring_submit_and_wait_timeout', 'timeout', timeout);
  if (timeout < 0) return io_uring_submit_and_wait(ring, wait_nr);
  timespec[0] = timeout / 1000;
  timespec[2] = (timeout % 1000) * 1e6;
  return enter(ring, wait_nr, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, extArg);
}

function enter(ring: IoUring, waitFor: number, flags: number, argument: BigUint64Array | null): number {
  // The kernel may read the new requests from here on.
  Atomics.store(ring.words, ring.sqTailAt, ring.sqTail);
  const count = (ring.sqTail - ring.submitted) | 0;
  const size = argument === null ? 0 : 24;
  const result = keepErrno(Number(nativeEnter(SYS_IO_URING_ENTER, ring.fd, count, waitFor, flags, argument, size)));
  // The head says what the kernel has taken, also when waiting failed.
  ring.submitted = Atomics.load(ring.words, ring.sqHeadAt);
  return result;
}

/** How many completions are there to take. See io_uring_cq_ready(3). */
export function io_uring_cq_ready(ring: IoUring): number {
  return (Atomics.load(ring.words, ring.cqTailAt) - (ring.words[ring.cqHeadAt] as number)) | 0;
}

/**
 * Looks at the completions that are there. They stay in the queue until io_uring_cq_advance().
 *
 * @param ring
 * @param cqes where to put them, from index 0 on
 * @param count how many at the most
 * @returns how many were put there
 * @see io_uring_peek_batch_cqe(3)
 */
export function io_uring_peek_batch_cqe(ring: IoUring, cqes: IoUringCqe[], count: number): number {
  const { words, cqesAt, cqMask } = ring;
  const head = words[ring.cqHeadAt] as number;
  const found = Math.min(count, (Atomics.load(words, ring.cqTailAt) - head) | 0);
  for (let i = 0; i < found; i += 1) {
    const at = cqesAt + ((head + i) & cqMask) * (CQE_BYTES / 4);
    cqes[i] = {
      user_data: ((words[at] as number) >>> 0) + ((words[at + 1] as number) >>> 0) * 0x1_0000_0000,
      res: words[at + 2] as number,
      flags: (words[at + 3] as number) >>> 0,
    };
  }
  return found;
}

/** Gives the places of this many completions back to the kernel. See io_uring_cq_advance(3). */
export function io_uring_cq_advance(ring: IoUring, count: number): void {
  Atomics.store(ring.words, ring.cqHeadAt, ((ring.words[ring.cqHeadAt] as number) + count) | 0);
}

/** Registers something with a ring; the result as for a system call. See io_uring_register(2). */
export function register(ring: IoUring, opcode: number, argument: Uint32Array | BigUint64Array, count: number): number {
  return keepErrno(Number(nativeRegister(SYS_IO_URING_REGISTER, ring.fd, opcode, argument, count)));
}
