/**
 * io_uring, with the names of liburing. A program queues requests in memory that it shares with the kernel, and the kernel
 * queues their completions there. Import it as '#liburing'. See io_uring(7).
 */
export { strerrorname_np } from '../libc.ts';
export * from './buffers.ts';
export * from './constants.ts';
export {
  IoUring,
  type IoUringCqe,
  type IoUringParams,
  io_uring_cq_advance,
  io_uring_cq_ready,
  io_uring_get_sqe,
  io_uring_peek_batch_cqe,
  io_uring_queue_exit,
  io_uring_queue_init,
  io_uring_queue_init_params,
  io_uring_sq_ready,
  io_uring_submit,
  io_uring_submit_and_wait,
  io_uring_submit_and_wait_timeout,
} from './ring.ts';
export * from './sqe.ts';
