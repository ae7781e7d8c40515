/** How far a batch has come: a line that is written over itself, or now and then a new one where nobody sits. */
import type { BatchEvent } from '../../checkers/grade/batch/batch.ts';
import { progressLine } from '../../checkers/grade/formats/progress.ts';

/** Without a terminal there is a line for each tenth. */
const TENTHS = 10;

export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #done = new Set<string>();
  readonly #running = new Set<string>();
  #total = 0;
  #startedAt = performance.now();
  #said = -1;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(event: BatchEvent): void {
    if (event.kind === 'pending') this.#total = event.total;
    if (event.kind === 'begun') this.#running.add(event.submission.student.id);
    if (event.kind === 'graded') this.#end(event.grade.student.id);
    if (event.kind === 'canaries') this.#sayCanaries(event.moment);
    else if (this.#total > 0) this.#sayProgress();
  }

  #end(id: string): void {
    this.#running.delete(id);
    this.#done.add(id);
  }

  /** Leaves nothing of the line behind. */
  clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K');
  }

  /** The time that the first ones take says how long the rest will. */
  #sayCanaries(moment: string): void {
    this.#startedAt = moment === 'start' ? performance.now() : this.#startedAt;
    if (this.#stream.isTTY && moment === 'start')
      this.#stream.write('\r\u001b[Kfirst the canaries: our solution, and wrong programs …');
  }

  #sayProgress(): void {
    const [done, total] = [this.#done.size, this.#total];
    const tenth = Math.floor((done * TENTHS) / total);
    if (!this.#stream.isTTY && tenth === this.#said) return;
    this.#said = tenth;
    const running = this.#running.size;
    const width = this.#stream.isTTY ? (this.#stream.columns ?? 80) : 80;
    const line = progressLine({ done, total, running, startedAt: this.#startedAt, now: performance.now(), width });
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  }
}
