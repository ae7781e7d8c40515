/** Mutants of milestone 4.1: there is no upstream. */
import type { ListedMutant } from './mutant.ts';
import { ACCEPT, BUFFER, LINK, NO_LINK, UPSTREAM_ADDRESS } from './parts.ts';

export const upstreamDownMutants: ListedMutant[] = [
  {
    id: 'client-left-waiting',
    bug: 'does not close the client if there is no upstream for it',
    caughtBy: 'upstream-down',
    cause: 'client-not-released',
    edits: [[NO_LINK, '  if (upstreamSockFd === -1) return;\n']],
  },
  {
    id: 'connect-failure-exits',
    bug: 'exits when the upstream cannot be reached',
    caughtBy: 'upstream-down',
    cause: 'call-failed-exit',
    edits: [['    console.error(`connect: ${strerror(errno())}`);\n', "    die('connect');\n"]],
  },
  {
    id: 'connect-failure-throws',
    bug: 'throws an uncaught error when the upstream cannot be reached',
    caughtBy: 'upstream-down',
    cause: 'uncaught-error',
    edits: [
      [
        '    console.error(`connect: ${strerror(errno())}`);\n',
        '    throw new Error(`connect: ${strerror(errno())}`);\n',
      ],
    ],
  },
  {
    id: 'no-upstream-unnoticed',
    bug: 'goes on with -1 as the upstream socket',
    caughtBy: 'upstream-down',
    cause: 'failed-connect-ignored',
    edits: [[NO_LINK, '']],
  },
  {
    id: 'goes-on-after-closing',
    bug: 'closes the client if there is no upstream, then attaches it all the same',
    caughtBy: 'upstream-down',
    cause: 'closed-socket-used',
    edits: [[NO_LINK, '  if (upstreamSockFd === -1) close(connSockFd);\n']],
  },
  {
    id: 'closes-what-never-opened',
    bug: 'closes the missing upstream socket (-1) instead of the client',
    caughtBy: 'upstream-down',
    cause: 'client-not-released',
    edits: [[NO_LINK, NO_LINK.replace('close(connSockFd)', 'close(upstreamSockFd)')]],
  },
  {
    id: 'closes-the-listener-instead',
    bug: 'closes the listening socket instead of the client if there is no upstream',
    caughtBy: 'upstream-down',
    cause: 'listener-closed',
    edits: [[NO_LINK, NO_LINK.replace('close(connSockFd)', 'close(listenSockFd)')]],
  },
  {
    id: 'connects-until-it-works',
    bug: 'tries again every 100 ms until there is an upstream, and lets all clients wait meanwhile',
    caughtBy: 'upstream-down',
    cause: 'retries-for-ever',
    edits: [
      [
        `  if (connect(upstreamSockFd, ${UPSTREAM_ADDRESS}) === -1) {\n`,
        `  const clock = new Int32Array(new SharedArrayBuffer(4));
  while (connect(upstreamSockFd, ${UPSTREAM_ADDRESS}) === -1) Atomics.wait(clock, 0, 0, 100);
  if (upstreamSockFd === -1) {
`,
      ],
    ],
  },
  {
    id: 'gives-up-on-the-upstream',
    bug: 'remembers that the upstream was down and never retries',
    caughtBy: 'upstream-down',
    cause: 'turned-away',
    edits: [
      [BUFFER, `${BUFFER}let upstreamIsDown = false;\n`],
      [
        LINK,
        LINK.replace('routeTable.length < MAX_SOCKS', '!upstreamIsDown') +
          '  if (upstreamSockFd === -1) upstreamIsDown = true;\n',
      ],
    ],
  },
  {
    id: 'connects-before-accept',
    bug: 'connects upstream first and does not accept the client if that fails, so the client waits and the loop spins',
    caughtBy: 'upstream-down',
    cause: 'event-not-handled',
    edits: [
      [ACCEPT, `${LINK}  if (upstreamSockFd === -1) return;\n${ACCEPT}`],
      [LINK + NO_LINK, ''],
    ],
  },
];
