/** The trace of a program that makes very many calls. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../checkers/fixtures.ts';

const folder = temporaryFolder();
const linux = pathToFileURL(fileURLToPath(new URL('index.ts', import.meta.url))).href;

/** The trace of a program that asks epoll 40,000 times without waiting, then waits for `restMs`, then asks 20 times. */
function traceOf(restMs: number): { call: string; result?: number; repeats?: number }[] {
  const program = join(folder, 'program.ts');
  const trace = join(folder, 'trace.jsonl');
  const body = [
    `import { epoll_create1, epoll_wait } from '${linux}';`,
    'const loop = epoll_create1(0);',
    'for (let time = 0; time < 40_000; time += 1) epoll_wait(loop, [], 1, 0);',
    `epoll_wait(loop, [], 1, ${restMs});`,
    'for (let time = 0; time < 20; time += 1) epoll_wait(loop, [], 1, 0);',
  ];
  writeFileSync(program, body.join('\n'));
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, WORKSHOP_TRACE: trace },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return readFileSync(trace, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe.runIf(process.platform === 'linux')('a program that makes thousands of equal calls', () => {
  it('is traced in full up to a limit, then as a few calls and a count', () => {
    const lines = traceOf(0);
    expect(lines.length).toBeGreaterThan(15_000);
    expect(lines.length).toBeLessThan(18_000);
    expect(lines.reduce((sum, { repeats = 0 }) => sum + repeats, 0)).toBeGreaterThan(10_000);
  });

  it('is traced in full again once it has rested for a second', () => {
    const last = traceOf(1100).slice(-40);
    expect(last.map(({ call, result }) => [call, result])).toEqual(
      Array.from({ length: 20 }, () => [
        ['epoll_wait', undefined],
        ['epoll_wait', 0],
      ]).flat(),
    );
  });
});
