/** The content of a submission's bundle, and the messages when it cannot be built. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findStage, type Stage } from '../../course/course.ts';
import { solutionOf } from '../../course/skeleton.ts';
import { buildSealed } from './build.ts';

const server = findStage(1) as Stage;
const name = 'stages/stage-1-tcp-server/server.ts';
const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

/** The bundle, or the lines that say why there is none. */
async function build(source: string): Promise<{ bundle: string; map: string } | { lines: string[] }> {
  count += 1;
  const place = join(folder, String(count));
  mkdirSync(place);
  writeFileSync(join(place, 'server.ts'), source);
  try {
    const bundle = await buildSealed(server, join(place, 'server.ts'), place);
    return { bundle: readFileSync(bundle, 'utf8'), map: readFileSync(`${bundle}.map`, 'utf8') };
  } catch (error) {
    return { lines: (error as { lines: string[] }).lines };
  }
}

it('uses the learner’s name for the file', async () => {
  const solution = solutionOf(server);
  const built = await build(solution);
  expect('map' in built && JSON.parse(built.map).sources).toContain(name);
  expect(await build('\nconst = 1;')).toEqual({ lines: [expect.stringMatching(`^${name}:2:7: `)] });
});

const patterns = [
  `const x = 'server'; await import(\`../../solutions/stage-1-tcp-server/\${x}.ts\`);`,
  "const x = 'server'; await import('../../solutions/stage-1-tcp-server/' + x + '.ts');",
  `const x = 'server'; require(\`../../solutions/stage-1-tcp-server/\${x}.ts\`);`,
];

it.each(patterns)('bundles no file that a computed import may match: %s', async (source) => {
  expect(await build(source)).toEqual({ lines: [expect.stringContaining('it imports the solution (')] });
});

it('looks for no source map, however it is named', async () => {
  for (const place of ['../../../../../../../../../dev/zero', 'file:///dev/zero', '/dev/zero', 'data:,x'])
    expect(await build(`process.exit(0);\n//# sourceMappingURL=${place}\n`)).toHaveProperty('bundle');
});

it('blames a file that the compiler breaks down over, in a sentence', async () => {
  const lines = [`${name}: the compiler crashed on this file; perhaps something in it is nested too deeply`];
  expect(await build('('.repeat(900_000))).toEqual({ lines });
  // The compiler works again for the next file.
  expect(await build('process.exit(0);')).toHaveProperty('bundle');
});

it('names the first mistakes, and counts the rest', async () => {
  const built = await build(Array.from({ length: 100 }, (_, index) => `import './x${index}';`).join('\n'));
  expect('lines' in built && built.lines).toHaveLength(13);
  expect('lines' in built && built.lines.at(-1)).toBe('88 more like these');
});
