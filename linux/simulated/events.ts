/** The bits of poll(2) that the kernel's own wake-ups carry, beside those that #linux exports. */
import { EPOLLERR, EPOLLET, EPOLLEXCLUSIVE, EPOLLHUP, EPOLLIN, EPOLLONESHOT, EPOLLOUT } from '../constants.ts';

const EPOLLPRI = 0x2;
const EPOLLRDNORM = 0x40;
const EPOLLRDBAND = 0x80;
const EPOLLWRNORM = 0x100;
const EPOLLWRBAND = 0x200;
const EPOLLWAKEUP = 0x20000000;

/** Ready to read, as poll() reports it. */
export const READABLE = EPOLLIN | EPOLLRDNORM;
/** Ready to write, as poll() reports it. */
export const WRITABLE = EPOLLOUT | EPOLLWRNORM;
/** Bytes or a connection came: what a socket wakes its queue with. */
export const DATA_READY = READABLE | EPOLLPRI | EPOLLRDBAND;
/** There is room again: what a socket wakes its queue with. */
export const WRITE_SPACE = WRITABLE | EPOLLWRBAND;

/** Flags of an epoll registration that are no events. */
export const PRIVATE_BITS = (EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE) >>> 0;
/** What may stand beside EPOLLEXCLUSIVE. See epoll_ctl(2). */
export const EXCLUSIVE_OK_BITS =
  (EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE) >>> 0;
