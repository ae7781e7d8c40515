import { describe, expect, it } from 'vitest';
import { durationWords, progressLine } from './progress.ts';

const half = { done: 30, total: 60, running: 2, startedAt: 0, now: 90_000, width: 80 };

describe('progressLine', () => {
  it('says how many are done and how long the rest takes', () => {
    expect(progressLine(half)).toBe(
      `${'█'.repeat(15)}${'░'.repeat(15)}  30 of 60, 2 running, 90 s left`.replace('90 s', '2 min'),
    );
  });

  it('does not guess before the first is done, and says at the end how long it took', () => {
    expect(progressLine({ ...half, done: 0 })).toContain('time left not known yet');
    expect(progressLine({ ...half, done: 60, running: 0 })).toContain('60 of 60, done in 2 min');
    expect(progressLine({ ...half, done: 0, total: 0, running: 0 })).toContain('0 of 0');
  });

  it('fits into any terminal', () => {
    for (let width = 0; width < 120; width++) {
      const line = progressLine({ ...half, width, done: 1999, total: 2000 });
      expect(line.length).toBeLessThan(Math.max(1, width));
    }
  });
});

describe('durationWords', () => {
  it('uses the unit that a person would', () => {
    expect([0, 45_000, 150_000, 3_600_000, 4_800_000].map(durationWords)).toEqual([
      '0 s',
      '45 s',
      '3 min',
      '1 h',
      '1 h 20 min',
    ]);
  });
});
