/** epoll: fs/eventpoll.c in Linux. See epoll(7). */
import {
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  EPOLLERR,
  EPOLLET,
  EPOLLEXCLUSIVE,
  EPOLLHUP,
  EPOLLONESHOT,
} from '../constants.ts';
import { EEXIST, EINTR, EINVAL, ELOOP, ENOENT } from './errors.ts';
import { EXCLUSIVE_OK_BITS, PRIVATE_BITS, READABLE } from './events.ts';
import { O_RDWR, OpenFile, type Registration } from './file.ts';
import { type Attempt, done } from './outcome.ts';
import type { Scheduler } from './scheduler.ts';
import { type Waiter, WaitQueue } from './wait-queue.ts';

/** What epoll_wait() reports. */
export interface Event {
  events: number;
  note: number;
}

/** One registered descriptor: Linux's struct epitem. */
class Item implements Waiter, Registration {
  ready = false;

  constructor(
    readonly instance: EpollInstance,
    readonly file: OpenFile,
    readonly fd: number,
    public events: number,
    public note: number,
  ) {}

  get exclusive(): boolean {
    return (this.events & EPOLLEXCLUSIVE) !== 0;
  }

  get edge(): boolean {
    return (this.events & EPOLLET) !== 0;
  }

  /** What is ready of what is watched. */
  poll(): number {
    return (this.file.poll() & this.events) >>> 0;
  }

  /** ep_poll_callback(): the file has changed. */
  wake(events: number): boolean {
    // A one-shot registration that has fired is disabled.
    if ((this.events & ~PRIVATE_BITS) === 0) return false;
    if (events !== 0 && (events & this.events) === 0) return false;
    const waited = this.instance.isWaitedFor;
    this.instance.add(this);
    return waited || !this.exclusive;
  }

  forget(): void {
    this.instance.remove(this);
  }
}

/** The deepest that instances may watch each other. */
const DEEPEST = 4;

export class EpollInstance extends OpenFile {
  /** Calls of epoll_wait(). Those that watch the instance itself are in `queue`. */
  readonly waiters = new WaitQueue();
  readonly #items = new Map<OpenFile, Map<number, Item>>();
  #ready: Item[] = [];

  constructor(readonly scheduler: Scheduler) {
    super(O_RDWR);
  }

  get isWaitedFor(): boolean {
    return !this.waiters.isEmpty;
  }

  /** epoll_ctl(2), for an open file that is not the instance itself. */
  control(op: number, file: OpenFile, fd: number, events: number, note: number): number {
    const item = this.#items.get(file)?.get(fd);
    if (op !== EPOLL_CTL_DEL && events & EPOLLEXCLUSIVE && !this.#mayBeExclusive(op, file, events)) return -EINVAL;
    if (op === EPOLL_CTL_ADD) {
      if (file instanceof EpollInstance && !this.#mayWatch(file)) return -ELOOP;
      return item === undefined ? this.#insert(file, fd, events, note) : -EEXIST;
    }
    if (op === EPOLL_CTL_DEL) return item === undefined ? -ENOENT : this.remove(item);
    if (op !== EPOLL_CTL_MOD) return -EINVAL;
    return item === undefined ? -ENOENT : this.#modify(item, events, note);
  }

  #mayBeExclusive(op: number, file: OpenFile, events: number): boolean {
    if (op === EPOLL_CTL_MOD) return false;
    return op !== EPOLL_CTL_ADD || (!(file instanceof EpollInstance) && (events & ~EXCLUSIVE_OK_BITS) === 0);
  }

  /** Neither in a circle nor too deep. */
  #mayWatch(other: EpollInstance): boolean {
    return !other.#watches(this) && this.#height() + other.#depth() <= DEEPEST;
  }

  #inner(): EpollInstance[] {
    return [...this.#items.keys()].filter((file) => file instanceof EpollInstance);
  }

