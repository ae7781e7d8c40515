/** For a program that an error ended, a report points to the learner's own function, at the time of the exit. */
import { expect, it } from 'vitest';
import type { Evidence } from '../contract/check.ts';
import type { TraceRecord } from '../contract/trace-record.ts';
import { course } from '../course/course.ts';
import { explain } from './explain.ts';

function record(call: string, fd: number, ms: number, fn: string): TraceRecord {
  return { at: ms, ms, pid: 1, call, fd, args: {}, result: 3, file: 'proxy.ts', line: 1, fn };
}

function evidenceOf(lastLines: string[]): Evidence {
  return {
    failedAt: 900,
    symptom: 'stopped',
    did: [],
    expected: '',
    observed: '',
    exit: { code: 1, signal: null, ms: 800 },
    lastLines,
    otherPorts: [],
    ports: { proxy: 8080, upstream: 3000 },
    timeline: [
      { ms: 100, who: 'client 1', what: 'connects' },
      { ms: 500, who: 'client 1', what: 'sends' },
      { ms: 800, who: 'program', what: 'exits' },
    ],
    trace: [record('accept', 3, 110, 'acceptConnection'), record('epoll_wait', 4, 120, 'loopRun')],
  };
}

const FILE = 'stages/stage-4-tcp-proxy/proxy.ts';

it.each([
  ['a function with a TODO', ['at handleClient'], 'handleClient', '4.2.6'],
  ['a helper that such a function calls', ['at myHelper', 'at handleUpstream'], 'handleUpstream', '4.2.7'],
  ['a call of linux that such a function makes', ['at recv', 'at findMatchingConn'], 'findMatchingConn', '4.2.4'],
])('an error in %s', (_, frames, name, todo) => {
  const stage = course.find(({ number }) => number === 4);
  const check = stage?.milestones[1]?.checks[0];
  if (stage === undefined || check === undefined) throw new Error('the course has no such check');
  const stack = frames.map((frame, index) => `    ${frame} (${FILE}:${180 + index}:3)`);
  const words = ['ReferenceError: nope is not defined', ...stack, `    at loopRun (${FILE}:100:9)`];
  const explanation = explain(check, evidenceOf(words), stage, true);
  const section = stage.sections?.[name] ?? name.toLowerCase();
  expect(explanation).toMatchObject({ causeId: 'uncaught-error', todo, doc: `${stage.doc}#${section}` });
  expect(explanation.next).toContain(`${FILE}:180`);
  // Not at the last system call, which began much earlier.
  expect(explanation.wrongAt).toBeUndefined();
});
