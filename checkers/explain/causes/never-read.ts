/** A program that reads one side only. */

import { EPOLLIN } from '../../../linux/constants.ts';
import type { Life } from '../call.ts';
import { type Facts, type Phrases, type Rule, shows } from '../cause.ts';
import { told } from '../history.ts';

/** One side has sent bytes, and the program never called recv() on a socket to that side. */
export const neverRead: Rule = (facts) => {
  const { history, evidence } = facts;
  if (!shows(facts, 'missing-bytes', 'cut-short', 'crossed')) return undefined;
  for (const kind of ['client', 'upstream'] as const) {
    const sockets = history.lives.filter((life) => life.kind === kind);
    // The trace also contains calls that have not returned yet.
    const read = evidence.trace.some(
      ({ call, fd }) => (call === 'recv' || call === 'splice') && sockets.some((life) => life.fd === fd),
    );
    const silent = read ? undefined : sockets.find((life) => life.partner && !life.closed && hasSent(life, facts));
    if (silent === undefined) continue;
    return {
      id: 'never-read',
      text: `bytes came from the ${kind}, and the program never called recv() on the socket that leads there (${silent.fd})`,
      proof: [told(silent.opened), `no recv(${silent.fd}) followed`],
      call: silent.opened,
      functions: [kind === 'client' ? 'handleClient' : 'handleUpstream'],
    };
  }
  return undefined;
};

/** Whether bytes came on this very socket: all peers of its kind have sent some, or epoll reported it and none has ended. */
function hasSent({ fd, kind, opened }: Life, { history, evidence }: Facts): boolean {
  const peers = (...done: string[]): number => {
    const names = evidence.timeline.flatMap(({ who, what }) =>
      who.startsWith(kind) && done.includes(what) ? [who] : [],
    );
    return new Set(names).size;
  };
  if (peers('sends') >= history.lives.filter((life) => life.kind === kind).length) return true;
  // The end of a stream is an EPOLLIN, too.
  if (peers('sends') === 0 || peers('finishes', 'closes', 'resets') > 0) return false;
  return history.calls.some(
    ({ events, index }) =>
      index > opened.index && events?.some((event) => event.fd === fd && (event.events & EPOLLIN) !== 0),
  );
}

export const phrases: Phrases = {
  'never-read': 'never receive[s] from one of the two sides',
};
