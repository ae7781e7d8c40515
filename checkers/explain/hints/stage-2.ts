/** Hints for the TODOs of stage 2. */
import type { Hint } from '../../contract/hint.ts';

export const hints: Record<string, Hint> = {
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
