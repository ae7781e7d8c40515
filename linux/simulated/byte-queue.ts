/** Bytes that wait: first in, first out. */

export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** bytes of the first chunk that have left already */
  #skipped = 0;
  length = 0;

  /** Appends bytes without copying them: the caller gives them away. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.length += bytes.length;
  }

  /** Copies bytes from an offset on, as many as there is room for, and leaves them here; returns how many. */
  peek(into: Uint8Array, offset = 0): number {
    let copied = 0;
    let skip = this.#skipped + offset;
    for (const chunk of this.#chunks) {
      if (copied === into.length) break;
      const part = chunk.subarray(skip, skip + into.length - copied);
      if (part.length > 0) into.set(part, copied);
      copied += part.length;
      skip = Math.max(0, skip - chunk.length);
    }
    return copied;
  }

  /** Moves the first bytes out, as many as there is room for; returns how many. */
  read(into: Uint8Array): number {
    const [first] = this.#chunks;
    // Nearly always the first chunk is all there is, or more than there is room for.
    if (first !== undefined && this.#skipped === 0 && first.length === this.length && first.length <= into.length) {
      into.set(first);
      this.clear();
      return first.length;
    }
    const copied = this.peek(into);
    this.#drop(copied);
    return copied;
  }

  /** Takes the first bytes out: at most `most`, and no more than one chunk, without copying. */
  take(most: number): Uint8Array {
    const part = (this.#chunks[0] ?? EMPTY).subarray(this.#skipped, this.#skipped + most);
    this.#drop(part.length);
    return part;
  }

  /** As take(), but small chunks are put together: as bytes that were sent in one segment lie in one page. */
  takeTogether(most: number): Uint8Array {
    const first = (this.#chunks[0]?.length ?? 0) - this.#skipped;
    const together = Math.min(most, this.length, TOGETHER);
    if (first >= together) return this.take(most);
    const bytes = new Uint8Array(together);
    this.read(bytes);
    return bytes;
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#skipped = 0;
    this.length = 0;
  }

  #drop(count: number): void {
    this.length -= count;
    let left = count + this.#skipped;
    let gone = 0;
    for (let chunk = this.#chunks[0]; chunk !== undefined && left >= chunk.length; chunk = this.#chunks[gone]) {
      left -= chunk.length;
      gone += 1;
    }
    if (gone > 0) this.#chunks.splice(0, gone);
    this.#skipped = left;
  }
}

const EMPTY = new Uint8Array(0);
/** One page. */
const TOGETHER = 4096;
