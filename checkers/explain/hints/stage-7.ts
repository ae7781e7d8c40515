/** Hints for the TODOs of stage 7. */
import type { Hint } from '../../contract/hint.ts';

export const hints: Record<string, Hint> = {
  '7.1.1': [
    'A hundred clients connect at once, and one of the earlier clients has a question. In which order do you want to serve them?',
    'accept4 on a non-blocking socket tells you when the queue is empty: -1, EAGAIN. So call it again and again, but not more than MAX_ACCEPTS times, because no other client is served meanwhile. epoll reports the listening socket again while clients are left in its queue. Any other -1 is for acceptFailed.',
    [
      '  for (/* at most MAX_ACCEPTS times */) {',
      '    const fd = /* accept4, without waiting */;',
      '    if (/* a client came */) { /* link it, and go on with the next */ }',
      '    // the queue is empty? true',
      '    // anything else: acceptFailed, false',
      '  }',
      '  return false;',
    ].join('\n'),
  ],
  '7.1.2': [
    'An event names one socket, and you need the other one of its pair. Which two questions will the loop ask, and which map answers which?',
    'Two maps, one for each direction: from the connection socket to the upstream socket, and back. Both get their row here, at the same moment.',
    '  // one set() for each of the two maps',
  ],
  '7.1.3': [
    'Which of the two maps has the sockets of clients as its keys?',
    'A map knows whether it has a key, without looking at all the others.',
    '  return /* the map of connection sockets */.has(/* … */);',
  ],
  '7.1.4': [
    'Which of the two maps has upstream sockets as its keys?',
    'The same question as before, to the other map: whether there is such a key, not where it leads.',
    '  return /* the map back */.has(/* … */);',
  ],
  '7.1.5': [
    'What does get() of a map return when the key is not there, and what did this function promise to return then?',
    'get() returns undefined. The rest of the program asks for -1, so one has to become the other.',
    '  return /* look it up */ ?? /* what "none" is called here */;',
  ],
  '7.1.6': [
    'The same look-up, from the other side: which map?',
    'The map back, which was filled at the same moment as the other one, and -1 for what is not there.',
    '  return /* look it up in the other map */ ?? /* none */;',
  ],
  '7.1.7': [
    'A pair is over. Which rows speak of it, and what happens to the numbers of its sockets a moment later?',
    'One row in each map. They go before the sockets are closed: afterwards the numbers may belong to other clients.',
    '  // one delete() for each of the two maps, each by its own key',
  ],
  '7.2.1': [
    'accept4 has failed, and it was not EAGAIN. Does that concern one client, or all clients that connect from now on?',
    'ECONNABORTED and EINTR concern this moment only. EMFILE and its relatives mean that there is no descriptor to be had: epoll_wait will report the listening socket again at once, because the client is still in its queue. So say why, and stop listening for a while.',
    [
      '  if (/* this one has left, or a signal came */) return;',
      '  console.error(/* which call, and why */);',
      '  // and stop watching the queue, for now',
    ].join('\n'),
  ],
  '7.2.2': [
    'How can a socket stay in the loop without being reported?',
    'epoll reports what you asked for. A socket that is watched for 0 is reported for nothing, except for errors. Note when the pause ends, because the loop has to undo it, even if no pair ends meanwhile.',
    '  // watch the listening socket for nothing; pauseEnds: PAUSE_MS from now',
  ],
  '7.2.3': [
    'What is the opposite of each of the two things that pauseListening did?',
    'Ask for EPOLLIN again, and forget the pause: a moment that never comes, Infinity, says that there is none. If a client is still in the queue, the very next epoll_wait says so.',
    '  // loopChange back to EPOLLIN, and there is no pause any more',
  ],
  '7.2.4': [
    'What comes out of this descriptor, and how do you know when there is no more?',
    "read_signal gives one signal's name at a time, and '' when none is left. Read until then, or epoll_wait reports the descriptor for ever. The first SIGTERM begins the end. A second one means: do not wait.",
    [
      "  for (let name = read_signal(…); /* not '' */; name = read_signal(…)) {",
      '    // asked before? end, with 1',
      '    // else: begin to drain',
      '  }',
    ].join('\n'),
  ],
  '7.2.5': [
    'A client has connected and sent a request, and you have not called accept yet. Whose fault is it if the request is lost now?',
    'For the client the connection is established: the kernel has accepted it. So close the listening socket only when accept4 says that the queue is empty. loopRun does that; it only has to know that you are draining.',
    '  // say so, for the log; then remember it in draining',
  ],
  '7.2.6': [
    'What does the kernel do when a client connects to a port where nothing listens, and what might your program do with the number of a socket that it has closed?',
    'It refuses the connection at once, so a load balancer or a patient client can try elsewhere. The number must not be used any more: -1 is never a descriptor.',
    '  // close it, and make sure that the variable does not name it any more',
  ],
};
