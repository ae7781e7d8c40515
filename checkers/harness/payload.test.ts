import { expect, it } from 'vitest';
import { freshSeed, message, payload } from './payload.ts';

it('makes the same bytes for the same seed and label, always and on every machine', () => {
  expect(payload('7f3a', 'up', 1000).equals(payload('7f3a', 'up', 1000))).toBe(true);
  expect(payload('7f3a', 'up', 8).toString('hex')).toBe('78a4ba16b4222ba3');
});

it('makes other bytes for another label or another seed', () => {
  const bytes = payload('7f3a', 'up', 1000);
  expect(payload('7f3a', 'down', 1000).equals(bytes)).toBe(false);
  expect(payload('7f3b', 'up', 1000).equals(bytes)).toBe(false);
});

it('begins with the same bytes for each length', () => {
  expect(
    payload('1', 'x', 1000)
      .subarray(0, 100)
      .equals(payload('1', 'x', 100)),
  ).toBe(true);
  expect(payload('1', 'x', 0).length).toBe(0);
});

it('makes every byte value, and no pattern that could hide a repetition', () => {
  const bytes = payload('1', 'x', 65_536);
  expect(new Set(bytes).size).toBe(256);
  const blocks = Array.from({ length: 4096 }, (_, index) => bytes.toString('hex', index * 16, index * 16 + 16));
  expect(new Set(blocks).size).toBe(4096);
});

it('writes readable lines that are unique and have no newline', () => {
  const line = message('7f3a', 'client 1').toString();
  expect(line).toMatch(/^hello from client 1, [0-9a-f]{8}$/);
  expect(message('7f3b', 'client 1').toString()).not.toBe(line);
});

it('takes fresh seeds that are short enough to be typed', () => {
  const seeds = Array.from({ length: 100 }, freshSeed);
  for (const seed of seeds) expect(seed).toMatch(/^[0-9a-f]{4}$/);
  expect(new Set(seeds).size).toBeGreaterThan(50);
});
