/** Hints for stage 8: several upstreams. */
import type { Hint } from './hint.ts';

export const upstreamsTodoHints: Record<string, Hint> = {
  '8.1.1': [
    'Three upstreams form a circle, and turn points at one of them. A client comes. Which upstream gets it, where does turn point afterwards, and what if the upstream at turn is not a candidate for this client?',
    'Begin at the place that turn names, and go round once, at most: place 2 is followed by place 0, which is what the remainder of a division is good for. The first one that is among the candidates gets the client, and the turn goes to the place behind it, not behind the one where you began.',
    [
      '  for (/* each step from 0 to less than how many there are */) {',
      '    const place = /* turn plus step, round the end of the list */;',
      '    // no candidate? on to the next place',
      '    // else: the turn goes on to the place behind this one; return it',
      '  }',
      '  return undefined;',
    ].join('\n'),
  ],
  '8.1.2': [
    'Two upstreams have four connections each, a third one has seven. Which of them may get the next client, and what decides between those?',
    'Find the smallest number first, then keep every upstream that has it. Where several are left, nextInTurn decides between them, so return a list, not one of them.',
    '  const fewest = /* the least of all their open */;\n  return /* those whose open is that */;',
  ],
  '8.1.3': [
    'A hundred clients come in one turn of the loop. When does the second one have to know that the first one counts?',
    'Before its own upstream is chosen, so long before any handshake is over. That is why an attempt counts as open from the moment it begins. And the code that closes the socket has to know which count to lower: upstreamOf remembers it.',
    '  // upstreamOf: this socket leads there\n  // and one more is open there',
  ],
  '8.1.4': [
    'A connection was counted in once. In how many ways can it end, and how many times must it be counted out?',
    'However it ends, closeUpstream closes it, and calls this function, once. Look up its upstream, lower the count, forget the row: the number of the socket will be used again.',
    '  const upstream = /* look it up */;\n  // one less, if there is one; and no row any more',
  ],
  '8.1.5': [
    'A client has connected and says nothing. How does it know that it has read everything?',
    'By the end of the stream: close its socket after the line. send takes bytes, so make a Buffer of the text first, with a newline at its end, and its length is that of the Buffer.',
    '  const line = Buffer.from(/* the line, and a newline */);\n  // send all of it, then close',
  ],
  '8.1.6': [
    'Look at the example above the function: what is the same for each upstream, and what stands between two of them?',
    'map turns each upstream into its piece of text, and join puts something between the pieces. An upstream whose retryAt is 0 is up.',
    ['  return upstreams', '    .map(/* port, up or down, open=…, total=…, failed=… */)', "    .join('; ');"].join(
      '\n',
    ),
  ],
  '8.2.1': [
    'A client has been refused by one upstream. A second one is marked down, a third one is well. Which of them may it still try? And which, if the third one refuses it, too?',
    'Never one that it has tried already: that would go on for ever. Of the rest, rather one that is up, or whose time to be tried again has come. But if none is up, the rest is all that this client has left: what you know of them is old, and they may have come back.',
    [
      '  const left = /* those that it has not tried */;',
      '  const up = /* of these: retryAt is not in the future */;',
      '  return /* up, unless it is empty; then left */;',
    ].join('\n'),
  ],
  '8.2.2': [
    'What does the proxy have to know so that the next client does not fail in the same way, and when should it try this upstream again?',
    'Until which moment this upstream is to be left alone: now and RETRY_AFTER_MS on top, by the clock of performance.now(). And one more failure for the status line.',
    '  // one more failure\n  // retryAt: a moment in the future',
  ],
  '8.2.3': [
    'What does retryAt say of an upstream that is well?',
    '0 means that there is nothing to wait for. As long as something else stands there, the upstream counts as down, even when that moment is over.',
    '  // retryAt: as it was in the beginning',
  ],
  '8.2.4': [
    'The attempt has failed, and the client knows nothing of it. Its bytes are still in the kernel. Which three things belong to the attempt, and which one to the client?',
    "The upstream's mark, the socket and its descriptor belong to the attempt: mark it, close it. The client stays as it is, and linkUpstream tries another upstream for it. Only if that returns false is no upstream left, and the client is closed.",
    [
      '  const connSockFd = /* whose attempt was it? */;',
      '  const upstream = /* and with which upstream? */;',
      '  // the upstream is down; the socket is closed',
      '  // another one for this client, or else: close the client',
    ].join('\n'),
  ],
};

