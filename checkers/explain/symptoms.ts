/** A cause for each symptom of a running program, from the bytes on its sockets. */
import type { Evidence, Role, Symptom } from '../contract/check.ts';

type Rule = (evidence: Evidence) => string | undefined;

/** Only causes that the bytes on the sockets prove: a guess would mislead a learner. */
const ofProxies: Partial<Record<Symptom, Rule>> = {
  'not-listening': notListening,
  'client-kept': () => 'no upstream took the client, and the client was not closed',
  'client-not-closed': (evidence) =>
    notClosed(evidence, /^upstream/, 'when the upstream closed, the proxy did not close the client that belongs to it'),
  'too-many-upstream-connections': tooMany,
  'upstream-not-closed': (evidence) =>
    notClosed(
      evidence,
      /^client/,
      'when the client left, the proxy did not close the upstream connection that belongs to it',
    ),
  'wrong-bytes': wrongBytes,
  'extra-bytes': () => 'the proxy sent more bytes than it had been given',
  'sockets-left': () => 'connections that ended left descriptors open',
  busy: () => 'the program is busy all the time although there is nothing to do',
  'takes-too-much': () =>
    'the proxy goes on reading although the other side takes nothing: the bytes pile up in its memory',
};

/** Rules for programs that serve and for programs that ask. */
const ofOthers: Partial<Record<Symptom, Rule>> = {
  'not-listening': notListening,
  'client-not-accepted': () => 'the client waits in the queue of the listening socket: accept() was not called for it',
  'client-not-closed': () => 'the client has left, and the server did not close the socket that led to it',
  'extra-bytes': () => 'more bytes came than expected',
  'sockets-left': () => 'connections that ended left descriptors open',
  busy: () => 'the program is busy all the time although there is nothing to do',
  'no-connection': () => 'the program did not connect to the port of the server, which is in the variable PORT',
  'no-last-words': () => 'the program ended without an error message',
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
    return 'the proxy connects to the upstream before a client has connected';
  }
  return 'the proxy opens more than one upstream connection for a client';
}

/** A side had to be closed: because the other one had closed, or because of a timeout. */
function notClosed({ timeline }: Evidence, other: RegExp, left: string): string | undefined {
  const ended = timeline.filter(({ who }) => other.test(who));
  if (ended.some(({ what }) => what === 'closes' || what === 'resets')) return left;
  return ended.some(({ what }) => what === 'finishes')
    ? 'one side has finished sending, and the proxy did not tell the other one'
    : undefined;
}

/** UTF-8's replacement character, which a string makes of an invalid byte above 7f. */
const REPLACEMENT = Buffer.from([0xef, 0xbf, 0xbd]);

function wrongBytes({ difference }: Evidence): string | undefined {
  if (difference === undefined) return undefined;
  const { observed, expected, offset, from } = difference;
  const [came, due] = [observed.subarray(offset - from), expected.subarray(offset - from)];
  if (came.indexOf(REPLACEMENT) === 0)
    return 'bytes were turned into a string and back: ef bf bd stands for what is not UTF-8';
  if (came.length > 0 && came.every((byte) => byte === 0))
    return 'the program sent a part of the buffer that recv() had not filled';
  if (due.length > 4 && came.indexOf(due.subarray(1, 5)) === 0)
    return 'one byte is missing here, and what follows is right';
  return undefined;
}
