/** The descriptor of an event. epoll returns the registered data field: the descriptor, an index, or a pointer. */
import { EPOLL_CTL_DEL } from '../../linux/constants.ts';
import type { TraceLine } from '../../linux/trace-line.ts';
import type { ReportedEvent } from '../contract/trace-record.ts';

/** A line of a trace. */
type Told = Omit<TraceLine, 'events'> & { events?: ReportedEvent[] };

/** The data fields of one epoll instance. */
class Notes {
  readonly #noteOf = new Map<number, number>();
  readonly #owners = new Map<number, Set<number>>();

  put(fd: number, note: number): void {
    this.remove(fd);
    this.#noteOf.set(fd, note);
    this.#owners.set(note, (this.#owners.get(note) ?? new Set()).add(fd));
  }

  remove(fd: number): void {
    this.#owners.get(this.#noteOf.get(fd) ?? NaN)?.delete(fd);
    this.#noteOf.delete(fd);
  }

  /** undefined: no owner, or several */
  ownerOf(note: number): number | undefined {
    const [owner, ...others] = this.#owners.get(note) ?? [];
    return others.length === 0 ? owner : undefined;
  }
}

/** Replaces data fields in the events of epoll_wait() by descriptors, where these are known. */
class EventOwners {
  readonly #instances = new Map<number, Notes>();

  /**
   * Must be called with all calls, in order.
   *
   * @returns the events of this call; undefined if it is no epoll_wait()
   */
  read({ call, fd, args, result, events }: Told): ReportedEvent[] | undefined {
    if (call === 'close' && result === 0) for (const notes of this.#instances.values()) notes.remove(fd);
    if (call === 'epoll_ctl' && result === 0) {
      const notes = this.#notesOf(Number(args.epfd));
      if (typeof args.data === 'number' && args.operation !== EPOLL_CTL_DEL) notes.put(fd, args.data);
      else notes.remove(fd);
    }
    return events?.map((event) => owned(event, this.#instances.get(fd)));
  }

  #notesOf(epfd: number): Notes {
    const notes = this.#instances.get(epfd) ?? new Notes();
    this.#instances.set(epfd, notes);
    return notes;
  }
}

/** Replaces data fields by descriptors in the events of all processes of a program. */
export function withOwners<Line extends Told>(lines: Line[]): Line[] {
  const processes = new Map<number, EventOwners>();
  return lines.map((line) => {
    const owners = processes.get(line.pid) ?? new EventOwners();
    processes.set(line.pid, owners);
    const events = owners.read(line);
    return events === undefined ? line : { ...line, events };
  });
}

function owned(event: ReportedEvent, notes: Notes | undefined): ReportedEvent {
  const owner = notes?.ownerOf(event.fd);
  if (owner === undefined || owner === event.fd) return event;
  return { fd: owner, events: event.events, data: event.fd };
}
