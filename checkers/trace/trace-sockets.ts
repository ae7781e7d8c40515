/** Removes sockets from a trace that do not belong to the check: those that are not TCP, and third-party connections. */
import { AF_INET, SOCK_STREAM } from '../../linux/constants.ts';
import type { TraceRecord } from '../contract/trace-record.ts';

/** The ports of a check, by which its connections are known. */
export interface KnownPorts {
  proxy: number;
  upstream: number;
  upstreams?: number[];
  status?: number;
}

const AF_INET6 = 10;
/** Behind these bits of a type come SOCK_NONBLOCK and SOCK_CLOEXEC. */
const TYPE_BITS = 0xf;

/** A socket from the call that made it to the one that closed it. */
interface Span {
  tcp: boolean;
  /** the listening socket that it was accepted on */
  from?: Span | undefined;
  connectedTo?: number;
  boundTo?: number;
  listens?: boolean;
}

/** A record, and the sockets that its descriptors stood for when it was written. */
interface Seen {
  record: TraceRecord;
  own: Span | undefined;
  to: Span | undefined;
  events: (Span | undefined)[];
  watched: (Span | undefined)[];
}

/**
 * Proxies log over UDP, ask a resolver, talk to a local daemon or offer a metrics port: none of these sockets belongs to a
 * client or to an upstream.
 *
 * @returns the records without those of other sockets, which vanish from the lists of watched and reported descriptors, too
 */
export function ofTheCheck(records: TraceRecord[], ports: KnownPorts): TraceRecord[] {
  const spans = new Spans();
  const seen = records.map((record) => spans.read(record));
  const isOther = judge(spans.all, ports);
  return seen.flatMap((one) => kept(one, isOther));
}

function kept({ record, own, to, events, watched }: Seen, isOther: (span: Span | undefined) => boolean): TraceRecord[] {
  if (isOther(own) || isOther(to)) return [];
  // What waits for other sockets alone is a resolver at work.
  if (watched.length > 0 && watched.every(isOther)) return [];
  return [
    {
      ...record,
      ...(record.events && { events: record.events.filter((_event, index) => !isOther(events[index])) }),
      ...(record.watched && { watched: record.watched.filter((_one, index) => !isOther(watched[index])) }),
    },
  ];
}

/** A wrong port may be the mistake itself; a connection there is a third party's only if the right port was used as well. */
function judge(all: Span[], ports: KnownPorts): (span: Span | undefined) => boolean {
  const upstreams = [ports.proxy, ports.upstream, ...(ports.upstreams ?? [])];
  const listeners = [ports.proxy, ports.status];
  const reaches = all.some(({ connectedTo }) => connectedTo !== ports.proxy && upstreams.includes(connectedTo ?? -1));
  const opens = all.some(({ listens, boundTo }) => listens === true && boundTo === ports.proxy);
  const isOther = (span: Span | undefined): boolean => {
    if (span === undefined) return false;
    const { tcp, from, connectedTo, boundTo, listens } = span;
    if (!tcp || isOther(from)) return true;
    if (reaches && connectedTo !== undefined && !upstreams.includes(connectedTo)) return true;
    return opens && listens === true && boundTo !== undefined && !listeners.includes(boundTo);
  };
  return isOther;
}

/** Follows the sockets of all processes. */
class Spans {
  readonly all: Span[] = [];
  readonly #open = new Map<string, Span>();

  read(record: TraceRecord): Seen {
    const { call, pid, fd, args, result } = record;
    const at = (number: number): Span | undefined => this.#open.get(`${pid} ${number}`);
    const made = result === undefined || result < 0 ? undefined : this.#made(record, at(fd));
    const own = made ?? at(fd);
    const seen = {
      record,
      own,
      to: call === 'splice' ? at(Number(args.to)) : undefined,
      events: (record.events ?? []).map((event) => at(event.fd)),
      watched: (record.watched ?? []).map((one) => at(one.fd)),
    };
    if (own !== undefined && typeof args.port === 'number') {
      if (call === 'connect') own.connectedTo ??= args.port;
      if (call === 'bind') own.boundTo = args.port;
    }
    if (own !== undefined && call === 'listen') own.listens = true;
    if (call === 'close' && result === 0) this.#open.delete(`${pid} ${fd}`);
    return seen;
  }

  #made({ call, pid, args, result = -1 }: TraceRecord, listener: Span | undefined): Span | undefined {
    if (call === 'socket') return this.#begin(pid, [result], { tcp: isTcp(args) });
    if (call === 'accept') return this.#begin(pid, [result], { tcp: true, from: listener });
    if (call === 'socketpair') return this.#begin(pid, [Number(args.one), Number(args.other)], { tcp: false });
    if (call === 'epoll_create1') this.#open.delete(`${pid} ${result}`);
    return undefined;
  }

  #begin(pid: number, fds: number[], span: Span): Span {
    this.all.push(span);
    for (const fd of fds) this.#open.set(`${pid} ${fd}`, span);
    return span;
  }
}

/** A socket of unknown kind counts as the proxy's. */
function isTcp({ domain, type }: TraceRecord['args']): boolean {
  if (domain === undefined || type === undefined) return true;
  return (domain === AF_INET || domain === AF_INET6) && (Number(type) & TYPE_BITS) === SOCK_STREAM;
}
