/** A program that reads one side only. */
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { told } from '../history.ts';

/** One side has sent bytes, and the program never called recv() on a socket to that side. */
export const neverRead: Rule = (facts) => {
  const { history, evidence } = facts;
  if (!shows(facts, 'missing-bytes', 'cut-short', 'crossed')) return undefined;
  for (const kind of ['client', 'upstream'] as const) {
    const sockets = history.lives.filter((life) => life.kind === kind);
    const spoke = evidence.timeline.some(({ who, what }) => what === 'sends' && who.startsWith(kind));
    // The trace also contains calls that have not returned yet.
    const read = evidence.trace.some(
      ({ call, fd }) => (call === 'recv' || call === 'splice') && sockets.some((life) => life.fd === fd),
    );
    const [first] = sockets;
    if (first === undefined || !first.partner || !spoke || read) continue;
    return {
      id: 'never-read',
      text: `bytes came from the ${kind}, and the program never called recv() on the socket that leads there (${first.fd})`,
      proof: [told(first.opened), `no recv(${first.fd}) followed`],
      call: first.opened,
      functions: [kind === 'client' ? 'handleClient' : 'handleUpstream'],
    };
  }
  return undefined;
};

export const phrases: Phrases = {
  'never-read': 'never receive[s] from one of the two sides',
};
