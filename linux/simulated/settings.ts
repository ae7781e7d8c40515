/** What differs from one Linux machine to the next, and the time that things take. */

export interface Settings {
  /** bytes that a connection's sender keeps by itself; Linux: grows up to tcp_wmem (tcp(7)) */
  sendBuffer: number;
  /** bytes that a connection's receiver keeps by itself; Linux: grows up to tcp_rmem (tcp(7)) */
  receiveBuffer: number;
  /** the most that SO_SNDBUF and SO_RCVBUF give, before it is doubled; net.core.wmem_max (socket(7)) */
  largestBuffer: number;
  /** the most that listen()'s backlog gives; net.core.somaxconn (listen(2)) */
  longestBacklog: number;
  /** the most bytes that an ordinary user's pipe holds; fs.pipe-max-size (pipe(7)) */
  largestPipe: number;
  /** bytes of a page of memory: a pipe counts in pages */
  pageSize: number;
  /** how long a connection stays in TIME_WAIT, in ms; fixed in Linux (tcp(7)) */
  timeWait: number;
  /** how long a closed socket waits for its peer's end, in ms; tcp_fin_timeout (tcp(7)) */
  finTimeout: number;
  /** one tick of the kernel's clock, in ms: time limits of sockets count in ticks; CONFIG_HZ (time(7)) */
  tick: number;
  /** how long MSG_MORE may hold bytes back, in ms (tcp(7), TCP_CORK) */
  corkTimeout: number;
  /** what one system call takes, in ms of virtual time */
  callCost: number;
  /** how long another process takes to notice something, in ms of virtual time */
  reaction: number;
  /** how long a new process takes to reach its first call, in ms of virtual time */
  startUp: number;
  /** whether the user may take ports below 1024, and pipes of any size */
  privileged: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  sendBuffer: 2_626_560,
  receiveBuffer: 1_048_576,
  largestBuffer: 212_992,
  longestBacklog: 4096,
  largestPipe: 1_048_576,
  pageSize: 4096,
  timeWait: 60_000,
  finTimeout: 60_000,
  tick: 4,
  corkTimeout: 200,
  callCost: 0.001,
  reaction: 0.01,
  startUp: 40,
  privileged: false,
};
