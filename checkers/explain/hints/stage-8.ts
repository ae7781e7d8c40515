/** Hints for the TODOs of stage 8. */
import type { Hint } from '../../contract/hint.ts';

export const hints: Record<string, Hint> = {
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
