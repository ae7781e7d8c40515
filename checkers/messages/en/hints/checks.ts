/** Hints for a check that fails although no stub is in the way, by milestone and check. */
import type { Hint } from './hint.ts';
import { serverCheckHints } from './stage-1.ts';
import { clientCheckHints } from './stage-2.ts';
import { loopCheckHints } from './stage-3.ts';
import { nonBlockingCheckHints } from './stage-5.ts';
import { closingCheckHints } from './stage-6.ts';
import { manyClientsCheckHints } from './stage-7.ts';
import { upstreamsCheckHints } from './stage-8.ts';
import { fastCheckHints } from './stage-9.ts';

export const checkHints: Record<string, Hint> = {
  ...serverCheckHints,
  ...clientCheckHints,
  ...loopCheckHints,
  ...nonBlockingCheckHints,
  ...closingCheckHints,
  ...manyClientsCheckHints,
  ...upstreamsCheckHints,
  ...fastCheckHints,
  '4.1 listening': [
    'Which of your lines is the first after which a client could connect? Does the program get that far, and is it still there a moment later?',
    'Three things keep a program from this: it stops before listen (its last words say why), it listens on a hard-coded port instead of PORT, or it reaches the end of main because nothing in it waits. A call that fails does not throw: it returns -1, and the program goes on as if nothing were wrong, unless you check.',
    [
      '  // after each of socket, setsockopt, bind and listen:',
      '  if (/* the call */ === -1) die(/* its name */);',
      '  // the port comes from the constant PORT, never from a number in the code',
      '  // and at the end of main: a loop that waits, for ever',
    ].join('\n'),
  ],
  '4.1 on-connect': [
    'Follow one client, which says nothing: which line of yours runs when it connects, and what makes that line run?',
    'The listening socket has to be attached to the loop, or epoll never reports a client. Its event has to carry its own descriptor, or loopRun does not recognise the listening socket. Then one accept and one connect belong together: one upstream connection for one client, opened at that moment, whether or not the client has said a word.',
    [
      '  main:             the socket, the loop, and the one attached to the other',
      '  loopRun:          the listening socket? acceptConnection',
      '  acceptConnection: one accept, then one connectUpstream',
    ].join('\n'),
  ],
  '4.1 one-each': [
    'Five clients connect at once. How often does your loop run, and what does it need in order to run once more?',
    'epoll goes on reporting the listening socket as long as its queue has a client, so one accept for each event is enough, if the loop comes back to epoll_wait each time. It does not when something in between waits, stops, or makes the program look at one descriptor only. And what belongs to the first client must not be overwritten by the second: each has an upstream socket of its own, kept in a list, not in one variable.',
    [
      '  for (/* each event that came */) {',
      '    // deal with it, and do not wait for anything in here',
      '  }',
      '  // in acceptConnection: push, never "the one current client"',
    ].join('\n'),
  ],
  '4.1 restart': [
    'The proxy was killed while a client was connected, and was started again at once. What, if not a program, may still hold the port?',
    'The kernel remembers a closed connection for a minute, and with it the port. SO_REUSEADDR lets bind ignore that. It changes what bind does, so it has to be set before. And if bind fails, the program has to say so: a proxy without a port looks like one without clients.',
    [
      '  // socket',
      '  // the option, on this very socket, with the value 1',
      '  // only then bind, and a test for -1',
    ].join('\n'),
  ],
  '4.1 upstream-down': [
    "Nothing listens at the upstream's port when this client comes. What does connect answer, and what does your code do with this client then?",
    "A refused connect is normal: close the client, so that it does not wait in vain, and go on to serve the next one. Two sockets have to be given back: the client's, and the one that did not get connected. A new attempt takes a new socket.",
    [
      '  in connectUpstream:  connect failed -> close what you made, answer -1',
      '  in acceptConnection: -1 -> close the client, return',
      '  in neither:          die, or a row for a pair that never was',
    ].join('\n'),
  ],
  '4.2 round-trip': [
    'A line of 36 bytes goes up, another comes back. Follow the first of these bytes: which event, which function, which buffer, which number tells how many there are, which socket does it leave through?',
    'Both sockets of the pair have to be attached to the loop. The handler takes what recv gives and sends that, no more and no less: the number comes from recv, not from the size of the buffer. The table says where it goes. If the bytes arrive nowhere, find out how far they get: print a line in each function.',
    [
      '  const count = recv(/* where the event was */);',
      '  // the other half of the pair, by the table',
      '  // the first count bytes of the buffer, to that one',
    ].join('\n'),
  ],
  '4.2 pages': [
    'A page is more than text, and the file server closes the connection after each answer. Does your proxy carry over both: every byte of any value, and the close?',
    'What went through must be bytes all the way: a string in between changes what is not text. All of them must be sent before anything is closed. And the end of the answer, recv returning 0, is a message too: the browser waits for it.',
    [
      '  // the buffer from recv goes into send as it is: no toString, no search',
      '  // recv says 0 -> only now, with everything sent: closePair',
    ].join('\n'),
  ],
  '4.2 all-bytes': [
    'There are 256 values that a byte can have. Which of them does your code treat in a special way, perhaps without wanting to?',
    'Zero ends a string in C, bytes above 7f are no characters by themselves, line ends and blanks get lost when something is trimmed. None of this happens to a buffer that is never looked into. A length is a number of bytes, never of characters.',
    [
      '  const count = recv(/* … */);             // a number of bytes',
      '  sendAll(/* which socket */, count); // same number, same buffer',
    ].join('\n'),
  ],
  '4.2 pieces': [
    'TCP is a stream, without messages. What does your code wait for before it sends on, and what if that never comes?',
    'All that recv returned goes on at once: half a line, three requests in one piece, a single byte. A proxy of this kind does not know what a line or a request is, and adds nothing of its own.',
    [
      '  // one event -> one recv -> all of it sent on -> back to the loop',
      '  // nothing is kept for later, nothing is searched for an end',
    ].join('\n'),
  ],
  '4.2 slow-upstream': [
    "The upstream reads slowly, so the kernel's buffers fill up. What does send answer then, and which bytes does your next send offer?",
    'send may take only a part of what it is offered, and says how many bytes that was. The rest is yours: offer it again, from where it begins, until nothing is left. Nothing new may be read into the buffer before that, or the rest is overwritten. A -1 is never a number of bytes.',
    [
      '  let taken = 0;',
      '  while (/* less than all is taken */) {',
      '    // offer from taken on, so many as are left',
      '    // add what was taken; a -1 is not added, it ends this',
      '  }',
    ].join('\n'),
  ],
  '4.2 slow-client': [
    'The same as with a slow upstream, the other way round: what differs in your code between the two directions?',
    'Nothing should. Both handlers use the one function that sends everything. A client that reads slowly is not gone: close no connection, and drop no bytes, because there is no room at the moment.',
    [
      '  // handleClient:   recv, then sendAll to the upstream',
      '  // handleUpstream: recv, then sendAll to the client',
      '  // sendAll:        the only place that calls send, and it does not give up',
    ].join('\n'),
  ],
  '4.2 both-directions': [
    'Bytes come from both sides at the same time, and you have one buffer. When is it free for the next bytes?',
    'An event is dealt with from recv to the last byte of send before the next one is looked at: then one buffer is enough. It is not enough if something is kept for later, since a part of a buffer is a view of the same memory and no copy.',
    [
      '  for (/* each event */) {',
      '    // recv into the buffer; send all of it; now it is empty again',
      '  }',
      '  // no list of pieces, no timer, no await in between',
    ].join('\n'),
  ],
  '4.2 fifty-clients': [
    'With fifty clients there are fifty rows. Does each look-up find the row of the socket it was given, or just any row?',
    'The socket of the event decides, and nothing else: not the newest client, not the first row, not a variable that holds one client. Look for the row whose half equals the socket (three equal signs, numbers with numbers), and answer with the other half of the same row.',
    [
      '  // in: the socket that the event is about',
      '  // for each row: is this half the one? then the other half is the answer',
      "  // no row: -1, and never another client's",
    ].join('\n'),
  ],
  '4.2 client-leaves': [
    'The client has sent its last byte and has gone. What does recv return, do the bytes or this news come first, and which other side has to know?',
    "First everything that was received goes up, then recv answers 0. That is the moment to end the pair: the upstream's socket is closed, so that it learns that the client is gone, and the client's socket too. Only this pair: other rows and lists stay as they are.",
    [
      '  // recv says 0 (or an error): closePair(client, its upstream)',
      '  // closePair: out of both lists, out of the table, close both',
      '  // an index of -1 removes nothing',
    ].join('\n'),
  ],
  '4.2 upstream-leaves': [
    'The upstream has answered and closed. How does the client get to know that the answer is complete?',
    'By the end of its own connection, which only the proxy can bring about: after the last byte was sent on, close the client that belongs to this upstream. closePair does it, if it gets the two sockets in the right order.',
    [
      '  // in handleUpstream: recv says 0 -> closePair(the client, this upstream)',
      '  // no new connection, not this socket alone, no farewell of your own',
    ].join('\n'),
  ],
  '4.2 sequence': [
    'The kernel always gives out the lowest number that is free. After a hundred clients, which one has the number of the first, and what does your table say about it?',
    "What stays behind of a pair does harm later. A row that is still there sends another client's bytes to the wrong place, or fills the table. A socket that is not closed keeps its number for ever. So count: everything that acceptConnection adds, closePair takes away, whichever side left first.",
    [
      '  acceptConnection: one more in each list, one row more, two sockets open',
      '  closePair:        one less in each list, one row less, two sockets closed',
      '  // taken out of the very array that the others look into',
    ].join('\n'),
  ],
  '4.2 client-resets': [
    'The proxy is in the middle of a send when the client vanishes. What does send answer, and where does this answer end up in your program? And what does recv answer when a side vanishes while nothing is on its way?',
    'send answers -1 (EPIPE or ECONNRESET). If that is added to a count, the loop never ends. If it is not looked at, the proxy reads on for a client that has gone. It has to leave sendAll as false, and false has to lead to closePair: then the upstream is told, and all others are served as before. It is no reason to end the program. When nothing is on its way, no send fails: recv answers -1 (ECONNRESET), and that ends the pair, both sides of it, as a 0 does.',
    [
      '  // sendAll:  -1 -> return false (EINTR: once more)',
      '  // recv:     0 or -1 -> closePair (EAGAIN, EINTR: not yet)',
      '  // handlers: false -> closePair, then back to the loop',
      '  // nowhere:  die, throw',
    ].join('\n'),
  ],
  '4.2 idle': [
    'Nothing happens, and yet epoll_wait comes back at once, again and again. What does it want to tell you, and on which socket?',
    'A socket whose other end has left stays ready to read for ever: recv would answer 0 each time. It is quiet only when it is closed. Two other things have the same effect: asking for EPOLLOUT, which is nearly always true, and a time limit of 0. Print the events of one round, and you see whose they are.',
    [
      '  // events to ask for: EPOLLIN and nothing else',
      '  // time limit: -1',
      '  // recv answers 0, or an error that is not EAGAIN or EINTR: closePair',
    ].join('\n'),
  ],
};

/** Hints that go before those of the check, by the name of the cause. */
export const causeHints: Record<string, Hint> = {
  unreadable: [
    'Which line does the message name, and what did you change there, or just above, since it worked last?',
    'A bracket or a quotation mark that is missing is often noticed only further down, where the text stops making sense. Your editor marks the place. So does the compiler.',
    '  npx tsc\n  // names the file, the line and the column; begin with the first message',
  ],
};
