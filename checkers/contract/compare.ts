/** Finds the first difference of two byte sequences, and shows it. */

/** The first difference between expected and observed bytes. */
export interface ByteDifference {
  /** number of right bytes before it */
  offset: number;
  /** the bytes from shortly before the difference on, at most 16 */
  expected: Buffer;
  observed: Buffer;
  /** offset of the first byte of these two excerpts */
  from: number;
}

const BEFORE = 4;
const SHOWN = 16;

/**
 * Finds the first byte of `observed` that is not the byte of `expected` at the same place.
 *
 * @param expected all expected bytes
 * @param start offset in `expected` at which `observed` begins
 * @param observed the received bytes
 * @returns undefined if observed equals expected there, as far as it goes
 */
export function firstDifference(expected: Buffer, start: number, observed: Buffer): ByteDifference | undefined {
  const comparable = Math.min(observed.length, expected.length - start);
  if (expected.compare(observed, 0, comparable, start, start + comparable) === 0) {
    if (observed.length === comparable) return undefined;
    return differenceAt(expected, start, observed, comparable);
  }
  let index = 0;
  while (expected[start + index] === observed[index]) index += 1;
  return differenceAt(expected, start, observed, index);
}

function differenceAt(expected: Buffer, start: number, observed: Buffer, index: number): ByteDifference {
  const before = Math.min(BEFORE, index);
  const from = start + index - before;
  return {
    offset: start + index,
    from,
    expected: Buffer.from(expected.subarray(from, from + SHOWN)),
    observed: Buffer.from(observed.subarray(index - before, index - before + SHOWN)),
  };
}

/** Bytes as hexadecimal pairs and as text, with a dot for what cannot be printed: '68 69 0a  hi.'; the text begins behind `count` pairs. */
export function hexLine(bytes: Buffer, count = SHOWN): string {
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${pairs.padEnd(count * 3 - 1)}  ${text}`;
}

/** A number of bytes in words: '1 byte', '10,485,760 bytes'. */
export function countBytes(count: number): string {
  return count === 1 ? '1 byte' : `${count.toLocaleString('en-US')} bytes`;
}
