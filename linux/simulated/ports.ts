/** Which sockets have which ports: the rules of bind(2) and listen(2), as in Linux's net/ipv4/inet_connection_sock.c. */

/** What holds a port: a socket, or what is left of a connection in TIME_WAIT. */
export interface PortHolder {
  /** its local address; '0.0.0.0': all */
  readonly address: string;
  /** SO_REUSEADDR */
  readonly reuse: boolean;
  /** SO_REUSEPORT */
  readonly reusePort: boolean;
  readonly listening: boolean;
}

/** One port in use. */
interface Bucket {
  holders: Set<PortHolder>;
  /** every holder had SO_REUSEADDR and did not listen when it came: another one of that kind needs no further check */
  allReuse: boolean;
  /** the same for SO_REUSEPORT */
  allReusePort: boolean;
}

/** ip_local_port_range, see ip(7): connect() takes the even ones, bind() the odd ones. */
const FIRST_AUTOMATIC = 32_768;
const LAST_AUTOMATIC = 60_999;

export const ANY_ADDRESS = '0.0.0.0';

export class Ports {
  readonly #buckets = new Map<number, Bucket>();
  #nextBound = FIRST_AUTOMATIC + 1;
  #nextConnected = FIRST_AUTOMATIC;

  /** Those that hold a port. */
  holders(port: number): Iterable<PortHolder> {
    return this.#buckets.get(port)?.holders ?? [];
  }

  /**
   * Takes a port for a socket; a socket that has it already is checked again, as listen() does.
   *
   * @returns whether it may have it
   */
  claim(holder: PortHolder, port: number): boolean {
    const reuse = holder.reuse && !holder.listening;
    const bucket = this.#buckets.get(port);
    if (bucket === undefined) {
      this.#buckets.set(port, { holders: new Set([holder]), allReuse: reuse, allReusePort: holder.reusePort });
      return true;
    }
    const free = (bucket.allReuse && reuse) || (bucket.allReusePort && holder.reusePort);
    if (!free && [...bucket.holders].some((other) => conflicts(holder, other))) return false;
    if (!reuse) bucket.allReuse = false;
    if (!holder.reusePort) bucket.allReusePort = false;
    bucket.holders.add(holder);
    return true;
  }

  /** Adds a holder that needs no check: a connection of a listener, or one in TIME_WAIT. */
  inherit(holder: PortHolder, port: number): void {
    const bucket = this.#buckets.get(port) ?? { holders: new Set(), allReuse: false, allReusePort: false };
    bucket.holders.add(holder);
    this.#buckets.set(port, bucket);
  }

  release(holder: PortHolder, port: number): void {
    const bucket = this.#buckets.get(port);
    bucket?.holders.delete(holder);
    if (bucket?.holders.size === 0) this.#buckets.delete(port);
  }

  /** A free port for bind() or listen(); 0 when there is none. */
  automatic(): number {
    const port = this.#free(this.#nextBound);
    this.#nextBound = after(port);
    return port;
  }

  /** A free port for connect(); 0 when there is none. */
  automaticForConnect(): number {
    const port = this.#free(this.#nextConnected);
    this.#nextConnected = after(port);
    return port;
  }

  #free(first: number): number {
    let port = first;
    while (this.#buckets.has(port)) {
      port = after(port);
      if (port === first) return 0;
    }
    return port;
  }
}

/** The next port of the same kind. */
function after(port: number): number {
  return port + 2 > LAST_AUTOMATIC ? FIRST_AUTOMATIC + (port % 2) : port + 2;
}

function conflicts(one: PortHolder, other: PortHolder): boolean {
  if (one === other) return false;
  if (one.address !== other.address && one.address !== ANY_ADDRESS && other.address !== ANY_ADDRESS) return false;
  if (one.reuse && other.reuse && !other.listening) return false;
  return !(one.reusePort && other.reusePort);
}
