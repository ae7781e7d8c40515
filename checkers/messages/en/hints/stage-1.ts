/** Hints for stage 1: a server of lines, one client after the other. */
import type { Hint } from './hint.ts';

export const serverTodoHints: Record<string, Hint> = {
  '1.1.1': [
    'Before a client can connect, the kernel needs a socket, a port for it, and the order to take connections. Which call gives it which of these?',
    'Four calls, all about the same descriptor: socket makes it, setsockopt lets a restarted server have its port back, bind gives it the port, listen lets connections come. setsockopt changes what bind does, so it has to come first. Each of them returns -1 when it fails, and a server without a port has nothing to do: that is what die is for.',
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
  '1.1.2': [
    'The listening socket has clients in its queue. Which call takes the first of them out, and what does it return?',
    'accept waits for a client and returns a new descriptor, which leads to this one client. The listening socket goes on listening. A failure here concerns only one client, which has gone already: print the error and return the -1; main knows what to do with it.',
    [
      '  const client = /* the call, on the listening socket */;',
      '  // -1: print what strerror says of errno',
      '  // in both cases: hand it back',
    ].join('\n'),
  ],
  '1.1.3': [
    'One recv brings what is there at that moment. How does the program know that more will come, and how that nothing more will?',
    'A loop around recv: a number above 0 is bytes, 0 is the end of the stream, -1 is a broken connection, except for EINTR, which only means that a signal came. New bytes go behind the bytes in the buffer, and the room there is limited. However the loop ends, close the socket: that is how the client learns that we are done.',
    [
      '  // nothing of the client before: bufferedN',
      '  while (/* there is room left in the buffer */) {',
      '    const count = recv(/* from which socket, where to, how much room */);',
      '    // a signal: once more; the end, or an error: out of the loop',
      '    // bufferedN grows; answerLines may say that it is over',
      '  }',
      '  // on every way out: close the descriptor',
    ].join('\n'),
  ],
  '1.2.1': [
    'The buffer may hold no line, one line, three lines, or two and a half. What do you do with each of these, and with the half?',
    'Look for the first newline among the bytes that have come, and only among these. As long as there is one, the bytes up to it are a line: turn it around, send it, and go on behind it. What is left when no more newline is found is the beginning of a line. It has to be at the front of the buffer when the next bytes come.',
    [
      '  // received: the part of the buffer that is filled',
      '  while (/* there is a newline from lineStart on */) {',
      '    // the line: a view from lineStart to just behind the newline',
      '    // turn it around; send it; go on behind it',
      '  }',
      '  // the rest: to the front, and bufferedN is its length',
    ].join('\n'),
  ],
  '1.2.2': [
    "'abc' and a newline become 'cba' and a newline. Which of the four bytes stays where it is?",
    'A buffer has a method that turns its bytes around where they are, and subarray gives a view of the same memory. So turn a view that leaves the last byte out.',
    '  line.subarray(/* from the first byte to the one before the newline */)',
  ],
  '1.2.3': [
    'You offer send 8,000 bytes, and it returns 5,000. What sends the other 3,000? And what happens to your count if it returns -1?',
    'Keep count of what has been taken. As long as that is less than there is, offer the rest, beginning at the first byte that has not been taken. Check the result before you add it: -1 is not a number of bytes. With EINTR nothing is lost, so try again; with any other error the connection is gone, and you return false.',
    [
      '  let taken = 0;',
      '  while (/* some of the message is left */) {',
      '    const count = send(/* which socket, the part left, its length */);',
      '    // -1: a signal? once more. Else: false',
      '    // else it counts',
      '  }',
      '  // all of it is on its way',
    ].join('\n'),
  ],
};

export const serverCheckHints: Record<string, Hint> = {
  '1.1 listening': [
    'Which of your lines is the first after which a client could connect? Does the program get that far, and is it still there a moment later?',
    'Three things keep a server from this: it stops before listen (its last words say why), it listens on a hard-coded port instead of PORT, or it reaches its end because nothing in it waits. A call that fails does not throw: it returns -1, and the program goes on as if nothing were wrong, unless you check.',
    [
      '  // after each of socket, setsockopt, bind and listen:',
      '  if (/* the call */ === -1) die(/* its name */);',
      '  // the port comes from the constant PORT, never from a number in the code',
    ].join('\n'),
  ],
  '1.1 let-in': [
    'Follow one client, which says nothing and leaves: which call accepts it, which call tells you that it has left, and what do you do then?',
    'accept takes it, recv returns 0 when it has left, close ends your side of the connection. Then the program has to come back to accept for the next one, for ever. A server that forgets close keeps a useless connection; a server that does not come back serves only one client.',
    [
      '  for ever:',
      '    accept           waits for a client',
      '    recv, again …    until it says 0, or -1',
      '    close            this client, not the listening socket',
    ].join('\n'),
  ],
  '1.1 restart': [
    'The server was killed while a client was connected, and was started again at once. What, if not a program, may still hold the port?',
    'The kernel remembers a closed connection for a minute, and with it the port. SO_REUSEADDR lets bind ignore that. It changes what bind does, so it has to be set before. And if bind fails, the program has to say so.',
    [
      '  // socket',
      '  // the option, on this very socket, with the value 1',
      '  // only then bind, and a test for -1',
    ].join('\n'),
  ],
  '1.2 line': [
    'Ten bytes come in, nine letters and a newline. Follow the first letter: where does it stand in the buffer, where after turning around, and which number says how many bytes are sent?',
    'The newline is the end of the line and stays the end of the answer, so nine bytes are turned around, not ten. And the answer is as long as the line: not as the buffer, and not as what came last. Print the line with JSON.stringify before and after, and you see the newline, too.',
    [
      "  'abc\\n'  has 4 bytes; 3 of them change places",
      '  // send: those 4 bytes, neither more nor less',
      '  // then back to recv: the client may have more to say',
    ].join('\n'),
  ],
  '1.2 several-lines': [
    'Three lines came with one recv. How often does your code look for a newline?',
    'As often as it finds one. And behind the last newline there may be the beginning of a fourth line: it is neither answered nor thrown away, but waits in the buffer for its end.',
    [
      '  // look for a newline from where the last line ended',
      '  // none: stop, and keep what is there',
      '  // one: answer, and look again',
    ].join('\n'),
  ],
  '1.2 pieces': [
    'What does your code do when a recv brings bytes without a newline among them?',
    'Nothing, apart from keeping them. TCP carries bytes and knows no messages: what was sent with one call may arrive with three, and the other way round. A line is over when its newline has come, and at no other time.',
    [
      '  // before: |abc.......|          bufferedN is 3',
      '  // recv:      where to? how many bytes fit there?',
      '  // after:  |abcdef....|          bufferedN is 6, and no newline yet',
    ].join('\n'),
  ],
  '1.2 long-line': [
    'How long is the longest line that has room in your buffer, and what happens when the buffer is full?',
    'A line has to be held until its end has come, so the buffer limits its length: 64 KiB will do here. Each recv may only use what is left behind the bytes that wait. If that is nothing, recv is asked for 0 bytes and answers 0, which looks just like the end of the stream.',
    [
      '  // room = the size of the buffer - what is in it',
      '  // recv gets a view that begins behind what is in it, and that room',
    ].join('\n'),
  ],
  '1.2 every-byte': [
    'What does your program do to a line apart from looking for its newline and turning it around? And what is a line to it: bytes, or text?',
    'A line is all that stands before its newline: blanks at its ends and a carriage return belong to it. And it is bytes. Made into a string, bytes that are no text in UTF-8 are replaced and lost; an é, which has two bytes, would be turned around as one. A Buffer does all that is needed here, without a string.',
    [
      '  // no trim, no toString: the line is a view of the buffer',
      '  // from its first byte to the one before the newline',
    ].join('\n'),
  ],
  '1.2 next-client': [
    'A client has left in the middle of a line. What is left of it in your program when the next one comes?',
    'Its socket, if it was not closed, and its half line, if the buffer was not emptied. Both have to go before the next client is served. A client in the queue loses nothing meanwhile: the kernel keeps what it has sent.',
    [
      '  // at the beginning of each client: the buffer is empty',
      '  // at the end of each client: close, on every way out of the loop',
    ].join('\n'),
  ],
  '1.2 slow-reader': [
    "The client does not read, so the kernel's buffers fill up. What does send answer then, and which bytes does your next send offer?",
    'send may take only a part of what it is offered, and says how much. The rest is still yours: offer it again, from the first byte that was not taken. Most of the time send takes all, so a program without this loop works for a long time, until a client reads slowly and a signal comes.',
    [
      '  while (/* less is taken than there is */) {',
      '    // offer what is left: from where, and how long?',
      '    // count what was taken',
      '  }',
    ].join('\n'),
  ],
  '1.2 client-resets': [
    'The connection breaks while you receive, or while you send. What does the call answer in each case, and what becomes of the next client?',
    'recv and send answer -1, with ECONNRESET or EPIPE. This is the end of one client and of nothing else: close its socket and go back to accept. That -1 is not a number of bytes, so never add it to a count.',
    [
      '  // recv says -1: like 0, this client is over',
      '  // send says -1: false, all the way up to the loop around recv',
      '  // never: die, for what concerns one client',
    ].join('\n'),
  ],
};
