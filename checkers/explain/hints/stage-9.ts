/** Hints for the TODOs of stage 9. */
import type { Hint } from '../../contract/hint.ts';

export const hints: Record<string, Hint> = {
  '9.1.1': [
    'How often did stage 7 call epoll_ctl for one pair, and what for?',
    'Twice to attach the two sockets, and then whenever something had to wait, or no longer did. With EPOLLET you ask for everything once: a change is reported once, whether you can use it at that moment or not. So one loopAttach for each socket of a pair is all that epoll will ever be told.',
    '  // loopAttach: this socket, for ALL_CHANGES',
  ],
  '9.1.2': [
    'The client sent bytes before the upstream was connected. What will tell you of these bytes once it is?',
    'Nothing. epoll has reported them, and reports only changes. handleClient has noted EARLY for that. So relay now, and read until the kernel says that nothing is left: the end of the stream may be right behind.',
    '  // early? then what relay says, certain; else true',
  ],
  '9.1.3': [
    'epoll reports the socket once for all that is in it. When may you stop reading, and which clients suffer if you never do?',
    "Stop when there is nothing left, or when no more fits: then another event will come. A peer that sends as fast as you read would keep you for ever, so after MAX_MOVES it is the turn of others. But that end is yours, not the kernel's: no event will come. interrupt notes it.",
    [
      '  for (/* at most MAX_MOVES times */) {',
      '    const moved = /* through its pipe, or through the buffer */;',
      '    if (/* there may not be more */) return /* did nothing break? */;',
      '  }',
      '  // others have their turn now',
      '  return true;',
    ].join('\n'),
  ],
  '9.1.4': [
    'What must be known of a socket whose turn is over although it has more to bring?',
    'That it is to go on: a mark among its facts, so that closing the pair forgets it, and a place in the list, so that waiting sockets go on in order. Twice in the list would be two turns.',
    '  // marked already? nothing to do. Else: mark it, and push it',
  ],
  '9.1.5': [
    'Between the turn that was interrupted and this moment all other events were handled. What may have become of this socket?',
    'Its pair may be closed, and its number may even belong to another connection: then the mark is gone, because closePair sets the facts to 0. If it is still there, take it away before you relay, since the next turn may be interrupted, too.',
    [
      '  for (const fd of list) {',
      '    if (/* not marked any more */) continue;',
      '    // take the mark away, find the peer, relay, certain',
      '    // reset the pair if that broke',
      '  }',
    ].join('\n'),
  ],
  '9.1.6': [
    'recv was offered room for 16 KiB and brought 5. What do you know about the socket now, and what if it had brought 16?',
    'It is empty, so new bytes are a change, and you need not ask again. A full buffer proves nothing: there may be more. Remember whether it was full before you let the buffer grow. And if `certain`, ask again in any case: behind a FIN no change will come.',
    [
      '  const readN = /* … */;',
      '  if (readN <= 0) return nothingRead(…);',
      '  const sentN = /* … */;',
      '  // broken? -1. Not all taken? keepRest, 0',
      '  const wasFull = /* … */;',
      '  // much? muchComes',
      '  return /* may there be more? */ ? 1 : 0;',
    ].join('\n'),
  ],
  '9.1.7': [
    'What do many small reads cost that one large read does not?',
    'System calls. Twice the buffer is half the calls; but a large buffer costs memory and, beyond what the processor keeps near, time. So it grows only when a read has filled it, and not for ever.',
    '  // filled, and still below MAX_BYTES? a new buffer, twice as long',
  ],
  '9.1.8': [
    'The client has sent something, and the upstream is still connecting. What else will remember this event?',
    'epoll will not. The bytes are safe in the kernel; that they are there has to be noted with the facts of the client. Only if the client is gone (EPOLLERR) is there nothing to wait for.',
    '  // gone? reset the pair. Else: mark the client as EARLY',
  ],
  '9.1.9': [
    'One event may say several things at once. Which of them concern bytes that this socket brings, and which bytes that it takes?',
    "EPOLLOUT: it takes bytes again, so its peer may be read again, even though the peer's own event was long ago. EPOLLIN, EPOLLRDHUP, EPOLLHUP, EPOLLERR: it brings bytes, or its end, or an error, and recv tells which. After one of the last three no other event will come, so read until recv has said it.",
    [
      '  if (/* room, and something waits for fd, and relay broke */) return false;',
      '  if (/* the pair has ended by that */) return true;',
      '  const certain = /* one of the three */;',
      '  if (/* something to read, and relay broke */) return false;',
    ].join('\n'),
  ],
  '9.2.1': [
    'Making a pipe costs two system calls, and closing it two more. When can that be saved?',
    'When another connection has just given one back. pop() of an empty array is undefined, and then createPipe has its try. Where there is none to be had, false: then bytes go through the buffer, as before.',
    [
      '  const pipe = /* a spare one */ ?? /* a new one */;',
      '  // none? false',
      '  // else: into the map, and the mark',
    ].join('\n'),
  ],
  '9.2.2': [
    'Which of the two descriptors of a pipe is for reading?',
    'The first: out. The second is for writing: into. A new pipe holds 64 KiB; F_SETPIPE_SZ makes it hold more, and the kernel refuses that to users who have many. Then close both again.',
    [
      '  // pipe2 failed? undefined',
      '  const [out = -1, into = -1] = ends;',
      '  // fcntl failed? close both, undefined',
      '  return { out, into, filled: 0 };',
    ].join('\n'),
  ],
  '9.2.3': [
    'splice says EAGAIN when there is nothing to read, and also when the pipe is full. How can you tell the two apart?',
    'By splicing into an empty pipe only: then it cannot be full. So what is in it goes first. 0 is the end of the stream, as with recv.',
    [
      '  if (/* something is in it */) return emptyPipe(pipe, toFd);',
      '  if (/* nothing more will come */) return 0;',
      '  const readN = splice(/* fromFd, the pipe, all there is, both flags */);',
      '  // nothing? nothingRead. Else: note it, and on it goes',
    ].join('\n'),
  ],
  '9.2.4': [
    'splice moved less than there was in the pipe. Is the socket full?',
    'Perhaps; but only EAGAIN promises an EPOLLOUT. So subtract what went, say that there may be more to do (1), and the next try will tell.',
    [
      '  const sentN = splice(/* the pipe, toFd, as much as is in it */);',
      '  // -1: EINTR 1, EAGAIN FULL and 0, else -1',
      '  // less is in it now; nothing left: not FULL',
      '  return 1;',
    ].join('\n'),
  ],
  '9.2.5': [
    'A connection broke in the middle of a download. What is still in its pipe, and which client would get it?',
    'Bytes for a client that is gone. The next one to take this pipe would get them first. So a pipe is kept only when it is empty, and closing both ends throws the rest away.',
    '  // empty, and there is room for a spare one? push. Else: close both ends',
  ],
  '9.3.1': [
    'A pipe ends when the last copy of its other end is closed. Which processes have copies here, once the new process runs?',
    'The new process has itsInput as its standard input, and itsKept as descriptor 3. If you keep these two open yourself, you are one of those that it would wait for, and you would never see its end. So close them after spawn, and keep the other two: lifeline and itsEnd.',
    [
      '  const { pid } = spawn(/* this very program */, /* with our arguments */, {',
      '    env: { /* ours, and WORKER */ },',
      "    stdio: [itsInput, 'inherit', 'inherit', itsKept],",
      '  });',
      '  // close what is for the new process alone; note the rest under itsEnd',
    ].join('\n'),
  ],
  '9.3.2': [
    'Why does a second bind to the same port fail, and which sockets have to allow it?',
    'Because the port is taken. With SO_REUSEPORT set on all of the sockets, each before its bind, and by the same user, the kernel lets them share it.',
    '  // setsockopt, as for SO_REUSEADDR, with the other option',
  ],
  '9.3.3': [
    'What does the other process see when you close your end of the pipe that is its standard input?',
    'The end of the input: its epoll reports descriptor 0. Nothing has to be written. That is also what it sees when you die.',
    '  // for each of the workers: close its lifeline',
  ],
  '9.3.4': [
    'epoll reports fd because the process at the other end is gone. What will it report in the next turn if you do nothing?',
    'The same, for ever: this descriptor is watched for its state. Closing it ends that. And the loop ends the program when no worker is left, so it must be taken out of the map.',
    [
      '  // out of the map; close fd',
      '  // draining? that is all',
      '  // else: close its lifeline as well, and say so',
    ].join('\n'),
  ],
  '9.3.5': [
    'The first process is gone, or asks you to end. What did the first one do when it was asked?',
    'It began to drain: it accepts no new clients and serves the others to the end. You do the same. Descriptor 0 is no longer needed, so close it.',
    '  // close descriptor 0; draining already? else begin',
  ],
};
