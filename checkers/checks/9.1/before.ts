/** Earlier checks must still pass. */
import type { Check } from '../../harness/check.ts';
import { roundTrip as roundTripBefore } from '../4.2/round-trip.ts';
import { pacesDown as pacesDownBefore, pacesUp as pacesUpBefore } from '../5.2/paces.ts';
import { endingsIn } from '../6.2/endings.ts';
import { crowdOf } from '../7.1/crowd.ts';

export const roundTrip: Check = {
  ...roundTripBefore,
  todos: ['9.1.1', '9.1.2', '9.1.9', '9.1.3', '9.1.6'],
  doc: 'watch',
  hint: [
    'Which events come for one client that sends a line, and which for its upstream socket?',
    'The upstream socket: EPOLLOUT, when the handshake is over. The client: EPOLLIN when its line is there. Each comes once, so each has to lead to a read.',
    ['  upstream: EPOLLOUT   finishConnect', '  client: EPOLLIN      handleEvents, relay, moveBytes'].join('\n'),
  ],
};

export const pacesDown: Check = {
  ...pacesDownBefore,
  todos: ['9.1.9', '9.1.3', '9.1.6', '9.1.7'],
  doc: 'handleevents',
  hint: [
    'A slow reader has taken a part. Where do the rest and the next bytes come from, and which event sets them going?',
    'EPOLLOUT of the reader. It is reported once, when there is room after there was none. Send what waits, and go on reading from the peer: its own event was long ago.',
    '  // EPOLLOUT, and bytes wait for fd: relay from its peer to it',
  ],
  needs: ['burst'],
};

export const pacesUp: Check = {
  ...pacesUpBefore,
  todos: ['9.1.9', '9.1.3', '9.1.6', '9.1.7'],
  doc: 'handleevents',
  hint: [
    'The same the other way round: whose EPOLLOUT is it now?',
    'That of the upstream socket. handleEvents does not care which of the two sockets it is called for, as long as both handlers pass all events on.',
    '  handleEvents(upstreamSockFd, connSockFd, events)',
  ],
  needs: ['paces-down'],
};

export const endings: Check = {
  ...endingsIn(1),
  todos: ['9.1.9', '9.1.8', '9.1.3'],
  doc: 'handleevents',
  hint: [
    'There are ten ways in which a pair can end. In which of them is nothing left to be read, and does your program notice?',
    'An end is read (0), an error is read (-1). With EPOLLHUP or EPOLLERR in the event reading has to go on until one of the two has come.',
    '  // 0 from both sides: closePair; -1 from one: resetPair',
  ],
  needs: ['last-segment'],
};

/** Their descriptors exceed the initial size of the tables. */
export const CROWD = 600;

export const crowd: Check = {
  ...crowdOf(CROWD),
  todos: ['9.1.1', '9.1.8', '9.1.2'],
  doc: 'two-tables',
  hint: [
    'What is at place 1,500 of an array that has 1,024?',
    'Nothing, and writing there is ignored without a word. makeRoom makes both tables longer before a pair is written down.',
    '  // makeRoom(the larger of the two descriptors), then the rows',
  ],
  needs: ['round-trip'],
};
