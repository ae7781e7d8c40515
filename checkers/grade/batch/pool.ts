/** Runs tasks in order, a fixed number at a time, and a few extra ones while processors are idle. */

/** Extra tasks, under a condition. */
export interface Spare {
  /** maximum number of extra tasks */
  tasks: number;
  /** samples the load, and says whether one more task may start */
  isFree(): Promise<boolean>;
}

/**
 * Runs a task for each item; the first one that throws ends it all.
 *
 * @param items begun in this order
 * @param atOnce how many may run at the same time
 * @param signal aborted: no more are begun; those running are waited for
 * @param task what to do
 * @param spare extra tasks; undefined: none
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

/** One by one, so that each sample sees the load of the task before. */
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
