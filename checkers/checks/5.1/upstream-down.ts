import type { Check } from '../../harness/check.ts';
import { upstreamDown as before } from '../4.1/upstream-down.ts';

/** As in stage 4, except that the refusal now arrives later, as an event. */
export const upstreamDown: Check = {
  ...before,
  todos: ['5.1.4', '5.1.3'],
  doc: 'finishconnect',
  hint: [
    'A refusal is an answer to a handshake. When does your program learn of it, and which side waits for it?',
    'connect has said EINPROGRESS long before. The refusal comes as an event on the upstream socket, and SO_ERROR says ECONNREFUSED. The client waits, and only your program can let it go: closePair closes both.',
    ['  // in finishConnect, when the number is not 0:', '  closePair(/* the client */, /* its upstream */);'].join(
      '\n',
    ),
  ],
  needs: ['round-trip'],
};
