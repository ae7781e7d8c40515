/** Causes of handshakes that were given up too early, and of sockets that stay behind where one has failed. */
export const handshakes = {
  givenUp: (fd: number, ms: number) =>
    `the handshake of upstream socket ${fd} was given up after ${ms} ms, and CONNECT_TIMEOUT_MS allows for more`,
  refusedAndKept: (fd: number) =>
    `the upstream refused the connection of socket ${fd}, which was not closed after that`,
  unansweredAndKept: (fd: number) =>
    `the client left, or was let go, while the handshake of its upstream socket ${fd} was under way, and that socket was not closed`,
  acceptedAndKept: (fd: number, errno: string) =>
    `client ${fd} was accepted, and socket() failed for its upstream connection (${errno}): the client has no partner, and was not closed either`,
  noClose: (fd: number) => `no close(${fd}) followed`,
};
