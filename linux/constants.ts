/** Constants of the system calls. The values are those of Linux on x64 and arm64, which agree on all of these. */

/** IPv4: the address family and protocol family of the whole workshop. See ip(7). */
export const AF_INET = 2;
/** A reliable, ordered stream of bytes: TCP. See socket(2). */
export const SOCK_STREAM = 1;
/** May be or-ed into socket()'s type: the new descriptor does not block. See socket(2). */
export const SOCK_NONBLOCK = 0o4000;
/** May be or-ed into socket()'s type: the new descriptor is closed on exec. See socket(2). */
export const SOCK_CLOEXEC = 0o2000000;
/** The longest queue of waiting connections that listen() may ask for. See listen(2). */
export const SOMAXCONN = 4096;

/** Level of the options that every socket has. See socket(7). */
export const SOL_SOCKET = 1;
/** Level of TCP's own options. See tcp(7). */
export const IPPROTO_TCP = 6;
/** Lets bind() take a port whose old connections are still in TIME_WAIT. See socket(7). */
export const SO_REUSEADDR = 2;
/** The error that a socket has waiting, e.g. how a non-blocking connect() ended; reading clears it. See socket(7). */
export const SO_ERROR = 4;
/** Size of the send buffer in bytes; the kernel doubles what it is given. See socket(7). */
export const SO_SNDBUF = 7;
/** Size of the receive buffer in bytes; the kernel doubles what it is given. See socket(7). */
export const SO_RCVBUF = 8;
/** What close() does with unsent bytes (struct linger: two ints, on/off and seconds). See socket(7). */
export const SO_LINGER = 13;
/** Lets several sockets listen on the same port. See socket(7). */
export const SO_REUSEPORT = 15;
/** Send small segments at once instead of collecting them (Nagle off). See tcp(7). */
export const TCP_NODELAY = 1;

/** recv(): look at the bytes without taking them. See recv(2). */
export const MSG_PEEK = 0x2;
/** recv() and send(): do not block, this one time. See recv(2). */
export const MSG_DONTWAIT = 0x40;
/** send(): a broken connection gives EPIPE without the SIGPIPE signal. See send(2). */
export const MSG_NOSIGNAL = 0x4000;

/** shutdown(): no more receiving. See shutdown(2). */
export const SHUT_RD = 0;
/** shutdown(): no more sending; the peer sees end of stream. See shutdown(2). */
export const SHUT_WR = 1;
/** shutdown(): neither. See shutdown(2). */
export const SHUT_RDWR = 2;

/** fcntl(): read the file status flags. See fcntl(2). */
export const F_GETFL = 3;
/** fcntl(): set the file status flags. See fcntl(2). */
export const F_SETFL = 4;
/** File status flag: calls return EAGAIN instead of waiting. See open(2). */
export const O_NONBLOCK = 0o4000;
/** File status flag: the descriptor is closed on exec. See open(2). */
export const O_CLOEXEC = 0o2000000;
/** fcntl(): set how many bytes a pipe holds; the kernel rounds up to a power of two. See fcntl(2). */
export const F_SETPIPE_SZ = 1031;
/** fcntl(): read how many bytes a pipe holds. See fcntl(2). */
export const F_GETPIPE_SZ = 1032;

/** splice(): move pages instead of copying them, where that can be done. See splice(2). */
export const SPLICE_F_MOVE = 0x1;
/** splice(): do not wait for the pipe. See splice(2). */
export const SPLICE_F_NONBLOCK = 0x2;
/** splice(): more bytes will follow soon, so that a socket need not send a small packet now. See splice(2). */
export const SPLICE_F_MORE = 0x4;

/** epoll_create1(): close the instance on exec. See epoll_create(2). */
export const EPOLL_CLOEXEC = 0o2000000;
/** epoll_ctl(): watch a descriptor. See epoll_ctl(2). */
export const EPOLL_CTL_ADD = 1;
/** epoll_ctl(): stop watching it. See epoll_ctl(2). */
export const EPOLL_CTL_DEL = 2;
/** epoll_ctl(): change what is watched. See epoll_ctl(2). */
export const EPOLL_CTL_MOD = 3;
/** There is something to read, a connection to accept, or the end of the stream. See epoll_ctl(2). */
export const EPOLLIN = 0x1;
/** There is room to write. See epoll_ctl(2). */
export const EPOLLOUT = 0x4;
/** An error waits; always reported. See epoll_ctl(2). */
export const EPOLLERR = 0x8;
/** Both directions are over; always reported. See epoll_ctl(2). */
export const EPOLLHUP = 0x10;
/** The peer will send no more. See epoll_ctl(2). */
export const EPOLLRDHUP = 0x2000;
/** Wake only one of several waiters. See epoll_ctl(2). */
export const EPOLLEXCLUSIVE = 0x10000000;
/** Report once, then stay silent until re-armed with EPOLL_CTL_MOD. See epoll_ctl(2). */
export const EPOLLONESHOT = 0x40000000;
/** Edge-triggered: report changes, not states. See epoll(7). */
export const EPOLLET = 0x80000000;

/** signalfd(): reading it never waits. See signalfd(2). */
export const SFD_NONBLOCK = 0o4000;
