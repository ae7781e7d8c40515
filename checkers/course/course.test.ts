/** Guards the course: skeletons fail, solutions pass, and both have the same texts in the same places. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STUB_EXIT_CODE } from '../../stages/todo.ts';
import { root } from '../root.ts';
import { runMilestone } from '../run/run.ts';
import { course, programPath } from './course.ts';
import { solutionOf } from './skeleton.ts';

/** A gap of a skeleton: from its comment to the call that stops the program. */
const GAP = /^ *\/\/ TODO (\d+\.\d+\.\d+): [\s\S]*?\n *todo\('(\d+\.\d+\.\d+)'\);$/gm;

/** GitHub's anchor of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function exportsOf(source: string): string[] {
  return [...source.matchAll(/^export (?:async )?(?:const|let|function|class|type|interface) (\w+)/gm)].map(
    (match) => match[1] ?? '',
  );
}

describe.each(course)('stage $number', (stage) => {
  const skeleton = readFileSync(programPath(stage, 'stages'), 'utf8');
  const solution = solutionOf(stage);
  const lesson = readFileSync(join(root, stage.doc), 'utf8');
  const anchors = [...lesson.matchAll(/^#+ (.+)$/gm)].map((match) => anchor(match[1] ?? ''));
  const gaps = [...skeleton.matchAll(GAP)].map((match) => [match[1] ?? '', match[2] ?? '']);
  const numbers = gaps.map(([number = '']) => number);

  it('numbers its TODOs in order, each once, each with its own call', () => {
    expect(gaps.length).toBeGreaterThan(0);
    for (const [comment, call] of gaps) expect(call).toBe(comment);
    expect(skeleton.match(/todo\(/g)?.length).toBe(gaps.length);
    const expected = stage.milestones.flatMap(({ id }) => {
      const own = numbers.filter((number) => number.startsWith(`${id}.`));
      return own.map((_, index) => `${id}.${index + 1}`);
    });
    expect(numbers).toEqual(expected);
  });

  it('exports the same names in the same order from both', () => {
    expect(exportsOf(skeleton)).toEqual(exportsOf(solution));
  });

  it('has no stray files', () => {
    for (const whose of ['stages', 'solutions']) {
      expect(readdirSync(join(root, whose, stage.folder)).sort()).toEqual(['README.md', stage.file].sort());
    }
  });

  it('has checks with unique names that point at TODOs and sections that exist', () => {
    for (const { checks } of stage.milestones) {
      const ids = checks.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const check of checks) {
        expect(numbers, check.id).toEqual(expect.arrayContaining(check.todos));
        expect(anchors, check.id).toContain(check.doc);
        expect(ids.slice(0, ids.indexOf(check.id)), check.id).toEqual(expect.arrayContaining(check.needs ?? []));
      }
    }
  });

  it('fails every milestone as delivered, and says which stub comes first', async () => {
    for (const milestone of stage.milestones) {
      const path = programPath(stage, 'stages');
      const { results } = await runMilestone({
        milestone,
        candidate: { kind: 'file', path, whose: 'learner' },
        seed: '1',
      });
      expect(results[0]?.status).toBe('fail');
      expect(results.every(({ status }) => status === 'fail' || status === 'skipped')).toBe(true);
      expect(results[0]?.evidence?.exit?.code).toBe(STUB_EXIT_CODE);
      expect(results[0]?.explanation?.todo).toBe(numbers[0]);
    }
  });

  it.each(stage.milestones)('passes milestone $id with its solution', async (milestone) => {
    const path = programPath(stage, 'solutions');
    const { results } = await runMilestone({
      milestone,
      candidate: { kind: 'file', path, whose: 'solution' },
      seed: '7f3a',
    });
    expect(results.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(results.length).toBe(milestone.checks.length);
  });
});

it('has a folder in stages, solutions and docs for each row, and no others', () => {
  const folders = course.map(({ folder }) => folder).sort();
  for (const whose of ['stages', 'solutions']) {
    const found = readdirSync(join(root, whose), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(found.map(({ name }) => name).sort()).toEqual(folders);
  }
  for (const { doc } of course) expect(existsSync(join(root, doc))).toBe(true);
});
