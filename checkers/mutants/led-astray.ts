/** Mutants that stop at a stub of a later milestone: the mistake is in a function before it. */
import { CLIENT_LEFT } from './lines-parts.ts';
import type { Mutant } from './mutant.ts';

const IMPORTS = "} from '#linux';\n";
const WITH_STUB: [string, string] = [IMPORTS, `${IMPORTS}import { todo } from '#todo';\n`];

/** Stage 1, with milestone 1.2 still to be written. */
const STAGE_1: [string, string][] = [
  WITH_STUB,
  [
    '  const received = buffer.subarray(0, bufferedN);\n',
    "  todo('1.2.1');\n  const received = buffer.subarray(0, bufferedN);\n",
  ],
];

const STAGE_3: [string, string][] = [
  WITH_STUB,
  [
    "  // The beginning of this client's line comes first, and",
    "  todo('3.2.1');\n  // The beginning of this client's line comes first, and",
  ],
];

const STAGE_4: [string, string][] = [
  WITH_STUB,
  ['  return connSocks.includes(fd);\n', "  todo('4.2.1');\n  return connSocks.includes(fd);\n"],
];

const ATTACH = '  loopAttach(epollFd, connSockFd, EPOLLIN);\n';
const ACCEPTS = 'if (fd === listenSockFd) acceptConnection(fd);\n';

export const ledAstrayMutants: Mutant[] = [
  {
    id: 'early-stub-listener',
    bug: 'returns the listening socket in place of the accepted one, before answerLines is written',
    milestone: '1.1',
    caughtBy: 'let-in',
    cause: 'listener-taken-for-client',
    edits: [...STAGE_1, ['  return connSockFd;\n', '  return listenSockFd;\n']],
  },
  {
    id: 'early-stub-end',
    bug: 'does not leave the loop on 0, before answerLines is written',
    milestone: '1.1',
    caughtBy: 'let-in',
    cause: 'end-taken-for-bytes',
    edits: [...STAGE_1, [CLIENT_LEFT, '']],
  },
  {
    id: 'early-stub-event-data',
    bug: 'puts the epoll instance into the data field of every event, before handleClient is written',
    milestone: '3.1',
    caughtBy: 'let-in',
    cause: 'event-data-wrong',
    edits: [...STAGE_3, ['data: { fd } })', 'data: { fd: epollFd } })']],
  },
  {
    id: 'early-stub-room',
    bug: 'watches its clients for EPOLLOUT as well, before handleClient is written',
    milestone: '3.1',
    caughtBy: 'let-in',
    cause: 'watched-for-room',
    edits: [
      ...STAGE_3,
      ['  EPOLLIN,\n', '  EPOLLIN,\n  EPOLLOUT,\n'],
      [ATTACH, ATTACH.replace('EPOLLIN', 'EPOLLIN | EPOLLOUT')],
    ],
  },
  {
    id: 'early-stub-knock',
    bug: 'compares an event with the epoll instance in place of the listening socket, before handleClient is written',
    milestone: '3.1',
    caughtBy: 'let-in',
    cause: 'knock-misrouted',
    edits: [...STAGE_3, [ACCEPTS, ACCEPTS.replace('listenSockFd', 'epollFd')]],
  },
  {
    id: 'early-stub-connect',
    bug: 'ignores the -1 of connect, before isConnSock is written',
    milestone: '4.1',
    caughtBy: 'upstream-down',
    cause: 'failed-connect-ignored',
    edits: [
      ...STAGE_4,
      [
        '    // No list contains this descriptor yet, so no other code would ever close it.\n    close(upstreamSockFd);\n    return -1;\n',
        '',
      ],
    ],
  },
  {
    id: 'early-stub-no-else',
    bug: 'calls handleClient for the listening socket, too, before handleClient is written',
    milestone: '3.1',
    caughtBy: 'let-in',
    cause: 'stub-too-early',
    edits: [...STAGE_3, ['      else handleClient(fd);\n', '      handleClient(fd);\n']],
  },
  {
    id: 'early-stub-own-port',
    bug: 'connects to its own port, and so accepts itself, before isConnSock is written',
    milestone: '4.1',
    caughtBy: 'on-connect',
    cause: 'upstream-wrong-port',
    edits: [...STAGE_4, ["sockaddr_in('127.0.0.1', UPSTREAM_PORT)", "sockaddr_in('127.0.0.1', PORT)"]],
  },
];
