/** Hints for stage 2: a client that asks line by line. */
import type { Hint } from './hint.ts';

export const clientTodoHints: Record<string, Hint> = {
  '2.1.1': [
    'A server has bind, listen and accept. What does a client have in their place?',
    'One call: connect, on a socket made as in stage 1. It takes the address of the server and returns when the connection stands. The kernel picks a port for our end. A client without a server has nothing to do, so a failure of either call is a case for die.',
    [
      '  const fd = /* a socket, as a server makes it */;',
      "  if (connect(fd, /* 127.0.0.1 and PORT */) === -1) die('connect');",
      '  // hand fd back',
    ].join('\n'),
  ],
  '2.1.2': [
    'read brings half a line, or three lines, or nothing more. What do you return in each case?',
    'Lines are found as in stage 1: takeLine looks whether there is a whole one in what was read already. If there is none, read more, behind what is there. When read answers 0, the input is over, and takeRest has what may be left of it.',
    [
      '  while (true) {',
      '    // is there a line already? then that is the answer',
      '    const count = read(/* what from, where to, how much room there is */);',
      '    // a signal: once more; another failure: die; the end: takeRest',
      '    // else: inputN grows, and look again',
      '  }',
    ].join('\n'),
  ],
  '2.2.1': [
    'This is the function that you know from stage 1. What were its two pitfalls?',
    'send may take fewer bytes than it is offered, and it answers -1 when the connection is gone. So count what was taken, offer the rest, and look at the answer before you add it.',
    [
      '  // how much was taken so far?',
      '  while (/* some of the message is left */) {',
      '    const count = send(/* which socket, the part left, its length */);',
      '    // -1: a signal? once more. Else: false',
      '  }',
    ].join('\n'),
  ],
  '2.2.2': [
    'How do you know that the answer is whole? And how that it never will be?',
    'An answer is a line, so it is whole when its newline has come, and one recv may bring less than that. Receive behind what is there already, until there is a newline. 0 or -1 mean that the rest will not come: false.',
    [
      '  // an empty answer to begin with',
      '  while (/* no newline among the bytes that have come */) {',
      '    const count = recv(/* from which socket, where to, how much room */);',
      '    // a signal: once more; the end, or an error: false',
      '    // else answerN grows',
      '  }',
    ].join('\n'),
  ],
  '2.2.3': [
    'The standard output is descriptor 1. What does write answer, and of which other call does that remind you?',
    'write is to any descriptor what send is to a socket: it may take fewer bytes than it is offered, and says how many. So it needs the same kind of loop. Print the first answerN bytes, and nothing of what stands behind them in the buffer.',
    [
      '  while (/* less than answerN is written */) {',
      '    const count = write(/* where, the part that is left, its length */);',
      '    // -1: a signal? once more. Else: die',
      '  }',
    ].join('\n'),
  ],
};

export const clientCheckHints: Record<string, Hint> = {
  '2.1 connects': [
    'Which address and which port does your client connect to, and what does it wait for afterwards?',
    'The server is on this machine, 127.0.0.1, at the port that stands in PORT. One connection is enough for all lines. Then the client waits for its input: as long as that is open, it has no reason to end.',
    ['  // connect: once, before the first line', '  // then read from the standard input, which waits'].join('\n'),
  ],
  '2.1 no-server': [
    'Nothing listens on that port. What does connect return, and how do a person and a script learn of it?',
    'A person reads the standard error, a script looks at the exit code. So both have to say it: a sentence with the reason, and a code that is not 0. die does both.',
    ['  if (/* connect says -1 */) {', '    // why, to the standard error; exit code 1', '  }'].join('\n'),
  ],
  '2.1 end-of-input': [
    'What does read answer when the input is over, and what does your program do then?',
    'It returns 0, and will do so for ever: a program that reads on never stops. The 0 tells you to close the connection and to end, with exit code 0, since all went well.',
    ['  // read says 0 -> readLine says that there are no more lines', '  // main: out of the loop, close'].join('\n'),
  ],
  '2.2 line': [
    'Follow the newline that ends the line: does it leave with the line, and does it come out with the answer?',
    'For the server a line is over at its newline, so without it there is no answer. The answer has a newline as well, and it is printed as it came: the server has turned the line around already.',
    [
      '  // what was typed, newline included, goes to the server',
      '  // what comes back, newline included, goes to descriptor 1',
      '  // how many bytes? as many as came, not as many as have room',
    ].join('\n'),
  ],
  '2.2 several-lines': [
    'Three lines came with one read. Where are the second and the third while you wait for the answer to the first?',
    'They have to stay in the input buffer, in front, for the next call of readLine. So before you read again, look whether there is a line left. And send one line at a time: then you know that each answer belongs to the line that you sent last.',
    ['  // take one line out; the rest moves to the front', '  // one line -> one answer -> the next line'].join('\n'),
  ],
  '2.2 answer-in-pieces': [
    'What does your program do when recv brings half of the answer?',
    'The other half is on its way. Receive again, behind the first half, until there is a newline. A long answer needs a buffer that holds all of it, and a recv that is told how much room is left.',
    ['  // is there a newline among the answerN bytes? if not: recv once more'].join('\n'),
  ],
  '2.2 last-line': [
    'The input ends, and the last thing in your buffer has no newline. What becomes of it?',
    'It is still a line, and it needs an answer. Add the missing newline, or the server will wait for the rest. Only after its answer is the program done.',
    ['  // read says 0, and inputN is above 0: one line more', '  // read says 0, and inputN is 0: no more lines'].join(
      '\n',
    ),
  ],
  '2.2 from-file': [
    'The standard input may be a terminal, a pipe or a file. Which call takes bytes from all of them?',
    'recv and send are for sockets alone. read and write take any descriptor. With a file nothing ever waits, and its end comes right behind its last line.',
    ['  // input and output: read and write', '  // the server: recv and send'].join('\n'),
  ],
  '2.2 every-byte': [
    'Follow one line, there and back: is it ever anything else than bytes in a Buffer? And what is done to it besides looking for its newline?',
    'The client hands on what it gets. Blanks and a carriage return belong to the line. A string is for text: bytes that are no text in UTF-8 become other bytes when they are made into one, and console.log takes nothing else. write takes the bytes as they are.',
    [
      '  // to the server: the bytes that were read, up to and with the newline',
      '  // to the terminal: the first answerN bytes of answer, with write',
    ].join('\n'),
  ],
  '2.2 server-leaves': [
    'You wait for an answer, and recv says 0, or -1. What can still come?',
    'Nothing. Say so on the standard error, and end with an exit code that is not 0, since not all lines were answered. What had been answered before is printed already. The same goes for a send that answers -1.',
    ['  if (/* it could not be sent, or the answer did not come */) {', '    // a sentence; exit code 1', '  }'].join(
      '\n',
    ),
  ],
};
