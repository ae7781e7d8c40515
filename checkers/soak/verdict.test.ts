import { describe, expect, test } from 'vitest';
import { Pattern } from './pattern.ts';
import { soakLine, soakReport } from './report.ts';
import type { SoakResult } from './soak.ts';
import { chooseStory, HEAD_BYTES, headOf, readHead, stories } from './story.ts';
import { judge, type QuietPoint, type Verdict } from './verdict.ts';

function quiet(sockets: number[], memoryMib: number[], descriptors = sockets): QuietPoint[] {
  return sockets.map((count, index) => ({
    second: index * 10,
    sockets: count,
    descriptors: descriptors[index] ?? 0,
    memoryKib: (memoryMib[index] ?? 0) * 1024,
  }));
}

const nothing = { wrong: [], broken: [], strangers: 0, problem: undefined };

function failed(verdict: Verdict): string[] {
  return verdict.findings.filter(({ passed }) => !passed).map(({ what }) => what);
}

describe('the verdict', () => {
  test('a proxy that is the same in every quiet moment has held', () => {
    const verdict = judge({ ...nothing, quiet: quiet([3, 3, 3, 3], [40, 60, 62, 61]) });
    expect(verdict.passed).toBe(true);
    expect(failed(verdict)).toEqual([]);
  });

  test.each([
    ['no socket stayed behind', { quiet: quiet([3, 3, 4], [40, 40, 40]) }],
    ['memory stayed flat', { quiet: quiet([3, 3, 3, 3, 3], [40, 60, 80, 100, 120]) }],
    ['descriptors stayed flat', { quiet: quiet([3, 3, 3], [40, 40, 40], [20, 80, 120]) }],
    ['no byte was lost or crossed', { wrong: ['the upstream got a foreign byte at offset 7'] }],
    ['no byte was lost or crossed', { strangers: 1 }],
    ['no connection broke without a reason', { broken: ['a download: broke off'] }],
    ['the proxy stayed up', { problem: 'it has ended' }],
  ])('finds that %s does not hold', (what, seen) => {
    const verdict = judge({ ...nothing, quiet: quiet([3, 3, 3], [40, 40, 40]), ...seen });
    expect(verdict.passed).toBe(false);
    expect(failed(verdict)).toEqual([what]);
  });
});

describe('the streams', () => {
  test('a foreign, a lost and a repeated byte are seen at their place', () => {
    const stream = new Pattern(7, 'up');
    const bytes = Buffer.from(stream.piece(1000, 600_000));
    expect(bytes.length).toBe(256 * 1024);
    expect(stream.difference(1000, bytes)).toBeUndefined();
    expect(stream.difference(1001, bytes)).toBe(1001);
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    expect(stream.difference(1000, bytes)).toBe(6000);
  });

  test('connections and directions have streams of their own', () => {
    const starts = [1, 2, 3, 500].flatMap((id) => [new Pattern(id, 'up'), new Pattern(id, 'down')]);
    expect(new Set(starts.map((stream) => stream.piece(0, 16).toString('hex'))).size).toBe(8);
  });

  test('a head identifies its connection, and an invalid head is detected', () => {
    const head = headOf(77, 3);
    expect(head.length).toBe(HEAD_BYTES);
    expect(readHead(head)).toEqual({ id: 77, story: stories[3] });
    head[5] = 1;
    expect(readHead(head)).toBeUndefined();
  });

  test('every story is played', () => {
    const told = new Set(Array.from({ length: 1000 }, (_, index) => chooseStory(index / 1000)));
    expect(told.size).toBe(stories.length);
  });
});

test('the live line and the report fit into 80 columns', () => {
  const counts = { connections: 12_345, open: 40, bytes: 5.2e9, cut: 80, restarts: 2, floods: 3 };
  const state = { second: 12, seconds: 60, ...counts, memoryKib: 62_000, descriptors: 42 };
  expect(soakLine(state, 80)).toBe('12 of 60 s  12,345 connections (40 open)  5.2 GB  61 MiB  42 descriptors');
  const verdict = judge({ ...nothing, wrong: ['x '.repeat(100)], quiet: quiet([3, 3], [40, 40]) });
  const result: SoakResult = { title: 't', state, quiet: [], samples: [], wrong: ['a', 'b'], broken: [], verdict };
  const lines = soakReport(result, 80);
  expect(lines.join('\n')).toContain('did not hold');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
  for (const line of lines) expect(line.replace(/\u001b\[\d+m/g, '').length).toBeLessThanOrEqual(80);
});
