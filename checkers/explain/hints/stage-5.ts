/** Hints for the TODOs of stage 5. */
import type { Hint } from '../../contract/hint.ts';

export const hints: Record<string, Hint> = {
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
