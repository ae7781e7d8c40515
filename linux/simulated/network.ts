/** The loopback network of one machine: segments on their way, ports, connections by their addresses. */
import { Ports } from './ports.ts';
import type { Scheduler } from './scheduler.ts';
import type { Settings } from './settings.ts';

/** One direction of a connection: segments arrive in the order in which they were sent. */
export interface Link {
  readonly onTheWay: (() => void)[];
}

export class Network {
  readonly ports = new Ports();
  /** Connections by 'address:port-address:port', seen from one end. */
  readonly connections = new Set<string>();
  /** For answers that no socket sends: a reset from a port where nothing listens. */
  readonly stray: Link = { onTheWay: [] };
  /** Links whose first segment arrives before the call is over. */
  #arriving: Link[] = [];
  #delivering = false;

  constructor(
    readonly scheduler: Scheduler,
    readonly settings: Settings,
  ) {}

  /**
   * Sends a segment.
   *
   * @param link the direction it travels
   * @param arrive what it does at the other end
   */
  transmit(link: Link, arrive: () => void): void {
    link.onTheWay.push(arrive);
    if (this.scheduler.choices.pick('delivery', 2) === 0) this.#arriving.push(link);
    else this.scheduler.post('delivery', 0, () => link.onTheWay.shift()?.());
  }

  /** Does something in this call, once the segments that it has sent so far have arrived. */
  afterwards(run: () => void): void {
    this.#arriving.push({ onTheWay: [run] });
  }

  /**
   * Lets segments arrive, and their answers. The kernel calls this when a call ends: until then its socket is locked.
   *
   * @returns whether any arrived
   */
  deliver(): boolean {
    if (this.#delivering || this.#arriving.length === 0) return false;
    this.#delivering = true;
    for (let next = 0; next < this.#arriving.length; next += 1) {
      const link = this.#arriving[next] as Link;
      link.onTheWay.shift()?.();
    }
    this.#arriving = [];
    this.#delivering = false;
    return true;
  }
}
