import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from '../../root.ts';
import { causeInWords, namedCauses, unnamedInWords } from './causes-in-words.ts';

/** Where ids of causes occur in the source: a property of a cause, or a constant that becomes one. */
const NAMES = new Set(['id', 'causeId']);

/** Every id that an explanation can have, extracted from the source, so that no new cause is missed. */
function causeIds(): string[] {
  const folder = join(root, 'checkers', 'explain');
  const files = [
    'explain.ts',
    'unstarted.ts',
    ...readdirSync(join(folder, 'causes')).map((name) => join('causes', name)),
  ];
  return [...new Set(files.flatMap((file) => idsIn(readFileSync(join(folder, file), 'utf8'))))].sort();
}

function idsIn(source: string): string[] {
  const tree = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const named = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node);
    if (named && NAMES.has(node.name.getText(tree)) && node.initializer) found.push(...strings(node.initializer));
    const first = ts.isCallExpression(node) && node.expression.getText(tree) === 'because' && node.arguments[0];
    if (first) found.push(...strings(first));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function strings(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [node.head.text];
  if (ts.isConditionalExpression(node)) return [...strings(node.whenTrue), ...strings(node.whenFalse)];
  return [];
}

describe('causes in words', () => {
  const ids = causeIds();

  it('has a phrase for every cause that an explanation can name', () => {
    expect(ids.length).toBeGreaterThan(80);
    expect(ids.filter((id) => causeInWords(id, 2, 3) === undefined)).toEqual([]);
  });

  it('has no phrase for a cause that does not exist', () => {
    expect(namedCauses.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('has singular and plural', () => {
    expect(causeInWords('row-not-removed', 14, 60)).toBe('14 of 60 never remove the row of a pair that has ended');
    expect(causeInWords('row-not-removed', 1, 60)).toBe('1 of 60 never removes the row of a pair that has ended');
    expect(causeInWords('killed', 1, 1)).toBe('1 of 1 is ended by a signal');
    expect(causeInWords('retries-for-ever', 2, 2)).toContain('2 of 2 try for ever');
    expect(causeInWords('blocked-in-recv', 3, 9)).toBe('3 of 9 block in recv() while all else waits');
    expect(unnamedInWords('It rests', 1, 9)).toBe('1 of 9 fails “It rests” for an unknown reason');
  });

  it('leaves no placeholder in any phrase', () => {
    for (const id of namedCauses) for (const count of [1, 2]) expect(causeInWords(id, count, 2)).not.toMatch(/[[\]|]/);
  });
});
