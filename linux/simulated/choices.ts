/**
 * Every choice that a real machine leaves to chance, at a named point. One seed decides all of them, so that a run can be
 * repeated. Seed 0 is a calm machine: each point takes its first option, the ordinary one.
 */

/** The points, and what option 0 stands for. */
export const CHOICE_POINTS = {
  'who-moves': 'the task that is due first; others: another task that is due as well',
  'bytes-sent': 'send() takes all that fits; others: less, down to one byte',
  'bytes-received': 'recv() gives all that is there; others: less, down to one byte',
  delivery: 'a segment arrives before the call that sent it is over; 1: it arrives later',
  'event-order': 'epoll_wait() reports in the order of the ready list; others: another entry comes first',
  'events-reported': 'epoll_wait() reports all that fit; others: fewer',
  listener: 'of the listeners that share a port, the one that a hash of the addresses leads to; others: another',
  'signal-thread': 'the thread that waits gets the signal: EINTR; 1: another thread of the program gets it',
} as const;

export type ChoicePoint = keyof typeof CHOICE_POINTS;

/** A choice that was not the ordinary one. */
export interface Choice {
  /** ordinal of the choice in this run, from 0 on */
  at: number;
  point: ChoicePoint;
  taken: number;
  options: number;
}

export class Choices {
  /** Those that were not option 0, in order: a schedule in its shortest form. */
  readonly taken: Choice[] = [];
  #made = 0;
  #state: number;

  /**
   * @param seed 0: the calm machine
   * @param points the points where the seed decides; at all others the machine is calm
   */
  constructor(
    readonly seed: number,
    readonly points: ReadonlySet<ChoicePoint> = new Set(Object.keys(CHOICE_POINTS) as ChoicePoint[]),
  ) {
    this.#state = seed >>> 0;
  }

  /** Whether every choice is the ordinary one. */
  get calm(): boolean {
    return this.seed === 0;
  }

  /**
   * Takes one of several options.
   *
   * @param point where
   * @param options how many there are, at least 1
   * @returns 0 to options - 1
   */
  pick(point: ChoicePoint, options: number): number {
    const at = this.#made;
    this.#made += 1;
    if (this.seed === 0 || options < 2 || !this.points.has(point)) return 0;
    const taken = Math.floor(this.#next() * options);
    if (taken > 0) this.taken.push({ at, point, taken, options });
    return taken;
  }

  /** An amount from 1 to `most`; the ordinary one is `most`. One in two is ordinary, one in eight a single byte. */
  amount(point: ChoicePoint, most: number): number {
    if (most < 2) return most;
    const kind = this.pick(point, 8);
    if (kind < 4) return most;
    return kind === 4 ? 1 : Math.max(1, Math.floor((most * (kind - 4)) / 4));
  }

  /** mulberry32: small, fast, and the same everywhere. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