export const upstreamsCheckHints: Record<string, Hint> = {
  '8.1 in-turn': [
    'Write down for each of nine clients which upstream it got. Where does the row repeat itself, and where should it?',
    'No upstream gets a second client before all have had one. So the turn has to move on with each client, over all the places of the list, the last one included, and back to the first one. And the port that you connect to is that of the upstream that was chosen.',
    '  // A B C A B C A B C\n  // the turn: 0 1 2 0 1 2 …',
  ],
  '8.1 at-once': [
    'Sixty clients are accepted before the first handshake is over. What does your choice depend on, and has that changed between two of them?',
    'The turn changes with each choice, at once. A number that changes only when a handshake is over, or when a client is closed, is the same for all sixty.',
    '  // choose, and at once change what the choice depends on',
  ],
  '8.1 fewest-open': [
    'All three upstreams have three connections. Those of one end. What are your three counts now, and which upstream gets the next client?',
    'Each connection is counted in once and counted out once, however it ends. With BALANCE=least-connections only those with the least count are candidates, and the turn decides between equals.',
    '  // open: 3 3 3  ->  3 0 3  ->  the middle one, three times',
  ],
  '8.1 status': [
    'Type the command from the lesson that reads the status, and compare what comes with the example, letter by letter. Does the command end by itself?',
    "One line for all: the pieces stand behind one another, with '; ' in between, and a newline at the end. Then the socket is closed. If the form is right and the numbers are not: which line counts up, which counts down, and which word is before which number?",
    '  3000 up open=2 total=17 failed=0; 3001 down open=0 total=9 failed=3',
  ],
  '8.2 one-refuses': [
    'The handshake with one upstream fails. Follow that client: which lines of yours run for it, and where does it end up?',
    'finishConnect notes the socket in refused, and loopRun calls handOn when the batch is over. There the attempt ends and the next one begins. The client is closed only if linkUpstream finds no other upstream.',
    '  refused -> handOn -> mark down, close the attempt -> linkUpstream',
  ],
  '8.2 one-hangs': [
    'A client has sent a hundred thousand bytes, and its upstream answers nothing. Where are these bytes, and where would they be if you had read them?',
    'Until an upstream has accepted the client, do not read from it: loopAttach with 0. Then the bytes are in the kernel, and the next upstream gets them all. closeOverdue calls handOn when a handshake takes too long.',
    '  // the client: watched for nothing, until finishConnect lets bytes through',
  ],
  '8.2 remembered': [
    'An upstream has failed a moment ago. A client comes, and it is the turn of that upstream. What tells you not to try it?',
    'retryAt does: a moment in the future. worthATry leaves out such an upstream, as long as another one is left.',
    '  // markDown writes retryAt, worthATry reads it',
  ],
  '8.2 comes-back': [
    'How does your proxy find out that an upstream is back, when it does not ask any upstream how it is?',
    'The next client whose turn it is tries it, once retryAt is over. If that works, the mark has to go, so that the upstream gets its share again, and not one client now and then. Is the moment in milliseconds, and does it ever come?',
    '  // retryAt in the future: passed over; in the past: tried; 0: up',
  ],
  '8.2 dies-at-work': [
    'An upstream dies in the middle of a connection. Could another one go on with it?',
    'It does not know the bytes so far. So the client of an established connection is told, with a reset, as in stage 6. Only clients that are not linked yet are handed on. And the clients of the other upstreams notice nothing.',
    '  // established: resetPair\n  // not yet: handOn',
  ],
  '8.2 all-dead': [
    'All upstreams have refused this client. What do you do with it? And with the next one, which comes a moment later?',
    'The first one is let go: each upstream is tried once, then closeClient. For the next one all are marked down, but that is what you knew a moment ago. Try them all the same: one of them may be back.',
    '  // none is up? then all that have not been tried',
  ],
  '8.2 status-down': [
    'Read the status while one upstream is missing, and again when it is back. Which two things have to change, and which functions change them?',
    'markDown counts the failure and sets retryAt, markUp takes the mark away when a connection stands again. The line says down as long as retryAt is not 0, even if its moment is over: it has not been tried yet.',
    '  // … down open=0 total=0 failed=1 … and later … up open=1 total=1 failed=1',
  ],
  '8.2 leftovers': [
    'Look into /proc/PID/fd after a few clients, while one upstream is missing. How many sockets there are unused?',
    'Each failed attempt has a socket of its own, which has to be closed, and so has the client that no upstream took.',
    '  // handOn: closeUpstream, always; closeClient, if no upstream is left',
  ],
  '8.2 drain': [
    'SIGTERM comes while clients are at work and upstreams are dead. Which clients does your proxy wait for?',
    'For every client in the route table, those who are being handed on included. All of that is given; it goes wrong when a row stays behind, or when something ends the program earlier.',
    '  // the table is empty, the listening socket closed: exit code 0',
  ],
};
