/** The state of the picture at one moment: clients, proxy and upstream. */

/** The current state of the proxy's loop. */
export interface Loop {
  /** before its first wait; waiting in epoll_wait; handling its events; in a call that does not return; exited */
  phase: 'setup' | 'waiting' | 'working' | 'blocked' | 'ended';
  /** the current or last call */
  call?: string;
  fd?: number;
  fn?: string;
  /** the events of the last epoll_wait, in order */
  batch: Report[];
}

/** One descriptor that epoll_wait reported, and whether the program has handled it. */
export interface Report {
  fd: number;
  events: number;
  turn: 'due' | 'now' | 'done';
}

/** An open descriptor of the proxy's. */
export interface Socket {
  fd: number;
  /** distinguishes a descriptor from an earlier one with the same number */
  generation: number;
  kind: 'socket' | 'listener' | 'client' | 'upstream' | 'epoll';
  /** number of its client or upstream connection; absent: neither */
  number?: number;
  /** row of the picture; absent: none */
  lane?: number;
  /** a listener's port, or the destination port of an upstream socket */
  port?: number;
  address?: string;
  /** its epoll events; 0: none, -1: events that the trace does not tell */
  watched: number;
  nonblocking: boolean;
  /** bytes that were received on it and have not been sent on */
  pending: number;
  received: number;
  sent: number;
  /** the result of recv or send: the other end has ended its stream, or the connection is closed */
  ended?: 'fin' | 'rst';
  /** the error of its failed connect() */
  failed?: string;
  /** connect() has begun a handshake, which may still fail */
  begun?: boolean;
}

/** A client, or a connection at the upstream: the outer end of a lane. */
export interface End {
  number: number;
  lane: number;
  /** its port, if there are several upstreams */
  port?: number;
  /** whether the checker recorded it; else it is only known from the proxy's calls */
  seen: boolean;
  sent: number;
  received: number;
  /** bytes that the proxy has received from it, and bytes that the proxy has sent to it */
  taken: number;
  given: number;
  /** how it closed its own end */
  left?: 'closes' | 'resets';
  /** the state of the proxy's end, as seen from here */
  ended?: 'fin' | 'rst';
}

/** One row of the picture: a client and the upstream connection that was made for it. */
export interface Lane {
  id: number;
  client?: number;
  clientFd?: number;
  upstream?: number;
  upstreamFd?: number;
  /** the proxy closed its descriptor on that side */
  clientClosed?: boolean;
  upstreamClosed?: boolean;
}

/** A row of the route table, and the sockets of its numbers when it was written. */
export interface Row {
  fds: number[];
  generations: number[];
}

export interface State {
  life: 'off' | 'starting' | 'listening' | 'ended';
  /** whether any system call was seen */
  traced: boolean;
  /** the upstream's port; 0: unknown */
  upstreamPort: number;
  loop: Loop;
  /** by descriptor */
  sockets: Record<string, Socket>;
  /** by number */
  clients: Record<string, End>;
  upstreams: Record<string, End>;
  /** by id */
  lanes: Record<string, Lane>;
  /** absent: never seen */
  table?: Row[];
  lastRead?: { fd: number; head: string };
  /** how many sockets are open */
  open: number;
  /** how many there have been in all */
  generations: number;
  accepted: number;
  connected: number;
  lanesMade: number;
  /** highest numbers of ends that were dropped because their lanes ended long ago */
  forgotten: Record<Side, number>;
}

export type Side = 'clients' | 'upstreams';

/** How many lanes are kept after their end. */
const LANES_KEPT = 60;
/** The most open sockets, and connections, so that a forged trace cannot make the page slow. */
const MOST = 800;

export function emptyState(upstreamPort = 0): State {
  return {
    life: 'off',
    traced: false,
    upstreamPort,
    loop: { phase: 'setup', batch: [] },
    sockets: {},
    clients: {},
    upstreams: {},
    lanes: {},
    open: 0,
    generations: 0,
    accepted: 0,
    connected: 0,
    lanesMade: 0,
    forgotten: { clients: 0, upstreams: 0 },
  };
}

