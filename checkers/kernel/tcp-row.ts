/** A TCP socket as the kernel lists it. */

/** One end of a connection: its IPv4 address in dotted decimal, and its port. */
export interface End {
  address: string;
  port: number;
}

/** One row of /proc/net/tcp or /proc/net/tcp6. */
export interface TcpRow {
  /** IPv4 in dotted decimal, or the kernel's 32 hexadecimal digits for IPv6 */
  localAddress: string;
  localPort: number;
  remotePort: number;
  /** number as in the kernel's tcp_states.h, e.g. LISTEN */
  state: number;
  /** bytes that the program has not read yet; of a listening socket, connections that it has not accepted yet */
  unread: number;
  /** bytes that the program has sent and the other end's kernel has not confirmed yet; of a listening socket 0 */
  unsent: number;
  inode: string;
  /** listens on `::` for IPv6 only (IPV6_V6ONLY); the tables in /proc do not tell */
  onlyIpv6?: true;
}

/** States that we ask for, numbered as the kernel does. */
export const TcpState = { ESTABLISHED: 1, TIME_WAIT: 6, CLOSE_WAIT: 8, LISTEN: 10 } as const;
