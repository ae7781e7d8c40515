/** Pieces of the solution that many mutants replace, by name, so that a change of the solution needs one change here. */

/** import: the place for a mutant's further imports. */
export const IMPORT = '  MSG_DONTWAIT,\n';
/** module level: the place for a mutant's own variables. */
export const BUFFER = 'const buffer = Buffer.alloc(256 * 1024);\n';
/** Its replacement: so small that the proxy is slower than both its sides, which always have more bytes. */
export const SMALL_BUFFER = 'const buffer = Buffer.alloc(256);\n';

/** acceptConnection: its first call. */
export const ACCEPT = '  const connSockFd = accept(listenSockFd);\n';
/** acceptConnection: tests whether there is an upstream for the new client. */
export const LINK = '  const upstreamSockFd = routeTable.length < MAX_SOCKS ? connectUpstream() : -1;\n';
/** acceptConnection: handles a missing upstream. */
export const NO_LINK = `  if (upstreamSockFd === -1) {
    close(connSockFd);
    return;
  }
`;
export const ATTACH_CLIENT = '  loopAttach(epollFd, connSockFd, EPOLLIN);\n';
export const ATTACH_UPSTREAM = '  loopAttach(epollFd, upstreamSockFd, EPOLLIN);\n';
export const ADD_ROW = '  routeTable.push([connSockFd, upstreamSockFd]);\n';

/** loopRun: the end of a batch of events. */
export const BATCH_END =
  '      // Neither: an earlier event of this same batch closed the pair that this one belongs to. Nothing left to do.\n' +
  '    }\n';

/** connectUpstream: where to. */
export const UPSTREAM_ADDRESS = "sockaddr_in('127.0.0.1', UPSTREAM_PORT)";

/** findMatchingUpstream: its loop. */
export const FIND_UPSTREAM = `  for (const [conn, upstream] of routeTable) {
    if (conn === connSockFd) return upstream;
  }
`;
/** findMatchingConn: its loop. */
export const FIND_CLIENT = `  for (const [conn, upstream] of routeTable) {
    if (upstream === upstreamSockFd) return conn;
  }
`;

/** sendAll: one turn of its loop. */
export const SEND = `    const n = send(sockFd, buffer.subarray(bytesWritten), messageLen - bytesWritten, 0);
    if (n === -1) {
      if (errno() === 'EINTR') continue;
      // Adding this -1 to bytesWritten would make this loop run for ever.
      return false;
    }
    bytesWritten += n;
`;

/** handleClient: handles the bytes, or the end of the pair. */
export const FROM_CLIENT =
  '  if (readN <= 0 || !sendAll(upstreamSockFd, readN)) closePair(connSockFd, upstreamSockFd);\n';
/** handleUpstream: the same. */
export const FROM_UPSTREAM =
  '  if (readN <= 0 || !sendAll(connSockFd, readN)) closePair(connSockFd, upstreamSockFd);\n';

/** closePair: forgetting the row. */
export const FORGET_ROW = `  remove(
    routeTable,
    routeTable.findIndex(([conn]) => conn === connSockFd),
  );
`;
/** closePair: the end of it. */
export const CLOSE_BOTH = '  close(connSockFd);\n  close(upstreamSockFd);\n}\n';
