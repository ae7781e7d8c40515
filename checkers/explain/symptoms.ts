/** A cause for each symptom of a running program, from the bytes on its sockets. */
import type { Evidence, Role, Symptom } from '../contract/check.ts';
import { text } from '../messages/index.ts';

type Rule = (evidence: Evidence) => string | undefined;

/** Only causes that the bytes on the sockets prove: a guess would mislead a learner. */
const ofProxies: Partial<Record<Symptom, Rule>> = {
  'not-listening': notListening,
  'client-kept': () => text.explain.thereNoUpstreamClient,
  'client-not-closed': (evidence) => notClosed(evidence, /^upstream/, text.explain.whenUpstreamClosedProxy),
  'too-many-upstream-connections': tooMany,
  'upstream-not-closed': (evidence) => notClosed(evidence, /^client/, text.explain.whenClientLeftProxy),
  'wrong-bytes': wrongBytes,
  'extra-bytes': () => text.explain.proxySentMoreBytes,
  'sockets-left': () => text.explain.connectionsEndedLeftDescriptors,
  busy: () => text.explain.programRunsAllTime,
  'takes-too-much': () => text.explain.proxyGoesReadingThough,
  'reads-for-nobody': () => text.explain.proxyGoesReadingFrom,
};

/** Rules for programs that serve and for programs that ask. */
const ofOthers: Partial<Record<Symptom, Rule>> = {
  'not-listening': notListening,
  'client-not-accepted': () => text.explain.clientStandsQueueListening,
  'client-not-closed': () => text.explain.clientLeftServerDid,
  'extra-bytes': () => text.explain.moreBytesCameThan,
  'sockets-left': () => text.explain.connectionsEndedLeftDescriptors,
  busy: () => text.explain.programRunsAllTime,
  'no-connection': () => text.explain.programDidNotConnect,
  'no-last-words': () => text.explain.programEndedWithoutHaving,
};

/** One sentence; undefined where the symptom has too many possible causes. */
export function causeOfSymptom(evidence: Evidence, role: Role): string | undefined {
  return (role === 'proxy' ? ofProxies : ofOthers)[evidence.symptom]?.(evidence);
}

function notListening({ otherPorts }: Evidence): string | undefined {
  if (otherPorts.length > 0) {
    return text.explain.programListensPortInstead(otherPorts.join(' and '));
  }
  return text.explain.programRunsButNot;
}

function tooMany({ timeline }: Evidence): string {
  const connected = timeline.findIndex((entry) => entry.what === 'connects');
  const accepted = timeline.findIndex((entry) => entry.what === 'accepts');
  if (accepted !== -1 && (connected === -1 || accepted < connected)) {
    return text.explain.proxyConnectsUpstreamBefore;
  }
  return text.explain.proxyOpensMoreThan;
}

/** A side had to be closed: because the other one had closed, or because of a timeout. */
function notClosed({ timeline }: Evidence, other: RegExp, left: string): string | undefined {
  const ended = timeline.filter(({ who }) => other.test(who));
  if (ended.some(({ what }) => what === 'closes' || what === 'resets')) return left;
  return ended.some(({ what }) => what === 'finishes') ? text.explain.otherSideNotTold : undefined;
}

/** UTF-8's replacement character, which a string makes of an invalid byte above 7f. */
const REPLACEMENT = Buffer.from([0xef, 0xbf, 0xbd]);

function wrongBytes({ difference }: Evidence): string | undefined {
  if (difference === undefined) return undefined;
  const { observed, expected, offset, from } = difference;
  const [came, due] = [observed.subarray(offset - from), expected.subarray(offset - from)];
  if (came.indexOf(REPLACEMENT) === 0) return text.explain.bytesWereTurnedInto;
  if (came.length > 0 && came.every((byte) => byte === 0)) return text.explain.partBufferSentRecv;
  if (due.length > 4 && came.indexOf(due.subarray(1, 5)) === 0) return text.explain.oneByteMissingHere;
  return undefined;
}
