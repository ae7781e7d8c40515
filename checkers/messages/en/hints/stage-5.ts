/** Hints for stage 5: non-blocking sockets and backpressure. */
import type { Hint } from './hint.ts';

export const nonBlockingTodoHints: Record<string, Hint> = {
  '5.1.1': [
    'A call that would have to wait is to come back at once instead. Is that a property of the call, or of the socket?',
    'Of the socket. A flag that is or-ed into the type makes socket() hand out a descriptor whose calls never wait. What cannot be done now fails with EAGAIN, and connect with EINPROGRESS.',
    '  return socket(/* IPv4 */, /* TCP, and: do not wait */, 0);',
  ],
  '5.1.2': [
    'The connection upstream is only beginning. What would become of bytes that you took from the client now?',
    'They would have no place to go. So the client is attached, but for nothing yet, and its bytes stay in the kernel. The upstream socket is attached for EPOLLOUT: a socket becomes writable when its handshake is over. accept4 is accept with one more argument, the flags of the new socket.',
    [
      '  const client = accept4(/* listening socket */, null, null, /* flag */);',
      '  // -1: say nothing for EAGAIN; print any other error',
      '  // no upstream, or no room: close the client, as before',
      '  // attach the client for 0, its upstream for EPOLLOUT',
      '  // both lists, the table, and the set of those who are connecting',
    ].join('\n'),
  ],
  '5.1.3': [
    'connect answers -1, and nothing is wrong. Which errno says so?',
    'EINPROGRESS: the first packet of the handshake is sent, and the answer will come when it comes. Only another errno is a failure. Then close the socket yourself, since no other part of the program knows it yet.',
    [
      '  const upstream = /* a socket that does not wait */;',
      '  if (/* connect is -1 */ && /* and it is not merely under way */) {',
      '    // say why, close it, -1',
      '  }',
      '  return upstream;',
    ].join('\n'),
  ],
  '5.1.4': [
    'epoll says that the socket is writable. Does that mean that the upstream has accepted?',
    'Not yet: it means that the handshake is over, and a refused one is over too. How it ended stands in the option SO_ERROR of the socket, as the number of an errno. 0 means connected: now the bytes may flow, so both are watched for EPOLLIN. Anything else ends the pair, and with it the client that has been waiting.',
    [
      '  const error = Buffer.alloc(4);',
      '  getsockopt(/* which socket */, SOL_SOCKET, /* which option */, error);',
      '  if (/* the number in it is not 0 */) {',
      '    // strerror says it in words; this pair is over',
      '    return;',
      '  }',
      '  // EPOLLIN for both, with loopChange',
    ].join('\n'),
  ],
  '5.1.5': [
    'There is no room. In stage 4 you tried again. Which clients are served while you try?',
    'None. So this function tries once. EAGAIN is an ordinary result: 0 bytes were taken. The caller knows what to do with the rest, and epoll knows when there is room.',
    [
      '  const n = /* one send, all of it offered */;',
      '  // -1, and errno says: no room, or a signal? then 0',
      '  return n;',
    ].join('\n'),
  ],
  '5.1.6': [
    'Three numbers: how many bytes came, how many of them were taken, how many are left. Where does each come from?',
    'recv gives the first, sendSome the second. Less than nothing means that a connection is over, and false says so to the caller. What is left is for keepRest, in milestone 2. Until you have written that, return false in its place: the pair is closed, and no other client notices.',
    [
      '  const readN = recv(/* from which socket, where to */, 0);',
      '  // nothing there after all: true. The end, or an error: false',
      '  const sentN = sendSome(/* to which socket */, /* the bytes that came */);',
      '  // -1: false. Fewer than came: the rest has to be kept',
      '  return true;',
    ].join('\n'),
  ],
  '5.2.1': [
    'The bytes are in the one buffer that everything is received into. How long do they stay there?',
    'Until the next recv, on any socket. So copy them out: Buffer.from makes a copy, subarray is only a window. Once they are in the map, two things are different: their receiver is to be watched for room, and their sender is not to be read. watchPair tells epoll both.',
    [
      '  waiting.set(/* which socket they are for */, /* a copy of them */);',
      '  // then tell epoll what has changed',
    ].join('\n'),
  ],
  '5.2.2': [
    'Two questions about one socket. When is it worth knowing that it has room? When could you do something with what it sends?',
    'Room is worth knowing only while something waits for this socket: otherwise there is nearly always room, and epoll would say so without end. Reading makes sense only while nothing waits for its peer: otherwise what comes would have no place. Each question looks into waiting, with another descriptor.',
    [
      '  const output = /* does something wait for fd? */ ? EPOLLOUT : 0;',
      '  const input = /* does something wait for its peer? */;',
      '  // both or-ed together',
    ].join('\n'),
  ],
  '5.2.3': [
    'There is room for a part of what waits. What has to be true of the map afterwards, and what when all of it went?',
    'Send what waits, once. A part taken: the entry becomes what is left, so that the next time begins at the right byte. All taken: the entry goes, and watchPair lets the other side be read again. Nothing there at all is no mistake, and a -1 means that the connection is gone.',
    [
      '  const rest = waiting.get(fd);',
      '  // nothing? true',
      '  const sentN = /* as much of it as fits */;',
      '  // -1: false',
      '  // some: keep the others. All: forget the entry, and watch anew',
    ].join('\n'),
  ],
};

