/** Rings for the tests of this folder, and what to wait for on them. */
import { expect, onTestFinished } from 'vitest';
import { errno } from '../libc.ts';
import {
  IORING_SETUP_DEFER_TASKRUN,
  IORING_SETUP_SINGLE_ISSUER,
  IoUring,
  type IoUringCqe,
  type IoUringSqe,
  io_uring_cq_advance,
  io_uring_get_sqe,
  io_uring_peek_batch_cqe,
  io_uring_queue_exit,
  io_uring_queue_init,
  io_uring_sqe_set_data64,
  io_uring_submit,
  io_uring_submit_and_wait_timeout,
} from './index.ts';

/** Why this machine cannot run the tests: '' where it can. */
export const refusal = ((): string => {
  const ring = new IoUring();
  const result = io_uring_queue_init(4, ring, 0);
  io_uring_queue_exit(ring);
  return result === 0 ? '' : ` (this kernel or container refuses io_uring: ${errno()})`;
})();

/** A ring that is given back when the test ends. */
export function newRing(entries = 8, flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN): IoUring {
  const ring = new IoUring();
  expect(io_uring_queue_init(entries, ring, flags), errno()).toBe(0);
  onTestFinished(() => io_uring_queue_exit(ring));
  return ring;
}

/** The next request, with this user data once it has been filled in. */
export function ask(ring: IoUring, data: number, fill: (sqe: IoUringSqe) => void): void {
  const sqe = io_uring_get_sqe(ring) as IoUringSqe;
  expect(sqe).not.toBeNull();
  fill(sqe);
  io_uring_sqe_set_data64(sqe, data);
}

/** Submits, waits for this many completions, for 2 s at the most, and takes them. */
export function answers(ring: IoUring, count: number): IoUringCqe[] {
  const taken: IoUringCqe[] = [];
  const deadline = performance.now() + 2000;
  while (taken.length < count && performance.now() < deadline) {
    const result = io_uring_submit_and_wait_timeout(ring, 1, 2000);
    if (result === -1 && !['EINTR', 'ETIME'].includes(errno())) expect.fail(errno());
    taken.push(...answersNow(ring));
  }
  return taken;
}

/** Takes the completions that are there. */
export function answersNow(ring: IoUring): IoUringCqe[] {
  const cqes: IoUringCqe[] = [];
  io_uring_cq_advance(ring, io_uring_peek_batch_cqe(ring, cqes, 1000));
  return cqes;
}

/** Submits, and waits in vain: no completion comes within this time, in ms. */
export function expectSilence(ring: IoUring, ms = 50): void {
  // A call that has submitted something says how much, even if time ran out.
  io_uring_submit(ring);
  expect(io_uring_submit_and_wait_timeout(ring, 1, ms)).toBe(-1);
  expect(errno()).toBe('ETIME');
  expect(answersNow(ring)).toEqual([]);
}
