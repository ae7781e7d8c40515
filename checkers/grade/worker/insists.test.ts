/** Only a program that shows a sign of hard-coded ports is judged again, on these. */
import { describe, expect, it } from 'vitest';
import { STUB_EXIT_CODE } from '../../../stages/todo.ts';
import type { CheckResult, Evidence, TimelineEntry } from '../../contract/check.ts';
import { findMilestone } from '../../course/find.ts';
import type { MilestoneResult } from '../../run/run.ts';
import type { JudgedMilestone } from '../contract/order.ts';
import { mayInsist } from './fixed-ports.ts';

const accepted: TimelineEntry[] = [{ ms: 1, who: 'upstream 1', what: 'accepts' }];

function failure(change: Partial<Evidence>): CheckResult {
  const evidence = {
    ...{ failedAt: 1, symptom: 'wrong-bytes', did: [], expected: '', observed: '', lastLines: [], otherPorts: [] },
    ...{ ports: { proxy: 10_241, upstream: 10_242 }, timeline: accepted, trace: [] },
    ...change,
  } as Evidence;
  return { number: 1, id: 'a', title: '', status: 'fail', ms: 1, evidence };
}

function resultOf(id: string, ...results: CheckResult[]): MilestoneResult {
  const milestone = findMilestone(id);
  return { stage: { role: id === '1.1' ? 'server' : 'proxy' }, milestone, results } as unknown as MilestoneResult;
}

const passed = {
  id: '4.1',
  ms: 1,
  checks: [{ json: { status: 'pass' }, attempts: ['pass'] }],
} as unknown as JudgedMilestone;
const exit = { ms: 1, code: 1, signal: null };

describe('a program is judged again if', () => {
  it.each<[string, Partial<Evidence>]>([
    ['it listens on another port', { symptom: 'not-listening', otherPorts: [8080] }],
    ['it listens on a status port of its own', { otherPorts: [8081] }],
    ['its port was taken', { exit, lastLines: ['Error: listen EADDRINUSE: address already in use 127.0.0.1:8080'] }],
    ['it does not come to its upstream', { symptom: 'no-upstream-connection', timeline: [] }],
  ])('%s', (_name, evidence) => {
    expect(mayInsist(resultOf('4.1', failure(evidence)), [])).toBe(true);
  });
});

describe('a program is judged once if', () => {
  it('it passes', () => {
    const pass = { number: 1, id: 'a', title: '', status: 'pass', ms: 1 } as const;
    expect(mayInsist(resultOf('4.1', pass), [])).toBe(false);
  });

  it.each<[string, Partial<Evidence>]>([
    ['it came to its upstream', {}],
    ['it has a gap that is not written yet', { timeline: [], exit: { ...exit, code: STUB_EXIT_CODE } }],
    ['it does not compile', { timeline: [], symptom: 'unreadable' }],
    ['it had the ports already', { timeline: [], otherPorts: [9999], ports: { proxy: 8080, upstream: 3000 } }],
  ])('%s', (_name, evidence) => {
    expect(mayInsist(resultOf('4.1', failure(evidence)), [])).toBe(false);
  });

  it('it has passed a milestone on these ports', () => {
    expect(mayInsist(resultOf('4.2', failure({ timeline: [] })), [passed])).toBe(false);
  });

  it('it is a server, which has no upstream', () => {
    expect(mayInsist(resultOf('1.1', failure({ timeline: [] })), [])).toBe(false);
  });
});
