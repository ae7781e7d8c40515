import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { TraceRecord } from '../../contract/trace-record.ts';
import { findStage, type Stage } from '../../course/course.ts';
import { solutionOf } from '../../course/skeleton.ts';
import { namespaceArguments } from '../../run/namespace.ts';
import { questionsOn } from './questions.ts';
import { record } from './record.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-questions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function call(name: string, more: Partial<TraceRecord>): TraceRecord {
  return { at: 0, ms: 0, pid: 2, took: 1, call: name, fd: 7, args: {}, ...more };
}

const files = [{ name: 'proxy.ts', text: 'one\nconst sent = send(fd, buffer, 65536);\nthree' }];

it('asks about what happened to this program, the telling things first', () => {
  const trace = [
    call('listen', { line: 1, args: { backlog: 10 } }),
    call('send', { line: 2, args: { length: 65_536 }, result: 2968 }),
    call('recv', { line: 3, args: { length: 65_536 }, result: 0 }),
    call('send', { line: 3, args: { length: 62_568 }, result: 62_568 }),
  ];
  const [first, second, third, ...more] = questionsOn({ files, traces: [{ check: 'Bytes pass', trace }] });
  expect(first).toMatchObject({
    question: 'Your send() at line 2 took 2,968 of 65,536 bytes: what happens to the rest?',
    answer: expect.stringContaining('the next send() on that descriptor is at line 3, with 62,568 bytes.'),
    where: 'in the check “Bytes pass”: const sent = send(fd, buffer, 65536);',
  });
  expect([second?.topic, third?.topic, more]).toEqual(['end of stream', 'backlog', []]);
});

it('says nothing of calls that are under way, and asks nothing twice', () => {
  const trace = [
    call('send', { line: 2, args: { length: 9 }, result: 4, took: undefined }),
    call('recv', { line: 3, args: { length: 9 }, result: 0 }),
    call('read', { line: 1, args: { length: 9 }, result: 0 }),
  ];
  const topics = questionsOn({ files: [], traces: [{ check: 'a', trace }] }).map(({ topic }) => topic);
  expect(topics).toEqual(['end of stream']);
});

it('asks about the code where there is no trace', () => {
  const text = 'import socket, select\n# recv( here\ns.accept()\nx = a.recv(10)\nb.sendall(x)\n';
  const asked = questionsOn({ files: [{ name: 'proxy.py', text }], traces: [] });
  expect(asked.map(({ question }) => question.slice(0, 17))).toEqual([
    'proxy.py, line 5:',
    'proxy.py, line 4:',
    'proxy.py, line 3:',
  ]);
  expect(questionsOn({ files: [], traces: [] })).toEqual([]);
});

it('three questions with answers about our solution, by what it did', { timeout: 200_000 }, async () => {
  const stage = findStage(1) as Stage;
  const path = join(folder, 'ada');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, stage.file), solutionOf(stage));
  const submission = { student: { id: 'ada', name: '' }, path, kind: 'folder' as const, submittedAt: null };
  const recorded = await record(submission, stage, { classSeed: 's', isolation: 'process-group' });
  // With its port written into it, as grading takes it, too.
  const insisting = solutionOf(stage).replace('process.env.PORT ?? ', '');
  expect(insisting).not.toBe(solutionOf(stage));
  writeFileSync(join(path, stage.file), insisting);
  const other =
    namespaceArguments().length === 0
      ? recorded
      : await record(submission, stage, { classSeed: 's', isolation: 'process-group' });
  const calls = (all: typeof recorded) =>
    all.traces.map(({ check, trace }) => [
      check,
      trace.some(({ call, result }) => call === 'accept' && Number(result) >= 0),
    ]);
  expect(calls(recorded).some(([, accepts]) => accepts)).toBe(true);
  expect(calls(other)).toEqual(calls(recorded));
  const lines = solutionOf(stage).split('\n');
  const asked = questionsOn(recorded);
  expect(new Set(asked.map(({ topic }) => topic)).size).toBe(3);
  for (const { question, answer } of asked) {
    const [, name = '', line] = /^(?:Your|At line) ?(?:(\w+)\(\) at line )?(\d+)/.exec(question) ?? [];
    expect(lines[Number(line) - 1]).toContain(name);
    expect(answer.length).toBeGreaterThan(40);
  }
});
