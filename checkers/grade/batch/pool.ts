/** So many tasks at a time, in order. */

/**
 * Runs a task for each item; the first one that throws ends it all.
 *
 * @param items begun in this order
 * @param atOnce how many may run at the same time
 * @param signal aborted: no more are begun; those running are waited for
 * @param task what to do
 */
export async function inPool<T>(
  items: T[],
  atOnce: number,
  signal: AbortSignal,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (!signal.aborted && errors.length === 0) {
      const item = waiting.shift();
      if (item === undefined) return;
      await task(item).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(atOnce, items.length)) }, worker));
  if (errors.length > 0) throw errors[0];
}
