import { describe, expect, test } from 'vitest';
import { figureOf, inDigits, median, ratioOf } from './figures.ts';

describe('the arithmetic of a race', () => {
  test('the median is the middle one, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  test('a figure keeps the samples in order, with the least and the most', () => {
    expect(figureOf([5, 1, 3])).toEqual({ median: 3, least: 1, most: 5, samples: [5, 1, 3] });
    expect(figureOf([])).toBeUndefined();
  });

  test('ratios are taken within a round, and rounds that lack a number are left out', () => {
    // The machine was ten times slower in the second round, for both.
    expect(ratioOf([20, 2, 30], [10, 1, 10])).toBe(2);
    expect(ratioOf([20, undefined, 30], [10, 1, undefined])).toBe(2);
    expect(ratioOf([1], [0])).toBeUndefined();
    expect(ratioOf([], [1])).toBeUndefined();
  });

  test('numbers show three significant digits', () => {
    expect([0, 0.01234, 0.5, 1.234, 12.34, 123.4, 12345.6].map(inDigits)).toEqual([
      '0',
      '0.0123',
      '0.5',
      '1.23',
      '12.3',
      '123',
      '12,346',
    ]);
  });
});
