/** Hints for the TODOs of stage 6. */
import type { Hint } from '../../contract/hint.ts';

export const hints: Record<string, Hint> = {
  '6.1.1': [
    'Two Maps are in the order of time. Which entry expires first, and how long may the loop sleep until then?',
    'The first value of each Map is the oldest. Add the limit that belongs to it, take the earlier of the two moments, and subtract the present one. Both Maps empty: there is nothing to wait for but events, so -1.',
    [
      '  const [first = Infinity] = /* the values of one Map */;',
      '  // the same for the other; the earlier of the two moments',
      '  // nothing at all: -1',
      '  // else from now until then, rounded up, never below 0',
    ].join('\n'),
  ],
  '6.1.2': [
    'The entries stand in order. When do you know that you need not look at any more of them?',
    'At the first one whose time is not up: all behind it began later. Before that, each has to go, the client and its upstream socket. One Map has the upstream socket as its key, the other the connection socket, and the table gives the other half.',
    [
      '  for (const [fd, since] of /* one of the Maps */) {',
      '    if (/* its time is not up yet */) break;',
      '    closePair(/* the client */, /* its upstream */);',
      '  }',
    ].join('\n'),
  ],
  '6.1.3': [
    'recv returns 0. Which side has finished sending, and which may go on?',
    'The side that you read from has finished. The other direction has nothing to do with it. So 0 is news to be passed on, by endStream, and not a reason to close. And where epoll has said that no more will come, there is no need to go back to it for every piece.',
    [
      '  // nothing there: true. Broken: false',
      '  if (/* the end */) {',
      '    endStream(/* from, to */);',
      '    return true;',
      '  }',
      '  // send; keep the rest; or, if no more will come, once more',
    ].join('\n'),
  ],
  '6.1.4': [
    'Which call ends one direction of a connection and leaves the other as it is?',
    'shutdown with SHUT_WR. The other side then sees the end of the stream, behind all bytes. Note which side has finished. When the second one does, no more bytes can come, and the pair is closed, as always with the connection socket first.',
    [
      '  ended.add(/* which side has finished */);',
      '  shutdown(/* which side has to know */, SHUT_WR);',
      '  // both? closePair. Only one? watchPair',
    ].join('\n'),
  ],
  '6.1.5': [
    'You have read the 0. What will epoll say about this socket in the next round, and in the one after that?',
    'That it is readable: the end stays there for ever. So do not ask any more. As long as you do ask, EPOLLRDHUP beside EPOLLIN tells you whether what comes is the last.',
    ['  // EPOLLOUT as before', '  // nothing to read for: bytes wait for the peer, or it has ended'].join('\n'),
  ],
  '6.1.6': [
    'Four bits can come together. Which of them is an order to do something, and which only says how things stand?',
    'EPOLLOUT and EPOLLIN you have asked for: do what they say. EPOLLERR means that the connection broke. EPOLLHUP without it means that both directions are through, while what came last still has to wait for its peer: then the socket has to be taken off the loop for a while.',
    [
      '  // room?      flush',
      '  // readable?  relay: its answer is yours',
      '  // broken?    false',
      '  // hung up?   loopDetach',
      '  // and true',
    ].join('\n'),
  ],
  '6.2.1': [
    'How do you silence epoll about a socket that it reports for any events you ask for?',
    'By taking it out. One operation of epoll_ctl adds, one changes, one removes; the last needs no event. Note that it is out, so that watch adds it again when there is something to do.',
    ['  epoll_ctl(/* the loop */, /* remove */, fd, null)', '  // -1: die', '  // and note it'].join('\n'),
  ],
  '6.2.2': [
    'close sends FIN: all is said. What would have to be different for it to send RST?',
    'The option SO_LINGER: on, with a time of 0 seconds, close drops what is not sent yet and resets the connection. It is a struct of two ints, and the bytes stand in RESET_ON_CLOSE. Set it on both sockets: for the one that was reset already it changes nothing.',
    ['  setsockopt(/* one */, SOL_SOCKET, SO_LINGER, /* the bytes */);', '  // the other; then closePair'].join('\n'),
  ],
};
