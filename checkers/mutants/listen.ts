/** Mutants of milestone 4.1: listening, the loop itself, starting again. */
import type { ListedMutant } from './mutant.ts';

const REUSE = "  if (setsockopt(sockFd, SOL_SOCKET, SO_REUSEADDR, 1) === -1) die('setsockopt');\n";
const BIND = "  if (bind(sockFd, sockaddr_in('0.0.0.0', PORT)) === -1) die('bind');\n";
const PORT = 'Number(process.env.PORT ?? 8080)';

export const listenMutants: ListedMutant[] = [
  {
    id: 'port-always-8080',
    bug: 'always listens on 8080 and ignores PORT',
    caughtBy: 'listening',
    cause: 'wrong-port',
    edits: [[PORT, '8080']],
  },
  {
    id: 'port-from-argv',
    bug: 'takes its port from the command line and ignores PORT',
    caughtBy: 'listening',
    cause: 'wrong-port',
    edits: [[PORT, 'Number(process.argv[2] ?? 8080)']],
  },
  {
    id: 'port-as-text',
    bug: 'uses PORT as a string, so sockaddr_in throws',
    caughtBy: 'listening',
    cause: 'uncaught-error',
    edits: [[PORT, 'process.env.PORT ?? 8080']],
  },
  {
    id: 'port-bytes-swapped',
    bug: 'swaps the bytes of the port like htons(), though sockaddr_in has done so already',
    caughtBy: 'listening',
    cause: 'wrong-port',
    edits: [[BIND, BIND.replace('PORT', '((PORT & 0xff) << 8) | (PORT >> 8)')]],
  },
  {
    id: 'listens-on-the-upstream-port',
    bug: "mixes up the two ports and binds the upstream's port",
    caughtBy: 'listening',
    cause: 'wrong-port',
    edits: [[BIND, BIND.replace('PORT', 'UPSTREAM_PORT')]],
  },
  {
    id: 'binds-the-hostname-address',
    bug: "binds 127.0.1.1, the address of the machine's name on Debian, to which no client connects",
    caughtBy: 'listening',
    cause: 'wrong-address',
    edits: [[BIND, BIND.replace('0.0.0.0', '127.0.1.1')]],
  },
  {
    id: 'no-bind',
    bug: 'never binds the listening socket, so the kernel chooses a port',
    caughtBy: 'listening',
    cause: 'bind-missing',
    edits: [[BIND, '']],
  },
  {
    id: 'no-listen',
    bug: 'binds the socket but never listens on it',
    caughtBy: 'listening',
    cause: 'listen-missing',
    edits: [["  if (listen(sockFd, SOMAXCONN) === -1) die('listen');\n", '']],
  },
  {
    id: 'bind-success-is-failure',
    bug: "takes bind's 0 for a failure and exits",
    caughtBy: 'listening',
    cause: 'success-taken-for-failure',
    edits: [[BIND, "  if (!bind(sockFd, sockaddr_in('0.0.0.0', PORT))) die('bind');\n"]],
  },
  {
    id: 'epoll-size',
    bug: 'gives epoll_create1 a size, as for the old epoll_create, instead of flags',
    caughtBy: 'listening',
    cause: 'call-failed-exit',
    edits: [['epoll_create1(0)', 'epoll_create1(MAX_EVENTS)']],
  },
  {
    id: 'epoll-mod',
    bug: 'changes the watch on a new descriptor (EPOLL_CTL_MOD) instead of adding one',
    caughtBy: 'listening',
    cause: 'call-failed-exit',
    edits: [
      ['  EPOLL_CTL_ADD,\n', '  EPOLL_CTL_MOD,\n'],
      ['EPOLL_CTL_ADD, fd', 'EPOLL_CTL_MOD, fd'],
    ],
  },
  {
    id: 'epoll-arguments-swapped',
    bug: 'adds the epoll instance to the socket instead of the socket to the epoll instance',
    caughtBy: 'listening',
    cause: 'call-failed-exit',
    edits: [['epoll_ctl(epollFd, EPOLL_CTL_ADD, fd,', 'epoll_ctl(fd, EPOLL_CTL_ADD, epollFd,']],
  },
  {
    id: 'no-loop',
    bug: 'sets everything up and never runs the loop, so the program exits',
    caughtBy: 'listening',
    cause: 'loop-ended',
    edits: [['  loopRun(epollFd);\n', '']],
  },
  {
    id: 'nothing-yet-is-the-end',
    bug: 'does not wait for events and exits if there are none yet',
    caughtBy: 'listening',
    cause: 'success-taken-for-failure',
    edits: [
      ['MAX_EVENTS, -1)', 'MAX_EVENTS, 0)'],
      ['if (readyN === -1) {', 'if (readyN <= 0) {'],
    ],
  },
  {
    id: 'no-reuseaddr',
    bug: 'does not set SO_REUSEADDR, so the port stays taken for a minute after a restart',
    caughtBy: 'restart',
    cause: 'reuseaddr-missing',
    edits: [[REUSE, '']],
  },
  {
    id: 'reuseaddr-off',
    bug: 'sets SO_REUSEADDR to 0, which switches it off',
    caughtBy: 'restart',
    cause: 'reuseaddr-missing',
    edits: [['SO_REUSEADDR, 1)', 'SO_REUSEADDR, 0)']],
  },
  {
    id: 'reuseaddr-after-bind',
    bug: 'sets SO_REUSEADDR after bind, too late for it',
    caughtBy: 'restart',
    cause: 'reuseaddr-late',
    edits: [
      [REUSE, ''],
      [BIND, BIND + REUSE],
    ],
  },
  {
    id: 'reuseaddr-on-upstream-sockets',
    bug: 'sets SO_REUSEADDR on the sockets that connect to the upstream, not on the one that listens',
    caughtBy: 'restart',
    cause: 'reuseaddr-missing',
    edits: [
      [REUSE, ''],
      [
        '  if (upstreamSockFd === -1) return -1;\n',
        `  if (upstreamSockFd === -1) return -1;
  setsockopt(upstreamSockFd, SOL_SOCKET, SO_REUSEADDR, 1);
`,
      ],
    ],
  },
  {
    id: 'next-port-if-taken',
    bug: 'lacks SO_REUSEADDR and moves to the next port if its own is still taken',
    caughtBy: 'restart',
    cause: 'reuseaddr-missing',
    edits: [
      [REUSE, ''],
      [
        BIND,
        `  if (bind(sockFd, sockaddr_in('0.0.0.0', PORT)) === -1) bind(sockFd, sockaddr_in('0.0.0.0', PORT + 1));
`,
      ],
    ],
  },
  {
    id: 'bind-unchecked',
    bug: "lacks SO_REUSEADDR and does not notice that bind failed, so it listens on a port of the kernel's choice",
    caughtBy: 'restart',
    cause: 'reuseaddr-missing',
    edits: [
      [REUSE, ''],
      [BIND, "  bind(sockFd, sockaddr_in('0.0.0.0', PORT));\n"],
    ],
  },
];
