/** Progress of long work: a line that overwrites itself, or without a terminal an occasional new line. */
import type { BatchEvent } from '../../checkers/grade/batch/batch.ts';
import { progressLine } from '../../checkers/grade/formats/progress.ts';

/** Without a terminal there is a line for each tenth. */
const TENTHS = 10;

/** One such line. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #startedAt = performance.now();
  #said = -1;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Estimates the time left from work since this moment, instead of since the line was created. */
  beginNow(): void {
    this.#startedAt = performance.now();
  }

  /** @param running how many are under way */
  show(done: number, total: number, running: number): void {
    const tenth = Math.floor((done * TENTHS) / total);
    if (!this.#stream.isTTY && tenth === this.#said) return;
    this.#said = tenth;
    const width = this.#stream.isTTY ? (this.#stream.columns ?? 80) : 80;
    this.#write(progressLine({ done, total, running, startedAt: this.#startedAt, now: performance.now(), width }));
  }

  /** Text in place of numbers; only at a terminal. */
  say(words: string): void {
    if (this.#stream.isTTY) this.#write(words);
  }

  /** Leaves nothing of the line behind. */
  clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K');
  }

  #write(line: string): void {
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  }
}

/** How far a batch has come. */
export class Progress {
  readonly #line: ProgressLine;
  readonly #done = new Set<string>();
  readonly #running = new Set<string>();
  #total = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#line = new ProgressLine(stream);
  }

  show(event: BatchEvent): void {
    if (event.kind === 'pending') this.#total = event.total;
    if (event.kind === 'begun') this.#running.add(event.submission.student.id);
    if (event.kind === 'graded') this.#end(event.grade.student.id);
    if (event.kind === 'canaries') this.#sayCanaries(event.moment);
    else if (this.#total > 0) this.#line.show(this.#done.size, this.#total, this.#running.size);
  }

  #end(id: string): void {
    this.#running.delete(id);
    this.#done.add(id);
  }

  /** Leaves nothing of the line behind. */
  clear(): void {
    this.#line.clear();
  }

  /** The first submissions predict the time for the rest. */
  #sayCanaries(moment: string): void {
    if (moment !== 'start') return;
    this.#line.beginNow();
    this.#line.say('first the canaries: our solution, and wrong programs …');
  }
}
