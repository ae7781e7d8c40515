/** Causes of what goes wrong once nothing waits: handshakes under way, bytes that are kept, reading that is stopped. */
export const backpressure = {
  sendRetriedAtOnce: (fd: number, count: string) =>
    `send(${fd}) said that there is no room at the moment (EAGAIN), and was called again ${count} times without a wait for room: no other client is served meanwhile`,
  handshakeAskedFor: (fd: number, count: string) =>
    `connect(${fd}) said that the handshake is under way, and the program called it ${count} times instead of waiting for EPOLLOUT in the loop`,
  sentBeforeConnected: (fd: number) =>
    `bytes were offered to upstream socket ${fd} while its handshake was still under way: it takes none before it is connected`,
  clientNotReleased: (upstream: number, client: number) =>
    `the handshake of upstream socket ${upstream} failed and it was closed, but the client that waits for it, ${client}, was not`,
  roomNeverAskedFor: (fd: number, left: number) =>
    `${left} bytes wait for descriptor ${fd}, and the program never asked epoll to report room for them (EPOLLOUT)`,
  readingNotResumed: (from: number, to: number) =>
    `all bytes that waited for descriptor ${to} are sent, but the loop still does not watch their source, ${from}, for new ones (EPOLLIN)`,
  readsWithoutLimit: (from: number, to: number, mebibytes: number) =>
    `the program went on reading from descriptor ${from} while ${to} took nothing: ${mebibytes} MiB were received and not sent on`,
  pausesBothDirections: (fd: number) =>
    `bytes wait for descriptor ${fd}, and the program no longer reads it either: a socket that takes no bytes may still send some`,
  sleepsInTheLoop: (count: number, ms: number) =>
    `between two system calls the program did nothing for a while, ${count} times, for up to ${ms} ms: all clients wait meanwhile`,
  nothingBetween: (before: string, after: string, ms: number) => `${before}, and ${ms} ms later ${after}`,
  lastWatched: (fd: number, call: string) => `the last change for ${fd}: ${call}`,
  noFollowing: (call: string) => `no ${call} followed`,
};
