/** Wait queues: who is to be told when a file changes. As in Linux's kernel/sched/wait.c. */

/** Something that wants to know. */
export interface Waiter {
  /** Woken one at a time, the first that can use it; see epoll_ctl(2), EPOLLEXCLUSIVE. */
  exclusive: boolean;
  /**
   * @param events what happened, as EPOLL bits; 0: anything may have
   * @returns whether it took the event
   */
  wake(events: number): boolean;
}

export class WaitQueue {
  #waiters: Waiter[] = [];

  /** The latest comes first, exclusive ones come last: the order of add_wait_queue() in Linux. */
  add(waiter: Waiter): void {
    if (waiter.exclusive) this.#waiters.push(waiter);
    else this.#waiters.unshift(waiter);
  }

  remove(waiter: Waiter): void {
    const index = this.#waiters.indexOf(waiter);
    if (index !== -1) this.#waiters.splice(index, 1);
  }

  get isEmpty(): boolean {
    return this.#waiters.length === 0;
  }

  /** Wakes all, and of the exclusive ones one. */
  wake(events: number): void {
    if (this.#waiters.length === 0) return;
    for (const waiter of [...this.#waiters]) {
      const took = waiter.wake(events);
      if (took && waiter.exclusive) return;
    }
  }

  /** Wakes all, the exclusive ones too: the state has changed for good. */
  wakeAll(): void {
    if (this.#waiters.length === 0) return;
    for (const waiter of [...this.#waiters]) waiter.wake(0);
  }
}
