/** Wrong proxies in C and Python: one thread that blocks, poll() and select(), and sockets of other kinds. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../contract/check.ts';
import { findMilestone } from '../course/find.ts';
import { temporaryFolder } from '../fixtures.ts';
import { root } from '../root.ts';
import { runMilestone } from '../run/run.ts';
import { straceWorks } from '../trace/strace.ts';

const fixtures = join(root, 'checkers/explain/fixtures');
const folder = temporaryFolder();

const hasPython = spawnSync('python3', ['--version']).status === 0;
const hasCompiler = spawnSync('cc', ['--version']).status === 0;
const judged = straceWorks();

function compiled(file: string, ...defines: string[]): string {
  const binary = join(folder, ['program', file, ...defines].join('-'));
  const { status, stderr } = spawnSync('cc', ['-o', binary, ...defines, join(fixtures, file)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return binary;
}

async function explained(command: string, milestoneId: string, only: string): Promise<CheckResult['explanation']> {
  const milestone = findMilestone(milestoneId);
  if (milestone === undefined) throw new Error(`no milestone ${milestoneId}`);
  const candidate = { kind: 'command' as const, command, cwd: root };
  const { results } = await runMilestone({ milestone, candidate, seed: '1', only: [only] });
  expect(results[0]?.status).toBe('fail');
  return results[0]?.explanation;
}

const python = (file: string): string => `python3 ${join(fixtures, file)}`;

/** The causes need strace, and the programs need python3 and cc. */
describe.runIf(judged && hasPython)('a wrong proxy in Python', () => {
  it.each([
    [
      'one client after the other',
      python('pingpong.py'),
      '4.1',
      'one-each',
      'blocked-in-recv',
      /sits in recv\(\) on \d+, the client's/,
    ],
    [
      'one direction after the other',
      python('oneway.py'),
      '4.2',
      'round-trip',
      'blocked-in-recv',
      /sits in recv\(\) on \d+, the client's/,
    ],
    [
      'poll() without the upstream',
      python('halfpoll.py'),
      '4.2',
      'round-trip',
      'not-attached',
      /that poll\(\) watches/,
    ],
    [
      'select() without the upstream',
      `env VIA=select ${python('halfpoll.py')}`,
      '4.2',
      'round-trip',
      'not-attached',
      /that select\(\) watches/,
    ],
    [
      'a byte lost, beside metrics and logs',
      python('metrics.py'),
      '4.2',
      'round-trip',
      'sent-less-than-received',
      /only 28 of them/,
    ],
  ])('%s', { timeout: 60_000 }, async (_what, command, milestone, check, id, words) => {
    const explanation = await explained(command, milestone, check);
    expect(explanation?.causeId).toBe(id);
    expect(explanation?.cause).toMatch(words);
  });
});

describe.runIf(judged && hasCompiler)('a wrong proxy in C', () => {
  it.each([
    ['one client after the other', 'pingpong.c', [], '4.1', 'one-each', 'blocked-in-recv'],
    [
      'a byte lost, beside statistics',
      'polled.c',
      ['-DSTATS', '-DDROP'],
      '4.2',
      'round-trip',
      'sent-less-than-received',
    ],
    [
      'a byte lost, behind a resolver',
      'polled.c',
      ['-DNAME', '-DDROP'],
      '4.2',
      'round-trip',
      'sent-less-than-received',
    ],
    ['an echo, beside statistics', 'polled.c', ['-DSTATS', '-DSWAP'], '4.2', 'round-trip', 'sent-back'],
  ])('%s', { timeout: 60_000 }, async (_what, file, defines, milestone, check, id) => {
    const explanation = await explained(compiled(file, ...defines), milestone, check);
    expect(explanation?.causeId).toBe(id);
    expect(JSON.stringify(explanation)).not.toMatch(/epoll_wait|clients:1/);
  });
});