  #watches(other: EpollInstance): boolean {
    return other === this || this.#inner().some((inner) => inner.#watches(other));
  }

  #depth(): number {
    return 1 + Math.max(0, ...this.#inner().map((inner) => inner.#depth()));
  }

  #height(): number {
    const outer = [...this.registrations].filter((item) => item instanceof Item);
    return 1 + Math.max(0, ...outer.map((item) => item.instance.#height()));
  }

  #insert(file: OpenFile, fd: number, events: number, note: number): number {
    const item = new Item(this, file, fd, (events | EPOLLERR | EPOLLHUP) >>> 0, note);
    const items = this.#items.get(file) ?? new Map<number, Item>();
    this.#items.set(file, items.set(fd, item));
    file.registrations.add(item);
    file.queue.add(item);
    if (item.poll() !== 0 && !item.ready) this.add(item);
    return 0;
  }

  #modify(item: Item, events: number, note: number): number {
    if (item.exclusive) return -EINVAL;
    item.events = (events | EPOLLERR | EPOLLHUP) >>> 0;
    item.note = note;
    if (item.poll() !== 0 && !item.ready) this.add(item);
    return 0;
  }

  remove(item: Item): number {
    const items = this.#items.get(item.file);
    items?.delete(item.fd);
    if (items?.size === 0) this.#items.delete(item.file);
    item.file.registrations.delete(item);
    item.file.queue.remove(item);
    if (item.ready) this.#ready.splice(this.#ready.indexOf(item), 1);
    return 0;
  }

  /** Appends to the ready list, and wakes those that wait. */
  add(item: Item): void {
    if (!item.ready) {
      item.ready = true;
      this.#ready.push(item);
    }
    this.waiters.wake(READABLE);
    this.queue.wake(READABLE);
  }

  /** The instance is readable when a wait would report something: __ep_eventpoll_poll(). */
  override poll(): number {
    while (this.#ready.length > 0) {
      const item = this.#ready[0] as Item;
      if (item.poll() !== 0) return READABLE;
      item.ready = false;
      this.#ready.shift();
    }
    return 0;
  }

  /** epoll_wait(2). @param into is given what happened */
  wait(maxevents: number, timeout: number, into: (event: Event) => void): Attempt {
    if (maxevents <= 0 || maxevents > MAX_EVENTS) return done(-EINVAL);
    let deadline: number | undefined;
    return () => {
      deadline ??= timeout < 0 ? Infinity : this.scheduler.now + timeout;
      const count = this.#send(maxevents, into);
      if (count > 0 || timeout === 0 || this.scheduler.now >= deadline) return count;
      return { on: this.waiters, until: deadline, interrupted: -EINTR };
    };
  }

  /** ep_send_events(): level-triggered entries go to the end of the list, what did not fit stays at its beginning. */
  #send(maxevents: number, into: (event: Event) => void): number {
    const scanned = this.#ready;
    this.#ready = [];
    const { choices } = this.scheduler;
    const most = choices.calm ? maxevents : choices.amount('events-reported', Math.min(maxevents, scanned.length));
    let count = 0;
    while (count < most && scanned.length > 0) {
      const [item] = scanned.splice(choices.pick('event-order', scanned.length), 1) as [Item];
      item.ready = false;
      const events = item.poll();
      if (events === 0) continue;
      into({ events, note: item.note });
      count += 1;
      if (item.events & EPOLLONESHOT) item.events = (item.events & PRIVATE_BITS) >>> 0;
      else if (!item.edge) {
        item.ready = true;
        this.#ready.push(item);
      }
    }
    this.#ready.unshift(...scanned);
    return count;
  }

  override release(): Attempt {
    for (const items of [...this.#items.values()]) for (const item of [...items.values()]) this.remove(item);
    return done(0);
  }
}

/** EP_MAX_EVENTS on x64: 2 GiB of events. */
const MAX_EVENTS = Math.floor((2 ** 31 - 1) / 12);
