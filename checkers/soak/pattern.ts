/** A unique, position-dependent byte stream per connection and direction, quick to generate and compare. */
import { createHash } from 'node:crypto';

const SIZE = 256 * 1024;

/** Random bytes, twice over, so that every piece of up to SIZE bytes is one slice. */
const pool = makePool();

function makePool(): Buffer {
  const pieces = Array.from({ length: SIZE / 32 }, (_, index) => createHash('sha256').update(`soak ${index}`).digest());
  const once = Buffer.concat(pieces);
  return Buffer.concat([once, once]);
}

/** The stream of one connection in one direction. */
export class Pattern {
  readonly #start: number;

  constructor(id: number, direction: 'up' | 'down') {
    // An odd factor far from a power of two: neighbours begin far apart.
    this.#start = (id * 40_503 + (direction === 'up' ? 0 : SIZE / 2 + 1)) % SIZE;
  }

  /** The bytes from this offset on, at most 256 KiB of them; never overwritten. */
  piece(offset: number, length: number): Buffer {
    const from = (this.#start + offset) % SIZE;
    return pool.subarray(from, from + Math.min(length, SIZE));
  }

  /** Where received bytes differ from the stream: an offset in the stream, or undefined where they do not. */
  difference(offset: number, bytes: Buffer): number | undefined {
    for (let done = 0; done < bytes.length; done += SIZE) {
      const part = bytes.subarray(done, done + SIZE);
      const wanted = this.piece(offset + done, part.length);
      if (part.equals(wanted)) continue;
      return offset + done + part.findIndex((byte, index) => byte !== wanted[index]);
    }
    return undefined;
  }
}
