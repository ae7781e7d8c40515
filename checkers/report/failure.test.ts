/** The report of a failed check, and of a flaky one. */
import { describe, expect, it } from 'vitest';
import type { CheckResult, Evidence, TimelineEntry } from '../contract/check.ts';
import { course, programPath, stageOf } from '../course/course.ts';
import type { Candidate } from '../run/candidate.ts';
import type { MilestoneResult } from '../run/run.ts';
import { terminalReport } from './terminal.ts';

const milestone = course.find(({ number }) => number === 4)?.milestones[1];
const check = milestone?.checks[0];
if (milestone === undefined || check === undefined) throw new Error('the course is empty');
const stage = stageOf(milestone);

const talk: TimelineEntry[] = [
  { ms: 0, who: 'program', what: 'starts' },
  { ms: 90.4, who: 'program', what: 'listens' },
  { ms: 91, who: 'client 1', what: 'connects' },
  { ms: 92, who: 'upstream 1', what: 'accepts' },
  { ms: 93, who: 'client 1', what: 'sends', bytes: 36 },
];
const answered: TimelineEntry[] = [...talk, { ms: 94, who: 'upstream 1', what: 'receives', bytes: 36 }];

const evidence: Evidence = {
  failedAt: 5100,
  symptom: 'missing-bytes',
  did: ['connected a client'],
  expected: 'upstream 1 receives 36 bytes',
  observed: 'none of them came, then nothing for 5 s',
  lastLines: [],
  otherPorts: [],
  ports: { proxy: 1, upstream: 2 },
  // The check had failed by then, and the checker killed the program.
  timeline: [...talk, { ms: 5200, who: 'client 1', what: 'fin' }],
  trace: [],
};
const explanation = { next: 'look again', doc: 'docs/lesson.md#handleclient' };

const learners: Candidate = { kind: 'file', path: programPath(stage, 'stages'), whose: 'learner' };

function report(result: Partial<CheckResult>, columns = 80, candidate: Candidate = learners): string[] {
  const whole: MilestoneResult = {
    stage,
    milestone: milestone as MilestoneResult['milestone'],
    candidate,
    seed: '7f3a',
    results: [{ number: 1, id: 'round-trip', title: 'It works', status: 'fail', ms: 9, ...result }],
    ms: 9,
    notes: [],
  };
  return terminalReport(whole, columns);
}

