/** What is worth a look in a program that has passed: told where its own trace proves it, and never of a right one. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../contract/trace-record.ts';
import { course, programPath } from '../course/course.ts';
import { findMilestone } from '../course/find.ts';
import { judgeSource } from '../mutants/mutant.ts';
import * as parts from '../mutants/parts.ts';
import type { MilestoneResult } from '../run/run.ts';
import { worthALook } from './look.ts';

const proxy = course.find(({ number }) => number === 4);
if (proxy === undefined) throw new Error('the course has no stage 4');
const solution = readFileSync(programPath(proxy, 'solutions'), 'utf8');
const timeout = 120_000;

/** The solution of stage 4 with pieces replaced, judged as a learner's. */
function judge(edits: [string, string][]): Promise<MilestoneResult> {
  let source = solution;
  for (const [piece, replacement] of edits) {
    if (!source.includes(piece)) throw new Error(`not in the solution: ${piece}`);
    source = source.replace(piece, () => replacement);
  }
  const milestone = findMilestone('4.2');
  if (milestone === undefined) throw new Error('the course has no milestone 4.2');
  return judgeSource(milestone, 'look', source, { seed: '7f3a', look: true });
}

const ALL_ROWS: [string, string] = [parts.FORGET_ROW, ''];
const NEWEST_ROW: [string, string][] = [
  [parts.FIND_UPSTREAM, parts.FIND_UPSTREAM.replace('of routeTable', 'of routeTable.toReversed()')],
  [parts.FIND_CLIENT, parts.FIND_CLIENT.replace('of routeTable', 'of routeTable.toReversed()')],
];
const NO_LIMIT: [string, string] = [parts.LINK, '  const upstreamSockFd = connectUpstream();\n'];
const SEND_IGNORED: [string, string][] = [
  [
    parts.FROM_CLIENT,
    parts.FROM_CLIENT.replace(
      'if (readN <= 0 || !sendAll(upstreamSockFd, readN))',
      'if (readN > 0) sendAll(upstreamSockFd, readN);\n  else',
    ),
  ],
  [
    parts.FROM_UPSTREAM,
    parts.FROM_UPSTREAM.replace(
      'if (readN <= 0 || !sendAll(connSockFd, readN))',
      'if (readN > 0) sendAll(connSockFd, readN);\n  else',
    ),
  ],
];

describe('a program that passes', () => {
  it.each([
    ['keeps all rows, and has no limit', [ALL_ROWS, ...NEWEST_ROW, NO_LIMIT], [/rows of ended pairs/, /MAX_SOCKS/]],
    ['does not look at what sendAll returns', SEND_IGNORED, [/send\(\d+\) failed with (EPIPE|ECONNRESET)/]],
    ['has another limit, of its own', [NO_LIMIT], [/MAX_SOCKS/]],
  ] as [string, [string, string][], RegExp[]][])('%s', { timeout, retry: 1 }, async (_, edits, expected) => {
    const { results, look = [] } = await judge(edits);
    expect(results.filter(({ status }) => status !== 'pass').map(({ id }) => id)).toEqual([]);
    expect(look.length).toBe(expected.length);
    for (const [index, line] of expected.entries()) expect(look[index]).toMatch(line);
  });

  it('is right: nothing to tell', { timeout, retry: 1 }, async () => {
    const { results, look } = await judge([]);
    expect(results.every(({ status }) => status === 'pass')).toBe(true);
    expect(look).toBeUndefined();
  });
});

function record(call: string, fd: number, result: number, more: Partial<TraceRecord> = {}): TraceRecord {
  return { at: 1, ms: 1, pid: 1, call, fd, args: {}, result, ...more };
}

describe('a trace', () => {
  const failed = record('accept', 3, -1, { errno: 'EMFILE' });

  it.each(['epoll_ctl', 'recv', 'close'])('in which the -1 of accept goes to %s', (call) => {
    const lines = worthALook([failed, record(call, -1, -1, { errno: 'EBADF' })], '');
    expect(lines).toEqual([expect.stringContaining(`accept() failed with EMFILE, and its -1 went to ${call}()`)]);
  });

  it('in which the -1 of accept goes nowhere', () => {
    expect(worthALook([failed, record('epoll_wait', 4, 0)], '')).toEqual([]);
  });

  it('that makes no sense', () => {
    expect(worthALook([record('send', 5, -1, { errno: 'EPIPE' }), record('epoll_wait', 4, 1)], 'MAX_SOCKS')).toEqual(
      [],
    );
  });
});
