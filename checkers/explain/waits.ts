/** The calls in which a loop waits for events on its descriptors. */

const WAITS = new Set(['epoll_wait', 'poll', 'select']);

/** Whether a call, by its name, waits for several descriptors at once. */
export function isWait(call: string | undefined): boolean {
  return WAITS.has(call ?? '');
}
