/** Constants of io_uring. The kernel's own header is the same on x64 and arm64. See io_uring_setup(2), io_uring_enter(2). */

/** The completion queue has the size that the caller asks for. See io_uring_setup(2). */
export const IORING_SETUP_CQSIZE = 1 << 3;
/** Sizes above the kernel's limits are reduced instead of refused. See io_uring_setup(2). */
export const IORING_SETUP_CLAMP = 1 << 4;
/** One bad request does not keep those behind it from being submitted. See io_uring_setup(2). */
export const IORING_SETUP_SUBMIT_ALL = 1 << 7;
/** The kernel does not interrupt the thread to complete a request. See io_uring_setup(2). */
export const IORING_SETUP_COOP_TASKRUN = 1 << 8;
/** Only one thread submits. See io_uring_setup(2). */
export const IORING_SETUP_SINGLE_ISSUER = 1 << 12;
/** Requests complete while the program waits for completions, and at no other time. See io_uring_setup(2). */
export const IORING_SETUP_DEFER_TASKRUN = 1 << 13;
/** The submission queue has no array of indexes. Since Linux 6.6. See io_uring_setup(2). */
export const IORING_SETUP_NO_SQARRAY = 1 << 16;

/** The descriptor of this request is an index in the table of registered descriptors. See io_uring_enter(2). */
export const IOSQE_FIXED_FILE = 1 << 0;
/** The next request starts only when this one has completed, and is cancelled if this one fails. See io_uring_enter(2). */
export const IOSQE_IO_LINK = 1 << 2;
/** As IOSQE_IO_LINK, but a failure does not cancel the next request. See io_uring_enter(2). */
export const IOSQE_IO_HARDLINK = 1 << 3;
/** The kernel takes a buffer out of a group when there are bytes to put in it. See io_uring_enter(2). */
export const IOSQE_BUFFER_SELECT = 1 << 5;
/** No completion is posted if the request succeeds. See io_uring_enter(2). */
export const IOSQE_CQE_SKIP_SUCCESS = 1 << 6;

/** The upper 16 bits of the flags are the number of the buffer that was used. See io_uring_enter(2). */
export const IORING_CQE_F_BUFFER = 1 << 0;
/** The same request will complete again. Without this flag it has ended. See io_uring_enter(2). */
export const IORING_CQE_F_MORE = 1 << 1;
/** The socket has more to read. See io_uring_enter(2). */
export const IORING_CQE_F_SOCK_NONEMPTY = 1 << 2;
/** Zero-copy send: the kernel no longer needs the buffer. See io_uring_enter(2). */
export const IORING_CQE_F_NOTIF = 1 << 3;
/** Where the number of the buffer starts in the flags, in bits. */
export const IORING_CQE_BUFFER_SHIFT = 16;

/** Receive and send: wait until the socket is ready, without a first try. See io_uring_prep_recv(3). */
export const IORING_RECVSEND_POLL_FIRST = 1 << 0;
/** Receive and send: use as many buffers of the group as the bytes need. Since Linux 6.10. See io_uring_prep_send(3). */
export const IORING_RECVSEND_BUNDLE = 1 << 4;

/** Cancel all requests that match, not only the first. See io_uring_prep_cancel(3). */
export const IORING_ASYNC_CANCEL_ALL = 1 << 0;
/** Cancel by descriptor instead of user data. See io_uring_prep_cancel(3). */
export const IORING_ASYNC_CANCEL_FD = 1 << 1;
/** The descriptor to cancel is an index in the table of registered descriptors. See io_uring_prep_cancel(3). */
export const IORING_ASYNC_CANCEL_FD_FIXED = 1 << 3;

/** Instead of an index: the kernel chooses a free place in the table of registered descriptors. */
export const IORING_FILE_INDEX_ALLOC = -1;

/** Send and receive: complete when all bytes have moved, or it fails. See io_uring_prep_send(3), recv(2). */
export const MSG_WAITALL = 0x100;
