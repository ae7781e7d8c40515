/** Which client an upstream connection was made for. The order of the calls tells, or else the bytes do. */
import type { Call, Life } from './call.ts';

/** An upstream connection whose client the calls do not tell: several clients had connected. */
interface Unsure {
  upstream: Life;
  clients: Life[];
}

/** This many hexadecimal digits are never equal in two connections by chance. */
const SURE_DIGITS = 16;

/** Finds partners, call after call. */
export class Pairing {
  #newest: Life | undefined;
  /** the clients that were accepted without a connect() in between */
  #knocking: Life[] = [];
  #connects = 0;
  readonly #unsure: Unsure[] = [];

  accepted(client: Life): void {
    if (this.#connects >= this.#knocking.length) [this.#knocking, this.#connects] = [[], 0];
    this.#newest = client;
    this.#knocking.push(client);
  }

  /** A first call of connect() on a socket, with any result. */
  tried(): void {
    this.#connects += 1;
  }

  /** A connection that is open, or under way. @param lives all descriptors so far */
  connected(upstream: Life, lives: Life[]): void {
    const clients = this.#knocking.filter((client) => isFree(client) && client.partner === undefined);
    if (clients.length > 1) this.#unsure.push({ upstream, clients });
    else pairUp(upstream, isFree(this.#newest) ? this.#newest : handedOn(lives));
  }

  /** At the end: of several candidates, the client whose bytes went to this upstream connection. */
  settle(): void {
    const all = [...this.#unsure].flatMap(({ upstream, clients }) => [upstream, ...clients]);
    const received = receivers(new Set(all));
    for (const { upstream, clients } of this.#unsure) {
      const meant = clients.filter((client) => !client.partner && isLinked(upstream, client, received));
      if (meant.length === 1) pairUp(upstream, meant[0]);
    }
  }
}

/** Beginnings of received bytes, each with the sockets that received it. */
type Received = Map<string, Set<Life>>;

function headsOf({ calls }: Life, name: string): string[] {
  return calls.flatMap(({ call, head = '', result }: Call) =>
    call === name && result > 0 && typeof head === 'string' && head.length >= SURE_DIGITS ? [head] : [],
  );
}

function receivers(lives: Set<Life>): Received {
  const received: Received = new Map();
  for (const life of lives)
    for (const head of headsOf(life, 'recv')) received.set(head, (received.get(head) ?? new Set()).add(life));
  return received;
}

/** Whether one of the two sent on what the other one had received. */
function isLinked(one: Life, other: Life, received: Received): boolean {
  const sent = (from: Life, to: Life): boolean => headsOf(to, 'send').some((head) => received.get(head)?.has(from));
  return sent(one, other) || sent(other, one);
}

/** Whether a client is there and has no partner. */
function isFree(client: Life | undefined): client is Life {
  return (
    client !== undefined && !client.closed && (client.partner === undefined || client.partner.closed !== undefined)
  );
}

/** The client that lost its partner last and is still open: it may get another upstream. */
function handedOn(lives: Life[]): Life | undefined {
  const left = lives.filter((life) => life.kind === 'client' && life.partner !== undefined && isFree(life));
  return left.toSorted((a, b) => (a.partner?.closed?.index ?? 0) - (b.partner?.closed?.index ?? 0)).at(-1);
}

/** An upstream connection belongs to the client that was accepted last, unless that one has a partner or is gone. */
function pairUp(upstream: Life, client: Life | undefined): void {
  if (client === undefined) return;
  client.partner = upstream;
  upstream.partner = client;
}
