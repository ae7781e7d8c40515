/** The catalogue of hints: complete, and never the solution itself. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { course, programPath } from '../course/course.ts';
import { solutionOf } from '../course/skeleton.ts';
import { todoHints } from './hints/todos.ts';
import { causeHints, findHint, findTodoHint, HINT_LEVELS } from './hints.ts';

const checkHints = Object.fromEntries(
  course.flatMap(({ milestones }) =>
    milestones.flatMap(({ id, checks }) => checks.map((check) => [`${id} ${check.id}`, check.hint] as const)),
  ),
);

const all = Object.entries({ ...todoHints, ...checkHints, ...causeHints });

/** Code without comments, blanks and freely chosen names: the rest is the idea of a solution. */
function bare(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/\s+/g, '');
}

/** The bodies of a program's functions. */
function bodiesOf(source: string): [name: string, statements: string[]][] {
  return [...source.matchAll(/^(?:export )?function (\w+)\(.*\{\n([\s\S]*?)\n\}$/gm)].map(
    ([, name = '', body = '']) => [
      name,
      body
        .split('\n')
        .map(bare)
        .filter((line) => /\w/.test(line)),
    ],
  );
}

describe.each(course)('for stage $number', (stage) => {
  it('there is a hint for every check', () => {
    for (const { id, checks } of stage.milestones) {
      for (const check of checks) expect(findHint({ milestone: id, check: check.id })?.key).toBe(`${id} ${check.id}`);
    }
  });

  it('there is a hint for every TODO', () => {
    const skeleton = readFileSync(programPath(stage, 'stages'), 'utf8');
    const numbers = [...skeleton.matchAll(/todo\('([\d.]+)'\)/g)].map((match) => match[1] ?? '');
    for (const number of numbers) expect(findTodoHint(number)?.key).toBe(`TODO ${number}`);
    const known = Object.keys(todoHints).filter((number) => number.startsWith(`${stage.number}.`));
    expect(known.toSorted()).toEqual(numbers.toSorted());
  });

  it('no hint gives a function of the solution away', () => {
    const bodies = bodiesOf(solutionOf(stage));
    expect(bodies.length).toBeGreaterThanOrEqual(Object.keys(stage.todos).length);
    for (const [subject, levels] of all) {
      const told = bare(levels.join('\n'));
      for (const [name, statements] of bodies) {
        const given = statements.filter((statement) => told.includes(statement));
        expect(given.length, `${subject} has nearly all of ${name}`).toBeLessThan(Math.max(1, statements.length * 0.6));
      }
    }
  });
});

describe.each(all)('the hint for %s', (_subject, levels) => {
  it('has three levels: a question, the idea, the shape of the code', () => {
    expect(levels).toHaveLength(HINT_LEVELS);
    const [question, idea, shape] = levels;
    expect(question).toContain('?');
    expect(idea.length).toBeGreaterThan(60);
    expect(shape).toMatch(/^ {2}\S/);
  });

  it('is plain and fits on a screen', () => {
    for (const text of levels) expect(text).not.toContain('!');
    expect(levels[2].split('\n').filter((line) => line.length > 76)).toEqual([]);
    for (const line of levels.join('\n').split('\n')) expect(line).toBe(line.trimEnd());
  });
});

it('a stub goes before a cause, and a cause before the check', () => {
  const subject = { milestone: '4.1', check: 'listening' };
  expect(findHint({ ...subject, causeId: 'unreadable', todo: '4.1.1' })?.key).toBe('TODO 4.1.1');
  expect(findHint({ ...subject, causeId: 'unreadable' })?.key).toBe('cause unreadable');
  expect(findHint({ ...subject, causeId: 'unheard-of' })?.key).toBe('4.1 listening');
  expect(findHint({ milestone: '9.9', check: 'nothing' })).toBeUndefined();
});
