import { expect, it } from 'vitest';
import { OutputTail } from './output-tail.ts';

const KIBIBYTE = 1024;

function tailOf(...chunks: (string | Buffer)[]): string {
  const tail = new OutputTail();
  for (const chunk of chunks) tail.push(Buffer.from(chunk));
  return tail.text;
}

it('keeps what is short as it is', () => {
  expect(tailOf()).toBe('');
  expect(tailOf('one\n', '', 'two\n')).toBe('one\ntwo\n');
});

it('joins a letter that came in two pieces', () => {
  const letter = Buffer.from('ü');
  expect(tailOf(letter.subarray(0, 1), letter.subarray(1))).toBe('ü');
});

it('keeps the end of one chunk that is too large', () => {
  const text = tailOf(`${'a'.repeat(1_000_000)}the end`);
  expect(text).toHaveLength(16 * KIBIBYTE);
  expect(text.endsWith('the end')).toBe(true);
});

it('keeps the end of many chunks, and is bounded', () => {
  const chunks = Array.from({ length: 10_000 }, (_, index) => `line ${index}\n`);
  const text = tailOf(...chunks);
  expect(text.endsWith('line 9998\nline 9999\n')).toBe(true);
  expect(text.length).toBeGreaterThanOrEqual(16 * KIBIBYTE);
  expect(text.length).toBeLessThan(17 * KIBIBYTE);
});

it('does not keep the whole of a large chunk alive for its end', () => {
  const tail = new OutputTail();
  const chunk = Buffer.alloc(1_000_000, 'x');
  tail.push(chunk);
  chunk.fill('y');
  expect(tail.text).not.toContain('y');
});

it.each([1, 1000])('keeps the line that names an error above a long backtrace, in %i chunks', (chunks) => {
  const trace = Array.from({ length: 3000 }, (_, index) => `goroutine ${index} [select]:\n`).join('');
  const all = `a log\npanic: nil map\n${trace}`;
  const size = Math.ceil(all.length / chunks);
  const parts = Array.from({ length: chunks }, (_, index) => all.slice(index * size, (index + 1) * size));
  const text = tailOf('b\n'.repeat(40_000), ...parts);
  expect(text.startsWith('panic: nil map\ngoroutine 0 [select]:\n')).toBe(true);
  expect(text.endsWith('goroutine 2999 [select]:\n')).toBe(true);
  expect(text.length).toBeLessThan(21 * KIBIBYTE);
});
