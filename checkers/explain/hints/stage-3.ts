/** Hints for the TODOs of stage 3. */
import type { Hint } from '../../contract/hint.ts';

export const hints: Record<string, Hint> = {
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
