/** Hints for the TODOs of stage 1. */
import type { Hint } from '../../contract/hint.ts';

export const hints: Record<string, Hint> = {
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
