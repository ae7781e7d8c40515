import type { Check } from '../../harness/check.ts';
import { roundTrip as before } from '../4.2/round-trip.ts';

/** As in stage 4, with non-blocking sockets. */
export const roundTrip: Check = {
  ...before,
  todos: ['5.1.1', '5.1.2', '5.1.3', '5.1.4', '5.1.5', '5.1.6'],
  doc: 'relay',
  hint: [
    'Between accept and the first byte there is one event more than in stage 4. Which one, and what does your program do with it?',
    'EPOLLOUT on the upstream socket: its handshake is over. Only then is the client watched for bytes. If that never happens, its bytes wait for ever. Print what epoll_wait returns for the first three rounds: the listening socket, then the upstream, then the client.',
    [
      '  acceptConnection: client attached for 0, upstream for EPOLLOUT',
      '  handleUpstream:   still connecting? finishConnect',
      '  finishConnect:    EPOLLIN for both',
    ].join('\n'),
  ],
};
