/** A cause for each symptom that a running program can show, as far as bytes on sockets tell. */
import type { Evidence, Role, Symptom } from '../check.ts';

type Rule = (evidence: Evidence) => string | undefined;

/** Only what the bytes on the sockets prove: a guess would send a learner the wrong way. */
const ofProxies: Partial<Record<Symptom, Rule>> = {
  'not-listening': notListening,
  'client-kept': () => 'there is no upstream, and the client was neither told nor closed',
  'client-not-closed': () => 'when the upstream closed, the proxy did not close the client that belongs to it',
  'too-many-upstream-connections': tooMany,
  'upstream-not-closed': () =>
    'when the client left, the proxy did not close the upstream connection that belongs to it',
  'wrong-bytes': wrongBytes,
  'extra-bytes': () => 'the proxy sent more bytes than it had been given',
  'sockets-left': () => 'connections that ended left descriptors open',
  busy: () => 'the program runs all the time although there is nothing to do',
  'reads-for-nobody': () => 'the proxy goes on reading from the upstream although its client is gone',
};

/** What holds for whatever serves, and for what asks. */
const ofOthers: Partial<Record<Symptom, Rule>> = {
  'not-listening': notListening,
  'client-not-accepted': () => 'the client stands in the queue of the listening socket: accept() was not called for it',
  'client-not-closed': () => 'the client has left, and the server did not close the socket that led to it',
  'extra-bytes': () => 'more bytes came than were due',
  'sockets-left': () => 'connections that ended left descriptors open',
  busy: () => 'the program runs all the time although there is nothing to do',
  'no-connection': () => 'the program did not connect to the port of the server, which is in the variable PORT',
  'no-last-words': () => 'the program ended without having said why',
};

/** One sentence; undefined where the symptom has too many possible causes. */
export function causeOfSymptom(evidence: Evidence, role: Role): string | undefined {
  return (role === 'proxy' ? ofProxies : ofOthers)[evidence.symptom]?.(evidence);
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
