/** The end of what a program prints: enough to explain, bounded whatever it prints. */

const KEPT_BYTES = 16 * 1024;

/** Keeps the last 16 KiB of a stream. */
export class OutputTail {
  #kept: Buffer[] = [];
  #size = 0;

  push(bytes: Buffer): void {
    // A copy of the end only: a slice would keep the whole chunk alive.
    const end = bytes.length > KEPT_BYTES ? Buffer.from(bytes.subarray(-KEPT_BYTES)) : bytes;
    this.#kept.push(end);
    this.#size += end.length;
    while (this.#size - (this.#kept[0]?.length ?? 0) >= KEPT_BYTES) this.#size -= this.#kept.shift()?.length ?? 0;
  }

  get text(): string {
    return Buffer.concat(this.#kept).toString('utf8');
  }
}
