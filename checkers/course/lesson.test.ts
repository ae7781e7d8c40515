/** Compares the lessons with the workshop. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STUB_EXIT_CODE } from '../../stages/todo.ts';
import type { Evidence } from '../contract/check.ts';
import { terminalReport } from '../report/terminal.ts';
import { root } from '../root.ts';
import type { MilestoneResult } from '../run/run.ts';
import { course, programPath, type Stage } from './course.ts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The first cells of a table row: '| 3 | All of it | … |' gives ['3', 'All of it']. */
function rowsOf(lesson: string): string[] {
  return [...lesson.matchAll(/^\| (\d+) +\| (.+?) +\|/gm)].map((match) => `${match[1]} ${match[2]}`);
}

/** The labels of a failed check, in order. */
function labelsOf(report: string): string[] {
  return [...report.matchAll(/^ {2}([A-Z][a-z]+(?: [a-z]+)?) {2,}\S/gm)].map((match) => match[1] ?? '');
}

/** The report of a first check that met this stub. */
function reportOfStub(stage: Stage, lastLine: string): string {
  const milestone = stage.milestones[0];
  const check = milestone?.checks[0];
  if (milestone === undefined || check === undefined) throw new Error(`stage ${stage.number} has no check`);
  const evidence = {
    symptom: 'stopped',
    did: ['started it'],
    expected: 'a socket that listens',
    observed: 'the program stopped',
    exit: { ms: 1, code: STUB_EXIT_CODE, signal: null },
    lastLines: [lastLine],
    otherPorts: [],
    ports: { proxy: 1, upstream: 2 },
    timeline: [],
    trace: [],
  } as unknown as Evidence;
  const explanation = { cause: 'it is a stub', todo: check.todos[0], next: 'write it', doc: stage.doc };
  const failed = { number: 1, id: check.id, title: check.title, status: 'fail' as const, ms: 1, evidence, explanation };
  const candidate = { kind: 'file' as const, path: programPath(stage, 'stages'), whose: 'learner' as const };
  const result: MilestoneResult = { stage, milestone, candidate, seed: '7f3a', results: [failed], ms: 1, notes: [] };
  return terminalReport(result, 80).join('\n');
}

describe.each(course)('the lesson of stage $number', (stage) => {
  const lesson = readFileSync(join(root, stage.doc), 'utf8');
  const skeleton = readFileSync(programPath(stage, 'stages'), 'utf8').split('\n');

  it('lists the checks of each milestone as the report does', () => {
    const checks = stage.milestones.flatMap((milestone) =>
      milestone.checks.map((check, index) => `${index + 1} ${check.title}`),
    );
    expect(rowsOf(lesson)).toEqual(checks);
  });

  it('has a paragraph for every TODO', () => {
    const numbers = skeleton.flatMap((line) => /\btodo\('(.+)'\)/.exec(line)?.[1] ?? []);
    const named = [...lesson.matchAll(/^\*\*TODO (.+?)\.\*\*/gm)].flatMap((match) => match[1]?.split(' and ') ?? []);
    expect(named).toEqual(numbers);
  });

  it.runIf(lesson.includes('Not written yet'))('shows a stub’s message as it is, with the line where it stands', () => {
    const shown = /^Not written yet: TODO (\S+) in (\w+) \((.+):(\d+)\)$/m.exec(lesson);
    const [, number, name, path, line] = shown ?? [];
    expect(path).toBe(`stages/${stage.folder}/${stage.file}`);
    expect(skeleton[Number(line) - 1]?.trim()).toBe(`todo('${number}');`);
    expect(skeleton.slice(0, Number(line)).findLast((text) => text.startsWith('export function'))).toContain(
      `${name}(`,
    );
  });

  it.runIf(lesson.includes(' failed: '))('shows a report as it is, label by label', () => {
    const shown = /```text\n(?:[^`]*\n)?(Check 1 failed:[^`]+)```/.exec(lesson)?.[1] ?? '';
    const message = /^Not written yet: .+$/m.exec(lesson)?.[0] ?? '';
    expect(labelsOf(shown)).toEqual(labelsOf(reportOfStub(stage, message)));
  });

  it('names only commands that there are', () => {
    const words = [...lesson.matchAll(/npm run (\w+)/g)].map((match) => match[1] ?? '');
    expect(words.length).toBeGreaterThan(0);
    expect(words.filter((word) => !(word in manifest.scripts))).toEqual([]);
  });

  it.runIf(lesson.includes('\nfunction '))('ends with the functions of the skeleton, in their order', () => {
    const signature = /^(?:export )?(function \w+\(.*\): \w+) \{/;
    const listed = lesson
      .slice(lesson.indexOf('## Conclusion'))
      .split('\n')
      .flatMap((line) => signature.exec(line)?.[1] ?? []);
    const exported = skeleton.filter((line) => line.startsWith('export function'));
    expect(listed).toEqual(exported.flatMap((line) => signature.exec(line)?.[1] ?? []));
  });
});