export function withSocket(state: State, socket: Socket): State {
  const room = state.sockets[socket.fd] !== undefined || state.open < MOST;
  if (!room) return state;
  const open = state.sockets[socket.fd] === undefined ? state.open + 1 : state.open;
  return { ...state, open, sockets: { ...state.sockets, [socket.fd]: socket } };
}

/** Changes an open socket; the same state if there is none with that number. */
export function changeSocket(state: State, fd: number, change: Partial<Socket>): State {
  const socket = state.sockets[fd];
  return socket === undefined ? state : withSocket(state, { ...socket, ...change });
}

export function changeEnd(state: State, side: Side, number: number | undefined, change: (end: End) => End): State {
  const end = number === undefined ? undefined : state[side][number];
  if (end === undefined) return state;
  return { ...state, [side]: { ...state[side], [end.number]: change(end) } };
}

export function changeLane(state: State, id: number | undefined, change: Partial<Lane>): State {
  const lane = id === undefined ? undefined : state.lanes[id];
  return lane === undefined ? state : { ...state, lanes: { ...state.lanes, [lane.id]: { ...lane, ...change } } };
}

/** A new row for the picture. */
export function addLane(state: State): [State, number] {
  const id = state.lanesMade + 1;
  const rest = id % LANES_KEPT === 0 ? forgetOldLanes(state) : state;
  // The last lane gets all excess ones.
  if (id >= MOST && Object.keys(rest.lanes).length >= MOST) return [rest, state.lanesMade];
  return [{ ...rest, lanesMade: id, lanes: { ...rest.lanes, [id]: { id } } }, id];
}

/** Whether a lane can have no more events. */
export function isOver({ clients, upstreams }: State, lane: Lane): boolean {
  if (lane.clientFd !== undefined || lane.upstreamFd !== undefined) return false;
  const ends = [clients[lane.client ?? 0], upstreams[lane.upstream ?? 0]];
  return ends.every((end) => end === undefined || !end.seen || end.left !== undefined || end.ended !== undefined);
}

function forgetOldLanes(state: State): State {
  const over = Object.values(state.lanes).filter((lane) => isOver(state, lane));
  const old = over.slice(0, -LANES_KEPT);
  if (old.length === 0) return state;
  const [lanes, clients, upstreams] = [{ ...state.lanes }, { ...state.clients }, { ...state.upstreams }];
  const forgotten = { ...state.forgotten };
  for (const { id, client = 0, upstream = 0 } of old) {
    delete lanes[id];
    delete clients[client];
    delete upstreams[upstream];
    forgotten.clients = Math.max(forgotten.clients, client);
    forgotten.upstreams = Math.max(forgotten.upstreams, upstream);
  }
  return { ...state, lanes, clients, upstreams, forgotten };
}

/** The end with that number; created in the given lane if it is new. */
export function ensureEnd(state: State, side: Side, number: number, lane: (state: State) => [State, number]): State {
  if (state[side][number] !== undefined || number <= state.forgotten[side]) return state;
  const [next, id] = lane(state);
  const end: End = { number, lane: id, seen: false, sent: 0, received: 0, taken: 0, given: 0 };
  const key = side === 'clients' ? 'client' : 'upstream';
  return changeLane({ ...next, [side]: { ...next[side], [number]: end } }, id, { [key]: number });
}

/** The row for a new upstream connection: that of the last accepted client without one. */
export function laneForUpstream(state: State): [State, number] {
  const lanes = Object.values(state.lanes);
  if (!state.traced) {
    // Without a trace, clients and upstream connections are paired in the order of arrival.
    const next = lanes.find((lane) => lane.client !== undefined && lane.upstream === undefined);
    return next === undefined ? addLane(state) : [state, next.id];
  }
  const begun = lanes.find(({ upstreamFd, upstream }) => {
    const socket = upstreamFd === undefined ? undefined : state.sockets[upstreamFd];
    return socket !== undefined && upstream === undefined && socket.failed === undefined;
  });
  const free = lanes.findLast(
    (lane) => lane.clientFd !== undefined && lane.upstreamFd === undefined && lane.upstream === undefined,
  );
  const lane = begun ?? free;
  return lane === undefined ? addLane(state) : [state, lane.id];
}
