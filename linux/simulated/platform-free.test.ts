import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
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
  const names = [...all.keys()].map((path) => relative(folder, path));
  expect(names.filter((name) => name.startsWith('shell/') || /^\.\.\/(?:index|libc)/.test(name))).toEqual([]);
  expect(names).toContain('../arguments.ts');
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

/** What a browser page has in the place of linux/buffer.ts; here the least that the simulator itself asks for. */
const OTHER_BUFFER = 'export class Buffer extends Uint8Array { static alloc(length) { return new Buffer(length); } }';

const PAGE = `
import { Kernel } from './kernel.ts';
import { runProgram } from './program.ts';
import { clientOf, echoUpstream } from './actors.ts';
const kernel = new Kernel(1);
kernel.spawn('upstream', echoUpstream(kernel, 3000));
const answers = [];
kernel.spawn('client', clientOf(kernel, 'client', 3000, [new Uint8Array([1, 2, 3])], (bytes) => answers.push(...bytes)));
const code = "const { epoll_create1, epoll_wait, sockaddr_in } = require('#linux');" +
  "exports.main = () => { epoll_wait(epoll_create1(0), [], 1, 1000); process.exit(sockaddr_in('127.0.0.1', 80)[4]); };";
const ending = runProgram(kernel, kernel.newProcess('program'), code);
export default JSON.stringify([ending, answers]);
`;

test('bundled for a browser it runs where there is no Node, with another Buffer', async () => {
  const { outputFiles } = await build({
    stdin: { contents: PAGE.trimStart(), resolveDir: folder, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'page',
    platform: 'browser',
    logLevel: 'silent',
    plugins: [
      {
        name: 'buffer',
        setup: ({ onLoad }) =>
          onLoad({ filter: /linux\/buffer\.ts$/ }, () => ({ contents: OTHER_BUFFER, loader: 'js' })),
      },
    ],
  });
  const code = outputFiles[0]?.text ?? '';
  expect(code).not.toMatch(/koffi|node:(?!child_process|fs|url)/);
  const result = runInNewContext(`${code}; page.default`, {});
  expect(JSON.parse(result)).toEqual([{ kind: 'exit', code: 127 }, [1, 2, 3]]);
});

test('only shell/ knows Node: each file there says what for', () => {
  for (const name of readdirSync(join(folder, 'shell'))) {
    expect(readFileSync(join(folder, 'shell', name), 'utf8'), name).toMatch(/^\/\*\*/);
  }
  expect(readdirSync(join(folder, 'shell')).sort()).toEqual(['bundle.ts', 'speed.ts', 'threads.ts']);
});
