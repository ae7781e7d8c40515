/** A program that listens to one side only. */
import { text } from '../../messages/index.ts';
import { type Rule, shows } from '../cause.ts';
import { told } from '../history.ts';

/** One side has spoken, and recv() was never called on any socket that leads there. */
export const neverRead: Rule = (facts) => {
  const { history, evidence } = facts;
  if (!shows(facts, 'missing-bytes', 'cut-short', 'crossed')) return undefined;
  for (const kind of ['client', 'upstream'] as const) {
    const sockets = history.lives.filter((life) => life.kind === kind);
    const spoke = evidence.timeline.some(({ who, what }) => what === 'sends' && who.startsWith(kind));
    // The trace has calls that are not over yet, too.
    const read = evidence.trace.some(
      ({ call, fd }) => (call === 'recv' || call === 'splice') && sockets.some((life) => life.fd === fd),
    );
    const [first] = sockets;
    if (first === undefined || !first.partner || !spoke || read) continue;
    return {
      id: 'never-read',
      text: text.causes.relaying.neverRead(kind, first.fd),
      proof: [told(first.opened), text.causes.relaying.noRecv(first.fd)],
      call: first.opened,
      functions: [kind === 'client' ? 'handleClient' : 'handleUpstream'],
    };
  }
  return undefined;
};
