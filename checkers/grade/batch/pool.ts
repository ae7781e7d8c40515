/** So many tasks at a time, in order; a few more as long as they take nothing away from the others. */

/** A few tasks more, while something allows it. */
export interface Spare {
  /** so many at most, besides the usual ones */
  tasks: number;
  /** looks for a moment, and says whether one more may begin */
  isFree(): Promise<boolean>;
}

/**
 * Runs a task for each item; the first one that throws ends it all.
 *
 * @param items begun in this order
 * @param atOnce how many may run at the same time
 * @param signal aborted: no more are begun; those running are waited for
 * @param task what to do
 * @param spare who may run besides; undefined: nobody
 */
export async function inPool<T>(
  items: T[],
  atOnce: number,
  signal: AbortSignal,
  task: (item: T) => Promise<void>,
  spare?: Spare,
): Promise<void> {
  const waiting = [...items];
  const errors: unknown[] = [];
  const isOver = (): boolean => signal.aborted || errors.length > 0 || waiting.length === 0;
  const next = async (): Promise<void> => {
    const [item] = waiting.splice(0, 1) as [T];
    await task(item).catch((error: unknown) => errors.push(error));
  };
  const worker = async (): Promise<void> => {
    while (!isOver()) await next();
  };
  const lanes = Array.from({ length: Math.max(1, Math.min(atOnce, items.length)) }, worker);
  await Promise.all([...lanes, ...(spare === undefined ? [] : [inSpare(spare, isOver, next)])]);
  if (errors.length > 0) throw errors[0];
}

/** One after the other, so that each look at what is free has seen the one before at work. */
async function inSpare({ tasks, isFree }: Spare, isOver: () => boolean, next: () => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  while (!isOver()) {
    const free = await isFree();
    if (!free || running.size >= tasks || isOver()) continue;
    const one = next().finally(() => running.delete(one));
    running.add(one);
  }
  await Promise.all(running);
}
