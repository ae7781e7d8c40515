import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = dirname(fileURLToPath(import.meta.url));
const importOf =
  /^(?:import|export)\s+(?!type\b)[^;]*?from\s+'([^']+)'|\bimport\s*\(?\s*'([^']+)'|\brequire\('([^']+)'\)/gm;

/** Every file that the simulator loads, with what each imports; types are not loaded. */
function loadedFrom(path: string, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(path)) return seen;
  const imports = [...readFileSync(path, 'utf8').matchAll(importOf)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
  seen.set(path, imports);
  for (const name of imports) if (name.startsWith('.')) loadedFrom(join(dirname(path), name), seen);
  return seen;
}

const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));

test('the simulated kernel loads nothing of Node and no package: it runs in a browser, too', () => {
  const all = new Map<string, string[]>();
  for (const name of files) loadedFrom(join(folder, name), all);
  const foreign = [...all].flatMap(([path, imports]) =>
    imports.filter((name) => !name.startsWith('.')).map((name) => `${relative(folder, path)}: ${name}`),
  );
  expect(foreign).toEqual([]);
  expect([...all.keys()].map((path) => relative(folder, path))).toContain('../arguments.ts');
});

test('the test finds imports of all kinds', () => {
  const text =
    "import a from 'node:a';\nimport { b,\n c } from 'node:b';\nimport type { T } from 'node:t';\nawait import('node:d');\nexport * from 'node:e';";
  expect([...text.matchAll(importOf)].map((match) => match[1] ?? match[2])).toEqual([
    'node:a',
    'node:b',
    'node:d',
    'node:e',
  ]);
});

test('nothing of Node is used without an import, either, but Buffer', () => {
  for (const name of files) {
    const code = readFileSync(join(folder, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const found =
      /\b(?:setTimeout|setImmediate|process\.(?:platform|arch|hrtime|nextTick|versions)|__dirname|import\.meta)\b/.exec(
        code,
      );
    expect(found?.[0], name).toBeUndefined();
  }
});
