/** Virtual time, and who moves when. */
import type { Choices } from './choices.ts';

/** Something that is to happen at a moment. */
export interface Task {
  /** virtual time, in ms */
  at: number;
  /** who moves, for stories: 'client 3', 'delivery', 'timer' */
  who: string;
  run(): void;
}

export class Scheduler {
  /** Virtual time in ms since the kernel began. */
  now = 0;
  /** Number of tasks that have run. */
  moves = 0;
  /** Ascending by time; of the same time, the one that was posted first comes first. */
  readonly #tasks: Task[] = [];

  /** @param moved is told after each task: what it has sent arrives */
  constructor(
    readonly choices: Choices,
    readonly moved: () => void = () => {},
  ) {}

  /** Posts a task. */
  post(who: string, delay: number, run: () => void): Task {
    const task: Task = { at: this.now + Math.max(0, delay), who, run };
    let index = this.#tasks.length;
    while (index > 0 && (this.#tasks[index - 1] as Task).at > task.at) index -= 1;
    this.#tasks.splice(index, 0, task);
    return task;
  }

  /** Takes a task back; nothing happens when it has run. */
  cancel(task: Task | undefined): void {
    const index = task === undefined ? -1 : this.#tasks.indexOf(task);
    if (index !== -1) this.#tasks.splice(index, 1);
  }

  /** When the next task is due; Infinity: never. */
  get next(): number {
    return this.#tasks[0]?.at ?? Infinity;
  }

  /**
   * Runs one task, and moves the clock on to it.
   *
   * @param until tasks after this moment stay
   * @returns whether there was one
   */
  step(until = Infinity): boolean {
    const [first] = this.#tasks;
    if (first === undefined || first.at > until) return false;
    if (first.at > this.now) this.now = first.at;
    let due = 1;
    if (!this.choices.calm) {
      while (due < this.#tasks.length && (this.#tasks[due] as Task).at <= this.now) due += 1;
    }
    const [task] = this.#tasks.splice(this.choices.pick('who-moves', due), 1);
    this.moves += 1;
    task?.run();
    this.moved();
    return true;
  }

  /** Runs what is due by a moment, then sets the clock to it. */
  runUntil(moment: number): void {
    while (this.step(moment)) {}
    if (moment > this.now) this.now = moment;
  }
}
