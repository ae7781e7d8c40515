import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures.ts';
import type { Call } from '../report/replay/model/events.ts';
import { TraceFollower } from './trace-follower.ts';

const folder = temporaryFolder();

it('reports each complete line, and ignores invalid ones', () => {
  const path = join(folder, 'trace.jsonl');
  const heard: Call[] = [];
  const follower = new TraceFollower(path, 1000, (calls) => heard.push(...calls));
  const line = JSON.stringify({ at: 1005, pid: 1, call: 'recv', fd: 5, args: {}, took: 0.1, result: 3 });
  follower.look();
  appendFileSync(path, `${line}\n${line.slice(0, 10)}`);
  follower.look();
  expect(heard).toEqual([{ ms: 5, call: 'recv', fd: 5, args: {}, took: 0.1, result: 3 }]);
  appendFileSync(path, `${line.slice(10)}\nnot json\nnull\n{"at":"x"}\n`);
  follower.look();
  expect(heard.length).toBe(2);
  appendFileSync(
    path,
    `${JSON.stringify({ at: 1006, pid: 7, call: 'recv', fd: 5, args: {}, took: 0.1, result: 3 })}\n`,
  );
  follower.look();
  expect(heard.length).toBe(2);
  appendFileSync(path, `${'x'.repeat(200_000)}`);
  follower.look();
  appendFileSync(path, `\n${line}\n`);
  follower.stop();
  expect(heard.length).toBe(3);
});
