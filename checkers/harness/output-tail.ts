/** The end of a program's output: enough for an explanation, and bounded. */

const KEPT_BYTES = 16 * 1024;
/** Go, Rust, Java and Node name the error first, and hundreds of lines of backtrace may follow. */
const HEAD_BYTES = 4 * 1024;
const ERROR_HEAD =
  /^(?:panic: |fatal error: |thread '.*' (?:\(\d+\) )?panicked at |==\d+==\s?ERROR: |Exception in thread |Caused by: |(?:[A-Z]\w*)?Error(?: \[\w+\])?: )/gm;

const BREAK = Buffer.from('\n');

/** Keeps the last 16 KiB of a stream, and the beginning of an error whose backtrace is longer than that. */
export class OutputTail {
  #kept: Buffer[] = [];
  #size = 0;
  /** from the line that names the last error that has left the tail */
  #head = Buffer.alloc(0);

  push(bytes: Buffer): void {
    // A copy of the end only: a slice would keep the whole chunk alive.
    const end = bytes.length > KEPT_BYTES ? Buffer.from(bytes.subarray(-KEPT_BYTES)) : bytes;
    this.#kept.push(end);
    this.#size += end.length;
    while (this.#size - (this.#kept[0]?.length ?? 0) >= KEPT_BYTES) this.#drop(this.#kept.shift() ?? end);
    if (end !== bytes) this.#keepHead(bytes.subarray(0, -KEPT_BYTES));
  }

  #drop(bytes: Buffer): void {
    this.#size -= bytes.length;
    this.#keepHead(bytes);
  }

  #keepHead(bytes: Buffer): void {
    // Latin-1: a character for each byte.
    const at = [...bytes.toString('latin1').matchAll(ERROR_HEAD)].at(-1)?.index;
    if (at !== undefined) this.#head = Buffer.from(bytes.subarray(at, at + HEAD_BYTES));
    else if (this.#head.length > 0 && this.#head.length < HEAD_BYTES)
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, HEAD_BYTES - this.#head.length)]);
  }

  get text(): string {
    return Buffer.concat([this.#head, ...(this.#head.length === 0 ? [] : [BREAK]), ...this.#kept]).toString('utf8');
  }
}
