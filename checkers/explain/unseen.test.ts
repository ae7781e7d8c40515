/** Explanations without a complete trace: nothing that may be false. */
import { describe, expect, it } from 'vitest';
import type { Evidence, TimelineEntry } from '../contract/check.ts';
import { parseStrace } from '../trace/strace.ts';
import type { Facts } from './cause.ts';
import { acceptingRules } from './causes/accepting.ts';
import { neverRead } from './causes/never-read.ts';
import { historyOf } from './history.ts';
import { causeOfSymptom } from './symptoms.ts';

function evidenceOf(evidence: Partial<Evidence>): Evidence {
  return {
    failedAt: 5000,
    symptom: 'missing-bytes',
    did: [],
    expected: '',
    observed: '',
    lastLines: [],
    otherPorts: [],
    ports: { proxy: 8080, upstream: 3000 },
    timeline: [],
    trace: [],
    ...evidence,
  };
}

function entry(who: string, what: TimelineEntry['what']): TimelineEntry {
  return { ms: 100, who, what };
}

function factsOf(evidence: Evidence): Facts {
  return { checkId: 'one-each', role: 'proxy', evidence, history: historyOf(evidence.trace) };
}

describe('a client in the backlog of the listening socket', () => {
  const queue = (timeline: TimelineEntry[]): (string | undefined)[] => {
    const evidence = evidenceOf({ symptom: 'too-few-upstream-connections', state: { queue: 1 }, timeline });
    return acceptingRules.map((rule) => rule(factsOf(evidence))?.id).filter((id) => id !== undefined);
  };

  it('was not accepted, where no client was', () => {
    expect(queue([entry('client 1', 'connects')])).toEqual(['never-accepts']);
  });

  it('comes after others, where a client was accepted', () => {
    expect(queue([entry('client 1', 'connects'), entry('upstream 1', 'accepts')])).toEqual([]);
  });
});

describe('a connection that is still open', () => {
  const cause = (...timeline: TimelineEntry[]): string =>
    causeOfSymptom(evidenceOf({ symptom: 'upstream-not-closed', timeline }), 'proxy') ?? 'not known';

  it('is blamed on the other side only if that one has closed', () => {
    expect(cause(entry('client 1', 'closes'))).toMatch(/when the client left/);
    expect(cause(entry('client 1', 'finishes'))).toMatch(/has finished/);
    expect(cause(entry('client 1', 'sends'))).toBe('not known');
  });
});

describe('a side that is never read', () => {
  const lines = [
    'socket(AF_INET, SOCK_STREAM, 0) = 3',
    'listen(3, 128) = 0',
    'accept(3, NULL, NULL) = 4',
    'socket(AF_INET, SOCK_STREAM, 0) = 5',
    'connect(5, {sa_family=AF_INET, sin_port=htons(3000), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
    'recvfrom(5,  <unfinished ...>',
  ];
  const cause = (text: string[], spoke: string): string | undefined => {
    const numbered = text.map((line, index) => `${index === 5 ? 8 : 7} ${index + 1}.0 ${line}`).join('\n');
    const trace = parseStrace(`7 0.5 clone(flags=CLONE_THREAD) = 8\n${numbered}`, (seconds) => seconds * 1000);
    return neverRead(factsOf(evidenceOf({ trace, timeline: [entry(spoke, 'sends')] })))?.id;
  };

  it('is reported if it has sent bytes', () => {
    expect(cause(lines, 'client 1')).toBe('never-read');
    expect(cause(lines, 'upstream 1')).toBeUndefined();
  });

  it('is told of a socket that is open, and on which bytes came', () => {
    const two = [
      ...lines.slice(0, 5),
      'close(4) = 0',
      'close(5) = 0',
      'accept(3, NULL, NULL) = 6',
      'socket(AF_INET, SOCK_STREAM, 0) = 7',
      'connect(7, {sa_family=AF_INET, sin_port=htons(3000), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
    ].join('\n');
    const text = two.split('\n').map((line, index) => `7 ${index + 1}.0 ${line}`);
    const trace = parseStrace(text.join('\n'), (seconds) => seconds * 1000);
    const told = (...senders: string[]): string | undefined =>
      neverRead(factsOf(evidenceOf({ trace, timeline: senders.map((who) => entry(who, 'sends')) })))?.text;
    expect(told('client 1', 'client 2')).toContain('(6)');
    // Which of the two has sent is not known, and the first one has left.
    expect(told('client 1')).toBeUndefined();
  });

  it('is not reported if a thread waits for it', () => {
    expect(cause([...lines, 'recvfrom(4,  <unfinished ...>'], 'client 1')).toBeUndefined();
  });
});
