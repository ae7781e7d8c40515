/** A cause for each symptom that a running proxy can show, as far as bytes on sockets tell. */
import type { Evidence, Symptom } from '../check.ts';

type Rule = (evidence: Evidence) => string | undefined;

const rules: Record<Symptom, Rule> = {
  stopped: () => undefined,
  unreadable: () => 'the file has a mistake that keeps it from being started',
  'not-listening': notListening,
  'client-refused': () => 'nothing takes connections on that port any more: was the listening socket closed?',
  'client-dropped': () => 'the proxy ended a connection although both ends wanted to stay',
  'client-kept': () => 'connect() to the upstream failed, and the client was neither told nor closed',
  'client-not-closed': () => 'when the upstream closed, the proxy did not close the client that belongs to it',
  'no-upstream-connection': () => 'the proxy took no client from its queue, or did not connect to UPSTREAM_PORT for it',
  'too-few-upstream-connections': () => 'some clients were not accepted, or several share one upstream connection',
  'too-many-upstream-connections': tooMany,
  'upstream-not-closed': () => 'when the client left, the proxy did not close the upstream socket that belongs to it',
  'wrong-bytes': wrongBytes,
  'extra-bytes': () => 'more was sent than was received: recv() says how many bytes of the buffer are new',
  'missing-bytes': () => undefined,
  'cut-short': () => 'the connection was closed before everything that was received had been sent on',
  crossed: () => 'the look-up in the route table finds the wrong row',
  'wrong-connection': () => 'a row of a pair that is gone is still in the route table, and is found first',
  'sockets-left': () => 'each connection that ended left a descriptor open',
  busy: () =>
    'epoll_wait returns at once, again and again, for something that is never dealt with: often a socket at its end that is not closed',
  'reads-for-nobody': () => 'the proxy goes on reading from the upstream although its client is gone',
};

/** One sentence; undefined where the symptom has too many possible causes. */
export function causeOfSymptom(evidence: Evidence): string | undefined {
  return rules[evidence.symptom](evidence);
}

function notListening({ otherPorts }: Evidence): string | undefined {
  if (otherPorts.length > 0) {
    return `the program listens on port ${otherPorts.join(' and ')} instead: the port to use is in the variable PORT`;
  }
  return 'the program runs, but has not called listen() on a socket bound to that port';
}

function tooMany({ timeline }: Evidence): string {
  const connected = timeline.findIndex((entry) => entry.what === 'connects');
  const accepted = timeline.findIndex((entry) => entry.what === 'accepts');
  if (accepted !== -1 && (connected === -1 || accepted < connected)) {
    return 'the proxy connects to the upstream before there is a client to connect it for';
  }
  return 'the proxy opens more than one upstream connection for a client';
}

/** UTF-8's sign for "this was no text": what a byte above 7f turns into on its way through a string. */
const REPLACEMENT = Buffer.from([0xef, 0xbf, 0xbd]);

function wrongBytes({ difference }: Evidence): string | undefined {
  if (difference === undefined) return undefined;
  const { observed, expected, offset, from } = difference;
  const [came, due] = [observed.subarray(offset - from), expected.subarray(offset - from)];
  if (came.indexOf(REPLACEMENT) === 0)
    return 'bytes were turned into a string and back: ef bf bd stands for what is no text';
  if (came.length > 0 && came.every((byte) => byte === 0))
    return 'part of the buffer was sent that recv() had not filled';
  if (due.length > 4 && came.indexOf(due.subarray(1, 5)) === 0)
    return 'one byte is missing here, and what follows is right';
  return undefined;
}
