/** Mutants of milestone 4.2: failures when one side closes. */
import type { ListedMutant } from './mutant.ts';
import {
  ATTACH_CLIENT,
  BUFFER,
  CLOSE_BOTH,
  FORGET_ROW,
  FROM_CLIENT,
  FROM_UPSTREAM,
  IMPORT,
  SEND,
  SMALL_BUFFER,
} from './parts.ts';

const TAKE_OUT = 'list.splice(index, 1);';

export const closingMutants: ListedMutant[] = [
  {
    id: 'close-client-only',
    bug: 'closes only the client when a pair ends',
    caughtBy: 'client-leaves',
    cause: 'partner-not-closed',
    edits: [[CLOSE_BOTH, '  close(connSockFd);\n}\n']],
  },
  {
    id: 'closes-neither',
    bug: 'forgets a pair that ended without closing its sockets',
    caughtBy: 'client-leaves',
    cause: 'end-ignored',
    edits: [[CLOSE_BOTH, '}\n']],
  },
  {
    id: 'client-end-ignored',
    bug: "ignores the client's end of stream (0), so epoll reports it for ever",
    caughtBy: 'client-leaves',
    cause: 'end-ignored',
    edits: [[FROM_CLIENT, FROM_CLIENT.replace('readN <= 0', 'readN < 0')]],
  },
  {
    id: 'closes-who-left',
    bug: 'closes only the socket that ended, keeps its row, and adds -1 to the bytes written',
    caughtBy: 'client-leaves',
    cause: 'partner-not-closed',
    edits: [
      [FROM_CLIENT, '  if (readN <= 0) close(connSockFd);\n  else sendAll(upstreamSockFd, readN);\n'],
      [FROM_UPSTREAM, '  if (readN <= 0) close(upstreamSockFd);\n  else sendAll(connSockFd, readN);\n'],
      [SEND, SEND.replace(/ {4}if \(n === -1\) \{[\s\S]*?\n {4}\}\n/, '')],
    ],
  },
  {
    id: 'ends-when-both-have-left',
    bug: 'ends a pair only when both sides have closed, and does not pass the first end on',
    caughtBy: 'client-leaves',
    cause: 'end-ignored',
    edits: [
      [BUFFER, `${BUFFER}const left = new Set<number>();\n`],
      [
        FROM_CLIENT,
        `  if (readN <= 0) {
    epoll_ctl(epollFd, EPOLL_CTL_DEL, connSockFd, null);
    left.add(connSockFd);
    if (left.has(upstreamSockFd)) closePair(connSockFd, upstreamSockFd);
  } else sendAll(upstreamSockFd, readN);
`,
      ],
      [
        FROM_UPSTREAM,
        `  if (readN <= 0) {
    epoll_ctl(epollFd, EPOLL_CTL_DEL, upstreamSockFd, null);
    left.add(upstreamSockFd);
    if (left.has(connSockFd)) closePair(connSockFd, upstreamSockFd);
  } else sendAll(connSockFd, readN);
`,
      ],
      [IMPORT, `${IMPORT}  EPOLL_CTL_DEL,\n`],
      [CLOSE_BOTH, `  left.delete(connSockFd);\n  left.delete(upstreamSockFd);\n${CLOSE_BOTH}`],
    ],
  },
  {
    id: 'shuts-the-wrong-direction',
    bug: 'shuts down receiving (SHUT_RD) on the upstream socket, which tells the upstream nothing',
    caughtBy: 'client-leaves',
    cause: 'partner-not-closed',
    edits: [
      [IMPORT, `${IMPORT}  SHUT_RD,\n  shutdown,\n`],
      [CLOSE_BOTH, CLOSE_BOTH.replace('close(upstreamSockFd)', 'shutdown(upstreamSockFd, SHUT_RD)')],
    ],
  },
  {
    id: 'closes-by-timer',
    bug: 'closes the upstream socket in a setTimeout callback, which never runs because the loop never returns',
    caughtBy: 'client-leaves',
    cause: 'partner-not-closed',
    edits: [
      [CLOSE_BOTH, CLOSE_BOTH.replace('close(upstreamSockFd);', 'setTimeout(() => close(upstreamSockFd), 100);')],
    ],
  },
  {
    id: 'closes-on-rdhup',
    bug: "closes as soon as EPOLLRDHUP reports the client's end, before it has read the remaining bytes",
    caughtBy: 'client-leaves',
    cause: 'closed-before-end',
    edits: [
      [IMPORT, `${IMPORT}  EPOLLRDHUP,\n`],
      [BUFFER, SMALL_BUFFER],
      [ATTACH_CLIENT, ATTACH_CLIENT.replace('EPOLLIN', 'EPOLLIN | EPOLLRDHUP')],
      [
        '      else if (isConnSock(fd)) handleClient(fd);\n',
        `      else if (isConnSock(fd) && event.events & EPOLLRDHUP) closePair(fd, findMatchingUpstream(fd));
      else if (isConnSock(fd)) handleClient(fd);
`,
      ],
    ],
  },
  {
    id: 'closes-the-last-row',
    bug: 'takes the last row for the pair that ended, and closes its sockets',
    caughtBy: 'client-leaves',
    cause: 'closed-wrong-pair',
    edits: [
      [
        '  remove(connSocks, connSocks.indexOf(connSockFd));\n',
        '  [connSockFd, upstreamSockFd] = routeTable.at(-1);\n  remove(connSocks, connSocks.indexOf(connSockFd));\n',
      ],
    ],
  },
  {
    id: 'removes-the-rows-behind-it',
    bug: 'calls splice without a count, which removes every entry from there on',
    caughtBy: 'client-leaves',
    cause: 'live-row-removed',
    edits: [[TAKE_OUT, 'list.splice(index);']],
  },
  {
    id: 'clears-the-table',
    bug: 'empties the whole route table when one pair ends',
    caughtBy: 'client-leaves',
    cause: 'live-row-removed',
    edits: [[FORGET_ROW, '  routeTable.length = 0;\n']],
  },
  {
    id: 'keeps-only-the-row-that-ended',
    bug: 'inverts its filter and keeps only the row of the pair that ended',
    caughtBy: 'client-leaves',
    cause: 'live-row-removed',
    edits: [
      [
        FORGET_ROW,
        '  routeTable.splice(0, routeTable.length, ...routeTable.filter(([conn]) => conn === connSockFd));\n',
      ],
    ],
  },
  {
    id: 'removes-at-minus-one',
    bug: 'looks for each socket in the list of the other kind, and splice takes "not found" (-1) for the last entry',
    caughtBy: 'client-leaves',
    cause: 'event-not-handled',
    edits: [
      ['connSocks.indexOf(connSockFd)', 'connSocks.indexOf(upstreamSockFd)'],
      ['upstreamSocks.indexOf(upstreamSockFd)', 'upstreamSocks.indexOf(connSockFd)'],
      [`if (index !== -1) ${TAKE_OUT}`, TAKE_OUT],
    ],
  },
  {
    id: 'lists-out-of-step',
    bug: 'matches sockets by their places in the two lists, but takes only the client out of its list',
    caughtBy: 'client-leaves',
    cause: 'closed-before-end',
    edits: [
      [
        '  const upstreamSockFd = findMatchingUpstream(connSockFd);\n',
        '  const upstreamSockFd = upstreamSocks[connSocks.indexOf(connSockFd)] ?? -1;\n',
      ],
      ['  remove(upstreamSocks, upstreamSocks.indexOf(upstreamSockFd));\n', ''],
    ],
  },
  {
    id: 'upstream-end-ignored',
    bug: "ignores the upstream's end of stream (0), so epoll reports it for ever",
    caughtBy: 'upstream-leaves',
    cause: 'end-ignored',
    edits: [[FROM_UPSTREAM, FROM_UPSTREAM.replace('readN <= 0', 'readN < 0')]],
  },
  {
    id: 'close-upstream-only',
    bug: 'closes only the upstream socket when a pair ends',
    caughtBy: 'upstream-leaves',
    cause: 'partner-not-closed',
    edits: [[CLOSE_BOTH, '  close(upstreamSockFd);\n}\n']],
  },
  {
    id: 'closes-the-upstream-that-left',
    bug: 'closes only the upstream socket when the upstream has ended, and keeps the row',
    caughtBy: 'upstream-leaves',
    cause: 'partner-not-closed',
    edits: [
      [
        FROM_UPSTREAM,
        `  if (readN === 0) close(upstreamSockFd);\n  else if (readN < 0 || !sendAll(connSockFd, readN)) closePair(connSockFd, upstreamSockFd);\n`,
      ],
    ],
  },
  {
    id: 'closes-the-newest-client',
    bug: 'closes the newest client when an upstream has ended, instead of its own client',
    caughtBy: 'upstream-leaves',
    cause: 'partner-not-closed',
    edits: [[FROM_UPSTREAM, FROM_UPSTREAM.replace('closePair(connSockFd', 'closePair(connSocks.at(-1) ?? -1')]],
  },
  {
    id: 'reconnects',
    bug: 'opens a new upstream connection when the upstream has closed, so the client never sees the end',
    caughtBy: 'upstream-leaves',
    cause: 'partner-not-closed',
    edits: [
      [
        FROM_UPSTREAM,
        `  const again = readN === 0 ? connectUpstream() : -1;
  if (again !== -1) {
    remove(upstreamSocks, upstreamSocks.indexOf(upstreamSockFd));
    ${FORGET_ROW.trim()}
    close(upstreamSockFd);
    loopAttach(epollFd, again, EPOLLIN);
    upstreamSocks.push(again);
    routeTable.push([connSockFd, again]);
    return;
  }
${FROM_UPSTREAM}`,
      ],
    ],
  },
  {
    id: 'says-goodbye-with-nothing',
    bug: 'sends 0 bytes to the client to signal the end of the upstream',
    caughtBy: 'upstream-leaves',
    cause: 'end-ignored',
    edits: [
      [
        FROM_UPSTREAM,
        `  if (readN === 0) send(connSockFd, buffer, 0, 0);\n  else if (readN < 0 || !sendAll(connSockFd, readN)) closePair(connSockFd, upstreamSockFd);\n`,
      ],
    ],
  },
];
