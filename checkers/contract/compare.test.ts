import { describe, expect, it } from 'vitest';
import { countBytes, firstDifference, hexLine } from './compare.ts';

const alphabet = Buffer.from('abcdefghijklmnopqrstuvwxyz');

describe('the first difference', () => {
  it('is undefined while the observed bytes are the expected ones', () => {
    expect(firstDifference(alphabet, 0, alphabet)).toBeUndefined();
    expect(firstDifference(alphabet, 0, Buffer.from('abc'))).toBeUndefined();
    expect(firstDifference(alphabet, 23, Buffer.from('xyz'))).toBeUndefined();
    expect(firstDifference(alphabet, 5, Buffer.alloc(0))).toBeUndefined();
  });

  it('is at the first wrong byte, shown with the four before it', () => {
    const difference = firstDifference(alphabet, 0, Buffer.from('abcdefgXijk'));
    expect(difference).toEqual({
      offset: 7,
      from: 3,
      expected: Buffer.from('defghijklmnopqrs'),
      observed: Buffer.from('defgXijk'),
    });
  });

  it('counts from the start of the whole, wherever this piece begins', () => {
    const difference = firstDifference(alphabet, 10, Buffer.from('kLm'));
    expect(difference).toMatchObject({ offset: 11, from: 10, observed: Buffer.from('kLm') });
    expect(difference?.expected.toString()).toBe('klmnopqrstuvwxyz');
  });

  it('is found in the first byte and in the last', () => {
    expect(firstDifference(alphabet, 0, Buffer.from('Xbc'))).toMatchObject({ offset: 0, from: 0 });
    const last = Buffer.from(`${alphabet.toString('latin1', 0, 25)}!`);
    expect(firstDifference(alphabet, 0, last)).toMatchObject({ offset: 25, from: 21 });
  });

  it('is at the end of the expected bytes, if more came', () => {
    const difference = firstDifference(alphabet, 24, Buffer.from('yz and more'));
    expect(difference).toMatchObject({ offset: 26, expected: Buffer.from('yz') });
    expect(firstDifference(Buffer.alloc(0), 0, Buffer.from('x'))).toMatchObject({
      offset: 0,
      observed: Buffer.from('x'),
    });
  });

  it('keeps its bytes when the buffers that they came from are used again', () => {
    const observed = Buffer.from('aXc');
    const difference = firstDifference(alphabet, 0, observed);
    observed.fill(0);
    expect(difference?.observed.toString()).toBe('aXc');
  });

  it('is found fast in large input that is all wrong', () => {
    const [zeros, ones] = [Buffer.alloc(10_000_000), Buffer.alloc(10_000_000, 1)];
    expect(firstDifference(zeros, 0, ones)?.offset).toBe(0);
  });
});

describe('a line of hexadecimal', () => {
  it('shows bytes as pairs and as text, with dots for unprintable ones', () => {
    expect(hexLine(Buffer.from('hi\n~\x7f\x80'))).toBe(`68 69 0a 7e 7f c2 80${' '.repeat(27)}  hi.~...`);
  });

  it('has its text in the same column whether full or not', () => {
    const column = (bytes: Buffer, text: string): number => hexLine(bytes).indexOf(text);
    expect(column(Buffer.from('zzzzzzzzzzzzzzzz'), 'zzzz')).toBe(column(Buffer.from('zzzz'), 'zzzz'));
  });
});

it('gives numbers of bytes in words', () => {
  expect([0, 1, 2, 10_485_760].map(countBytes)).toEqual(['0 bytes', '1 byte', '2 bytes', '10,485,760 bytes']);
});
