/** Hints for stage 3: many clients in one loop. */
import type { Hint } from './hint.ts';

export const loopTodoHints: Record<string, Hint> = {
  '3.1.1': [
    'One call of this program waits for all sockets at once. On which object does it wait, and which call makes it?',
    'epoll is a thing in the kernel that you hold by a descriptor, like a socket. One call makes it. You make it once, and everything that is to be watched is added to this one.',
    [
      '  const loop = /* the call whose name ends in create1 */;',
      '  // -1: there is nothing to wait on, so there is nothing to go on with',
      '  // hand the descriptor back',
    ].join('\n'),
  ],
  '3.1.2': [
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
  '3.1.3': [
    'epoll_wait answers with a number. What does it count? And what stands in the array behind that many entries?',
    'Two loops, one in the other. The outer one never ends: wait, then look at what came. The inner one goes through the entries that were filled in, and no further. There are two kinds: the listening socket has a client in its queue, every other socket is a client that has sent something or has left. A -1 with EINTR only means that a signal came: wait again.',
    [
      '  while (true) {',
      '    const count = /* wait, without a limit of time */;',
      '    // -1: EINTR? once more. Anything else? die',
      '    for (/* each of the first count events */) {',
      '      // the listening socket: acceptConnection; any other: handleClient',
      '    }',
      '  }',
    ].join('\n'),
  ],
  '3.1.4': [
    'A client is accepted. How will the loop learn of what it sends? And which of its bytes do you have so far?',
    'accept gives you its socket. The loop has to watch it, for EPOLLIN, as it watches the listening socket. It has said nothing yet, so the beginning of its line is empty. And if accept fails, that is one client less: say why, and go back to the others.',
    [
      '  const client = /* accept */;',
      '  // -1: say why, and return',
      '  // tell the loop; set an empty line for it',
    ].join('\n'),
  ],
  '3.2.1': [
    'In stage 1 a loop around recv belonged to one client. Which function loops now, and where does half a line wait until the next event of its client?',
    'loopRun loops, so this function receives once and returns. The buffer belongs to the current client: at the start, restore the beginning of its line; at the end, store a copy of the rest, since the next client uses the same memory. If the client has left, or has broken off, or does not take its answers, call closeClient.',
    [
      '  // bring back what this client had begun: bufferedN bytes',
      '  const count = recv(/* behind that, without waiting */);',
      '  // nothing there after all: return. The end, or an error: closeClient',
      '  // answerLines, as in stage 1',
      '  // store a copy of the bufferedN bytes that are left',
    ].join('\n'),
  ],
  '3.2.2': [
    'What in this program knows a client by the number of its socket? And what happens to that number after close?',
    'Its unfinished line does. The kernel gives the number to the next client at once, and that client must not get the old line. So forget first, then close. epoll forgets a closed descriptor by itself.',
    ['  // out of the map of unfinished lines', '  // then give the descriptor back'].join('\n'),
  ],
};

export const loopCheckHints: Record<string, Hint> = {
  '3.1 listening': [
    'After createServer the program makes a loop and waits in it. Which call ends it before that?',
    'epoll_create1 answers a descriptor, epoll_ctl answers 0 when all went well: only -1 is a failure. The last words of the program name the call. Without a wait in loopRun, main comes to its end.',
    ['  // a descriptor, or 0: all is well', '  // -1, and only -1: die'].join('\n'),
  ],
  '3.1 let-in': [
    'Five clients connect at once. How often does your loop run, and what does it need in order to run once more?',
    'The listening socket has to be attached to the loop, and its event has to carry its own descriptor. epoll goes on reporting the listening socket as long as its queue has a client, so one accept for each event is enough, if the loop comes back to epoll_wait each time. Close no client that has not left.',
    [
      '  // for each event on the listening socket: one accept',
      '  // the new socket: into the loop, and left alone',
    ].join('\n'),
  ],
  '3.1 asleep': [
    'What is the last argument of epoll_wait, and what does it return when a signal comes?',
    'It is the longest time to wait, in milliseconds: -1 means as long as it takes, 0 means not at all, and then the loop never sleeps. A signal ends the wait with -1 and EINTR, which is no failure.',
    ['  // -1, EINTR: wait again', '  // -1, anything else: die'].join('\n'),
  ],
  '3.2 line': [
    'A line comes from a client. Which event, which function, which recv, which send does it go through?',
    "The client's socket has to be in the loop, or epoll never reports the line. handleClient receives once, answerLines does what it did in stage 1. A call that may wait, an accept or a recv without an event, stops the loop for all clients.",
    ['  acceptConnection:  the client is in the loop', '  handleClient:      one recv, then answerLines'].join('\n'),
  ],
  '3.2 pieces': [
    'Half a line has come. Where is it when the event with the other half arrives?',
    'In the map of unfinished lines, under the socket of its client, as a copy of its own. handleClient brings it back to the front of the buffer before it receives, and the new bytes go behind it.',
    [
      '  // at the start: from the map to the front of the buffer',
      '  // at the end: a copy of what is left, back to the map',
    ].join('\n'),
  ],
  '3.2 every-byte': [
    'What does your program do to a line apart from looking for its newline and turning it around? And what is a line to it: bytes, or text?',
    'A line is all that stands before its newline: blanks at its ends and a carriage return belong to it. And it is bytes. Made into a string, bytes that are no text in UTF-8 are replaced and lost; an é, which has two bytes, would be turned around as one. A Buffer does all that is needed here, without a string.',
    [
      '  // no trim, no toString: the line is a view of the buffer',
      '  // from its first byte to the one before the newline',
    ].join('\n'),
  ],
  '3.2 patient': [
    'One client says nothing, another is in the middle of a line. Which call of yours waits for them?',
    'None may. Only epoll_wait waits, for all of them at once. handleClient receives once, keeps what there is, and returns. And each client has its own place for the beginning of its line: a shared one would mix them.',
    ['  // one event -> one recv -> back to the loop', '  // never: a loop around recv until a line is whole'].join(
      '\n',
    ),
  ],
  '3.2 own-lines': [
    'Twenty lines arrive at the same time, each in three pieces. How do you know which pieces belong together?',
    'By the socket that they arrived on, and by nothing else. The map has one entry for each socket. Keep a copy there, since a view of the buffer changes with the buffer.',
    ['  // the key of the map: the connection socket itself', '  // its value: Buffer.from(…), never a subarray'].join(
      '\n',
    ),
  ],
  '3.2 leaves': [
    'A client leaves in the middle of a line; another breaks off before it has read its answers. Which call tells you in each case, and which other clients are affected?',
    'recv says 0 or -1, send says -1. In each case one client is over: forget its line, close its socket, return to the loop. No other client has to notice. A socket that ended and stays in the loop is reported for ever.',
    ['  // 0, -1 or a send that failed -> closeClient -> return', '  // never: die, for what concerns one client'].join(
      '\n',
    ),
  ],
  '3.2 sequence': [
    'A hundred clients came and went. What is left of each: a descriptor, an entry of the map?',
    'Nothing may be left. close gives the descriptor back; shutdown does not. And the entry has to go before the number does, or the next client with this number begins with the half line of the old one.',
    ['  // delete the entry', '  // close the descriptor, once'].join('\n'),
  ],
  '3.2 idle': [
    'epoll_wait returns at once, again and again, though no client sends anything. Which socket does it report?',
    'The socket of a client that has left and was not closed, whether in a line or between two lines: the end of a stream can be read for ever, so epoll reports it for ever. Or its timeout is 0.',
    ['  // recv says 0: closeClient, with or without an unfinished line'].join('\n'),
  ],
};
