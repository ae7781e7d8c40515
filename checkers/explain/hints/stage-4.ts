/** Hints for the TODOs of stage 4. */
import type { Hint } from '../../contract/hint.ts';

export const hints: Record<string, Hint> = {
  '4.1.1': [
    'Before a client can connect, the kernel needs a socket, a port for it, and the order to take connections. Which call gives it which of these?',
    'Four calls, each about the same descriptor: socket makes it, setsockopt lets a restarted proxy have its port back, bind gives it the port, listen lets connections come. setsockopt changes what bind does, so it has to come first. Each returns -1 when it fails, and a proxy without a port has nothing to do: that is what die is for.',
    [
      '  const fd = socket(/* IPv4, TCP */);',
      "  if (fd === -1) die('socket');",
      '  // then in this order, each with its own test for -1:',
      '  //   setsockopt(fd, …, SO_REUSEADDR, 1)',
      '  //   bind(fd, the address made of 0.0.0.0 and PORT)',
      '  //   listen(fd, how many may queue)',
      '  // and hand fd back',
    ].join('\n'),
  ],
  '4.1.2': [
    'One call of this program waits for all sockets at once. On which object does it wait, and which call makes it?',
    'epoll is a thing in the kernel that you hold by a descriptor, like a socket. One call makes it. You make it once, and everything that is to be watched is added to this one.',
    [
      '  const loop = /* the call whose name ends in create1 */;',
      '  // -1: there is nothing to wait on, so there is nothing to go on with',
      '  // hand the descriptor back',
    ].join('\n'),
  ],
  '4.1.3': [
    'When epoll says later that something has happened, how will your program know on which socket?',
    'An event has two parts. events says what you want to hear of; data is a note to yourself, which the kernel hands back unread. So the descriptor stands there twice: once as an argument, for the kernel, and once in data, for you.',
    [
      '  epoll_ctl(/* the loop */, EPOLL_CTL_ADD, /* which socket to watch */, {',
      '    events,',
      '    data: { /* what you will want to know later */ },',
      '  })',
      '  // and if that is -1: die',
    ].join('\n'),
  ],
  '4.1.4': [
    'epoll_wait answers with a number. What does it count? And what stands in the array behind that many entries?',
    "Two loops, one in the other. The outer one never ends: wait, then look at what came. The inner one goes through the entries that were filled in, and no further. For each you ask which descriptor it is: the listening socket, a client's, an upstream's. It may be closed already, and then there is nothing to do. A -1 with EINTR only means that a signal came: wait again.",
    [
      '  while (true) {',
      '    const count = /* wait, without a limit of time */;',
      '    // -1: EINTR? once more. Anything else? die',
      '    for (/* each of the first count events */) {',
      '      // the listening socket: acceptConnection',
      '      // a client: handleClient',
      '      // an upstream: handleUpstream',
      '    }',
      '  }',
    ].join('\n'),
  ],
  '4.1.5': [
    'A client is accepted. What does the rest of the program have to know about it, so that its first byte finds its way? And what do you have to undo if its upstream refuses?',
    'accept gives you one half of the pair, connectUpstream the other. Connect before you write anything down: then a failure leaves only one thing to undo, a close. Once both are there, three parts of the program have to hear of it: the loop, the two lists, the table. And a failure here concerns one client only: return, so that the loop can serve the next one.',
    [
      '  const client = /* accept */;',
      '  // -1: say why, and return',
      '  const upstream = /* no room: -1, else what connectUpstream returns */;',
      '  // -1: let the client go, and return',
      '  // for each of the two: tell the loop, add it to its list',
      '  // for both together: a row of the table',
    ].join('\n'),
  ],
  '4.1.6': [
    'On this side the proxy is a client itself. What does a client do in place of bind and listen? And when that fails, who still knows the number of the socket?',
    'A client makes a socket and connects it: the kernel picks a port for it. A server may be down at any time, so this function does not die: it returns -1. But first it has to close the socket, since no other function knows of it.',
    [
      '  const fd = /* a socket, as in createServer */;',
      "  if (connect(fd, /* 127.0.0.1 and the upstream's port */) === -1) {",
      '    // say why; give fd back; answer -1',
      '  }',
      '  // hand fd back',
    ].join('\n'),
  ],
  '4.2.1': [
    "loopRun wants to know whether a number is a client's socket. Where did acceptConnection write such numbers down?",
    "A descriptor is a client's if it is in connSocks, and only then. No other property of the number tells: the kernel gives the same numbers to everything.",
    '  return /* has connSocks an entry that equals fd? a list can tell */;',
  ],
  '4.2.2': [
    'The same question for the other side: where are the sockets that lead to the upstream written down?',
    'upstreamSocks has them. The question to the list is the one that you asked connSocks.',
    '  return /* is fd in the list of upstream sockets? */;',
  ],
  '4.2.3': [
    'A row of the table is a pair. Which half of it do you know here, and which one do you want?',
    'Go from row to row. When the first half of a row is the socket that you were given, the second half is the answer. When no row fits, say so with -1. A descriptor is a number with a meaning of its own: it is no index into the table.',
    [
      '  for (const [client, upstream] of routeTable) {',
      '    // is this the row of the one we were given? then answer with the other',
      '  }',
      '  // no row: -1',
    ].join('\n'),
  ],
  '4.2.4': [
    'This is findMatchingUpstream in a mirror. Which half of the pair do you know this time?',
    'Compare with the second half of each row, and answer with the first.',
    [
      '  for (const [client, upstream] of routeTable) {',
      '    // is its upstream the one we were given?',
      '  }',
      '  // no row: -1',
    ].join('\n'),
  ],
  '4.2.5': [
    'You offer send 65,536 bytes, and it returns 20,000. What sends the other 45,536? And what happens to your count if it returns -1?',
    'Keep count of what has been taken. As long as that is less than what there is to send, offer the part that is still to go: it begins where the taken part ends, and it is shorter than the whole. A -1 is no number of bytes: it must never be added. It means that the connection is gone (unless errno() says EINTR), and the answer is false.',
    [
      '  let taken = 0;',
      '  while (/* something is still to go */) {',
      '    const n = send(/* socket */, /* from taken on */, /* how many */, 0);',
      '    // -1: once more for EINTR, else false',
      '    // else: count what was taken',
      '  }',
      '  // all of it was taken: true',
    ].join('\n'),
  ],
  '4.2.6': [
    'recv can answer in three ways: a number above 0, 0, and -1. What has happened to the client in each of them, and what do you do about it?',
    "Above 0: so many bytes of the buffer are new. These go to the client's own upstream, that many and no more; the bytes after them are left from another client. 0: the client has closed, so the pair is over. -1: with EAGAIN or EINTR there is nothing to read now, and you go back to the loop; with anything else the connection is broken, and the pair is over. It is over, too, when the upstream takes no more.",
    [
      '  const upstream = /* the partner of this client */;',
      '  const count = recv(/* from the client, into buffer, without waiting */);',
      '  // nothing there after all: return',
      '  // the end, or broken, or sendAll returns false: closePair',
    ].join('\n'),
  ],
  '4.2.7': [
    'What would you change in handleClient if the bytes came from the other side?',
    "Receive from the upstream, look up its client, send to the client. The three answers of recv mean the same. Mind that closePair wants the client's socket first, here too.",
    [
      '  const client = /* the partner of this upstream */;',
      '  const count = recv(/* from the upstream, into buffer, without waiting */);',
      '  // nothing there after all: return',
      '  // the end, or broken, or the client takes no more: closePair',
    ].join('\n'),
  ],
  '4.2.8': [
    'A pair is over. In how many places does your program still keep one of its two numbers? And what may the kernel do with such a number once you have closed it?',
    'Two lists and the table know the pair: take it out of all three. Then close both sockets, since the side that did not leave waits for the end of its connection. Forget first and close last: after the close the number may belong to another client.',
    [
      "  // connSocks: where is the client's number? remove(list, index)",
      '  // upstreamSocks: the same with the other number',
      '  // routeTable: which row begins with this client? remove(list, index)',
      '  // close the one, close the other',
    ].join('\n'),
  ],
};