export const nonBlockingCheckHints: Record<string, Hint> = {
  '5.1 round-trip': [
    'Between accept and the first byte there is one event more than in stage 4. Which one, and what does your program do with it?',
    'EPOLLOUT on the upstream socket: its handshake is over. Only then is the client watched for bytes. If that never happens, its bytes wait for ever. Print what epoll_wait returns for the first three rounds: the listening socket, then the upstream, then the client.',
    [
      '  acceptConnection: client attached for 0, upstream for EPOLLOUT',
      '  handleUpstream:   still connecting? finishConnect',
      '  finishConnect:    EPOLLIN for both',
    ].join('\n'),
  ],
  '5.1 upstream-down': [
    'A refusal is an answer to a handshake. When does your program learn of it, and which side waits for it?',
    'connect has said EINPROGRESS long before. The refusal comes as an event on the upstream socket, and SO_ERROR says ECONNREFUSED. The client waits, and only your program can let it go: closePair closes both.',
    ['  // in finishConnect, when the number is not 0:', '  closePair(/* the client */, /* its upstream */);'].join(
      '\n',
    ),
  ],
  '5.1 silent-upstream': [
    'Your program blocks in one call while all clients wait, or it never sleeps. Which call is it, and what does it wait for?',
    'If it is connect, its socket is a blocking one. If it is a loop that asks whether the handshake is over, that is the same with more work. Begin it, go back to epoll_wait, and be told. If it is epoll_wait, again and again: a client whose handshake is still under way has gone, and EPOLLERR says so until its pair is closed.',
    ['  // createSocket: SOCK_NONBLOCK', '  // connectUpstream: one connect, EINPROGRESS is fine, return'].join('\n'),
  ],
  '5.1 early-bytes': [
    'A client does not wait until you are ready. Where are its bytes while your handshake is still under way?',
    'In the kernel, where they are safe, as long as you do not take them out. Attach the client for nothing (0), and ask for EPOLLIN only when the upstream is connected. If you have taken them, you have to store them in order, and a send on a socket that is not connected takes none.',
    [
      '  // acceptConnection: loopAttach(…, the client, 0)',
      '  // finishConnect:    loopChange(…, the client, EPOLLIN)',
    ].join('\n'),
  ],
  '5.1 stalled-client': [
    'A client takes no more. Which call of yours meets that first, and what does it answer?',
    'send, on the connection socket. On a blocking one it waits, and so do all other clients: was it accepted with SOCK_NONBLOCK? On a non-blocking one it takes a part, or says EAGAIN. Trying again in a loop is waiting, too.',
    [
      '  accept4(/* the listening socket */, null, null, SOCK_NONBLOCK)',
      '  // sendSome: one send, no loop around it, here or in its caller',
    ].join('\n'),
  ],
  '5.1 stalled-upstream': [
    'The same in the other direction. Which socket is it now, and which function made it?',
    'The upstream socket, made by createSocket. It is non-blocking from its birth, and stays so after the handshake.',
    '  // nothing to take back once connect is done: the flag stays',
  ],
  '5.2 paces-down': [
    'send took 20,000 of 65,536 bytes. Where are the other 45,536, which event brings them on their way, and when is the upstream read again?',
    'The place is waiting, as a copy. The event is EPOLLOUT on the connection socket. The moment is when the last of them is taken. If bytes are wrong, look at the place: is it a copy, and does it begin at the right byte? If they stop coming, look at the event and at the moment.',
    [
      '  // keepRest:     a copy, from the first byte that was not taken',
      '  // wantedEvents: EPOLLOUT for the one, no EPOLLIN for the other',
      '  // flush:        when all is gone, both as before',
    ].join('\n'),
  ],
  '5.2 paces-up': [
    'To clients it works. What is different on the way to the upstream?',
    'Nothing should be: relay, keepRest and flush know two sockets and a direction, not which one is the client. Look for a place where your program asks which kind of socket it has.',
    '  // fd and peerFd, from and to: the same lines for both directions',
  ],
  '5.2 other-direction': [
    'The client does not read. Is that a reason not to read the client?',
    'No. What it does not take stops the other end, the upstream, from being read. What it sends goes the other way, where there is room. The question for EPOLLIN on a socket is whether something waits for its peer, and only that.',
    ['  // EPOLLIN of fd depends on what waits for peerFd', '  // EPOLLOUT of fd depends on what waits for fd'].join(
      '\n',
    ),
  ],
  '5.2 takes-no-more': [
    'The upstream keeps sending, and the client does not read. In whose memory are these bytes?',
    'In yours, if you go on reading. Stop: without EPOLLIN you are not told, the kernel fills its buffer, and then it tells the sender to wait. That is backpressure, and all you have to do is not ask for EPOLLIN. It slows down a client that sends to a slow upstream in the same way.',
    '  // something waits for its peer? then no EPOLLIN for this one',
  ],
  '5.2 sleeps-while-blocked': [
    'Nothing moves, and yet epoll_wait comes back at once. With which event, on which socket?',
    'EPOLLOUT on a socket with room, because you still ask for it. Or EPOLLIN on one that you do not read: do not ask for it then. Or EPOLLERR and EPOLLHUP, which come without being asked for, and go away only with the socket.',
    [
      '  // nothing waits for fd: no EPOLLOUT',
      '  // not read at the moment: no EPOLLIN',
      '  // EPOLLERR or EPOLLHUP and nothing to read: this pair is over',
    ].join('\n'),
  ],
  '5.2 round-trip-stays': [
    'What does your program do in a round of its loop in which nothing can be sent?',
    'It should do nothing, in no time: go back to epoll_wait. A pause, a blind retry, or a loop over all that waits makes every other client wait, too.',
    '  // no sleeping, no polling: epoll_wait is the only call that waits',
  ],
  '5.2 last-bytes': [
    'The upstream has closed. How much of its answer is still with you?',
    'Perhaps a rest in waiting, and perhaps megabytes in the kernel that you have not read yet. Both come before the end: recv answers 0 only when all before it was read, and you read only when nothing waits. So the 0 comes last by itself, and then the client has to be closed.',
    ['  // recv answers 0 -> false -> closePair, and not one event earlier'].join('\n'),
  ],
};