describe('a failed check', () => {
  it('has a diagram, with the mark at the last event before the failure', () => {
    const lines = report({ evidence, explanation });
    const picture = lines.slice(
      lines.findIndex((line) => line.startsWith('  Picture')),
      lines.findIndex((line) => line.startsWith('  Cause')),
    );
    expect(picture).toEqual([
      '  Picture     as seen from outside, times in ms',
      '       ms client                    your proxy                   upstream',
      '        0    │                        starts                         │',
      '       90    │                        listens                        │',
      '       91    │── connects ──────────────>│                           │',
      '       92    │                           │                   accepts │',
      '       93    │── sends 36 bytes ────────>│                           │ <-- here',
      '                                         none of them came, then nothing for 5 s',
    ]);
  });

  it('shows the exit of a program that ended by itself', () => {
    const exit = { ms: 5200, code: 1, signal: null };
    expect(report({ evidence: { ...evidence, exit }, explanation }).join()).toMatch(/5,200 .*FIN/);
  });

  it('names the error and the own line of a program whose thread died, even with much output', () => {
    const frames = Array.from({ length: 100 }, () => '  File "/usr/lib/python3.11/threading.py", line 1, in run');
    const lastLines = [
      'Exception in thread Thread-1 (serve):',
      'Traceback (most recent call last):',
      '  File "/home/ada/proxy.py", line 11, in serve',
      ...frames,
      'ConnectionRefusedError: [Errno 111] Connection refused',
      ...frames.map(() => 'a log'),
    ];
    const lines = report({ evidence: { ...evidence, lastLines }, explanation });
    const at = lines.findIndex((line) => line.startsWith('  It printed'));
    expect(lines.slice(at, at + 2)).toEqual([
      '  It printed  ConnectionRefusedError: [Errno 111] Connection refused',
      '                at /home/ada/proxy.py:11',
    ]);
  });

  it("has the mark at the explanation's event, and the proof below the cause", () => {
    const proof = ['recv() returned 36 (proxy.ts:9)', 'nothing was sent'];
    const lines = report({ evidence, explanation: { ...explanation, cause: 'it is lost', proof, wrongAt: 3 } });
    expect(lines.find((line) => line.endsWith('<-- here'))).toContain('accepts');
    const cause = lines.indexOf('  Cause       it is lost');
    expect(lines.slice(cause + 1, cause + 3)).toEqual([`  Proof       ${proof[0]}`, `              ${proof[1]}`]);
  });

  it('has no diagram if only the program had events, or if there is no room for one', () => {
    const alone = { ...evidence, timeline: evidence.timeline.filter(({ who }) => who === 'program') };
    expect(report({ evidence: alone, explanation }).join()).not.toContain('Picture');
    expect(report({ evidence, explanation }, 59).join()).not.toContain('Picture');
  });

  it.each([
    [40, 4],
    [60, 8],
    [80, 8],
    [120, 16],
    [200, 16],
  ])('shows bytes in rows that fit: at %d columns %d in a row', (columns, count) => {
    const due = Buffer.from('0123456789abcdef');
    const came = Buffer.from('0123X56789abcde');
    const difference = { offset: 1_234_571, from: 1_234_567, expected: due, observed: came };
    const lines = report({ evidence: { ...evidence, difference }, explanation }, columns);
    expect(lines.filter((line) => line.length > columns && !/^ {2}(Read|[✗✓])/.test(line))).toEqual([]);
    const rows = (name: string): string[] =>
      lines.filter((line) => line.startsWith(`${' '.repeat(14)}${name}`)).map((line) => line.slice(20));
    const pairs = (row: string): string => row.slice(0, count * 3 - 1).trim();
    expect(rows('due').map(pairs).join(' ')).toBe(due.toString('hex').replace(/..(?!$)/g, '$& '));
    expect(rows('came').map(pairs).join(' ')).toBe(came.toString('hex').replace(/..(?!$)/g, '$& '));
    expect(
      rows('due')
        .map((row) => row.slice(count * 3 + 1))
        .join(''),
    ).toBe(due.toString());
    const mark = lines.findIndex((line) => line.includes('^^'));
    const column = lines[mark]?.indexOf('^^') ?? 0;
    expect([lines[mark - 2], lines[mark - 1]].map((line) => line?.slice(column, column + 2))).toEqual(['34', '58']);
  });

  it('marks an extra byte, and the last byte of a row', () => {
    const difference = { offset: 7, from: 3, expected: Buffer.from('abcd'), observed: Buffer.from('abcdE') };
    const lines = report({ evidence: { ...evidence, difference }, explanation }, 40);
    expect(lines.filter((line) => /^ {14}(due|came|\s+\^\^)/.test(line)).map((line) => line.trim())).toEqual([
      'due   61 62 63 64  abcd',
      'came  61 62 63 64  abcd',
      'came  45           E',
      '^^ the first',
    ]);
  });

  it.each([40, 60, 80, 120, 200])('never breaks a command or a place in the file at %d columns', (columns) => {
    const place = 'proxy.ts:57';
    const told = {
      ...explanation,
      cause: `recv() at ${place} and send() at ${place} were mixed up`,
      next: `look at ${place}`,
    };
    const lines = report({ evidence, explanation: told }, columns);
    expect(lines.filter((line) => line.endsWith('npm run milestone 4.2 only 1 seed 7f3a'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('npm run hint'))).toHaveLength(1);
    expect(lines.join('\n').split(place)).toHaveLength(4);
    expect(lines.filter((line) => line.includes('npm run') && line.length > columns)).toEqual([]);
  });

  it.each([40, 60, 80])('never breaks a place in the last output, at %d columns', (columns) => {
    const place = 'stages/stage-4-tcp-proxy/proxy.ts:145';
    const lastWords = [`Not written yet: TODO 4.1.1 in createServer (${place})`, '    at run', 'x'.repeat(70_000)];
    const lines = report({ evidence: { ...evidence, lastLines: lastWords }, explanation }, columns);
    expect(lines.filter((line) => line.includes(place))).toHaveLength(1);
    expect(lines).toContain(`${' '.repeat(14)}    at run`);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });

  it('shows three lines, at most, of each line that a program printed', () => {
    const evidenceOf = (line: string): Evidence => ({ ...evidence, lastLines: [line] });
    const lines = report({ evidence: evidenceOf('word '.repeat(100)), explanation }, 80);
    const words = lines.filter((line) => line.includes('word word'));
    expect(words).toHaveLength(3);
    expect(words[2]).toMatch(/…$/);
  });

  it('writes the command to run it again in one line, for every program', () => {
    const command = "node -e 'serve on a port' please";
    const whole = { evidence, explanation };
    const lines = report(whole, 60, { kind: 'command', command, cwd: '/' });
    expect(lines.filter((line) => line.includes(`-- --command "${command}"`))).toHaveLength(1);
  });

  it('never has a line that is longer than the terminal is wide', () => {
    for (const columns of [60, 70, 80, 120]) {
      expect(report({ evidence, explanation }, columns).filter((line) => line.length > columns)).toEqual([]);
    }
  });
});

describe('a check that is flaky', () => {
  const recording = { timeline: answered, trace: [] };
  const lines = report({ status: 'flaky', evidence, explanation, recording });

  it('says so in the list, in its heading and in the summary', () => {
    expect(lines).toContain('        flaky: it failed, then passed');
    expect(lines).toContain('Check 1 is flaky: round-trip');
    expect(lines.at(-1)).toContain('0 of 1 checks passed, 1 flaky in');
  });

  it('shows both times, the mark only where it failed, and no cause', () => {
    expect(lines).toContain('  Picture     the first time, when it failed');
    expect(lines).toContain('  Picture     the second time, when it passed; then the checker ended it');
    expect(lines.filter((line) => line.endsWith('<-- here'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('gets 36 bytes'))).toHaveLength(1);
    expect(lines.join()).not.toContain('Cause');
    expect(lines).toContain('  Again       npm run milestone 4.2 only 1 seed 7f3a');
  });
});
