/** Answers of workers that hold for several submissions with the same program. */
import { isCertain } from './contract/certain.ts';
import type { WorkerAnswer } from './contract/order.ts';

/** What every student of them is told. */
export const TWIN_NOTE = 'The same program was handed in more than once in this class, and was judged once for all.';

/** Students with the same program are graded one right after the other, so a few answers are enough; each may have megabytes. */
const KEPT = 16;

/** Keeps the newest answers. */
export class Answers {
  readonly #kept = new Map<string, Promise<WorkerAnswer>>();

  /**
   * The answer for a program: one that is kept or under way, else a new one. One in which chance had a part is not kept, so
   * that every student has tries of their own.
   *
   * @param key all that the answer depends on
   * @param ask asks a worker
   */
  async get(key: string, ask: () => Promise<WorkerAnswer>): Promise<WorkerAnswer> {
    const kept = this.#kept.get(key);
    const before = kept && (await kept.catch(() => undefined));
    if (before !== undefined && holds(before)) return before;
    const answer = ask();
    this.#kept.set(key, answer);
    const forget = (): void => {
      if (this.#kept.get(key) === answer) this.#kept.delete(key);
    };
    answer.then((given) => holds(given) || forget(), forget);
    for (const old of [...this.#kept.keys()].slice(0, -KEPT)) this.#kept.delete(old);
    return await answer;
  }
}

function holds({ broken, mayInsist, milestones }: WorkerAnswer): boolean {
  if (mayInsist) return true;
  return broken === null && isCertain(milestones.flatMap(({ checks }) => checks.map(({ attempts }) => attempts)));
}
