/** What the picture shows at one moment: everything that is known about the clients, the proxy and the upstream. */

/** The proxy's loop: what it does now. */
export interface Loop {
  /** before its first wait; waiting in epoll_wait; dealing with what it reported; in a call that does not return; gone */
  phase: 'setup' | 'waiting' | 'working' | 'blocked' | 'ended';
  /** the call that it is in, or was in last */
  call?: string;
  fd?: number;
  fn?: string;
  /** what epoll_wait reported last, in order */
  batch: Report[];
}

/** One descriptor that epoll_wait reported, and whether the program has come to it. */
export interface Report {
  fd: number;
  events: number;
  turn: 'due' | 'now' | 'done';
}

/** An open descriptor of the proxy's. */
export interface Socket {
  fd: number;
  /** tells a descriptor from an earlier one with the same number */
  generation: number;
  kind: 'socket' | 'listener' | 'client' | 'upstream' | 'epoll';
  /** of its client or upstream connection; absent: it leads to neither */
  number?: number;
  /** row of the picture; absent: none */
  lane?: number;
  /** a listener's port, or where an upstream socket leads to */
  port?: number;
  address?: string;
  /** what epoll watches it for; 0: nothing, -1: something that the trace does not tell */
  watched: number;
  nonblocking: boolean;
  /** bytes that were received on it and have not been sent on */
  pending: number;
  received: number;
  sent: number;
  /** what recv or send told: the other end sends no more, or the connection is gone */
  ended?: 'fin' | 'rst';
  /** the error that kept it from being connected */
  failed?: string;
  /** connect() has begun a handshake, which may still fail */
  begun?: boolean;
}

/** A client, or a connection at the upstream: the outer end of a lane. */
export interface End {
  number: number;
  lane: number;
  /** of several upstreams: on which port it is */
  port?: number;
  /** whether the checker told of it; else all we know is from the proxy's calls */
  seen: boolean;
  sent: number;
  received: number;
  /** bytes of it that the proxy has taken, and bytes that the proxy has given to the kernel for it */
  taken: number;
  given: number;
  /** what it did itself */
  left?: 'closes' | 'resets';
  /** what it saw of the proxy's end */
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

/** A row of the route table, and which sockets its numbers meant when it was written. */
export interface Row {
  fds: number[];
  generations: number[];
}

export interface State {
  life: 'off' | 'starting' | 'listening' | 'ended';
  /** whether any system call was seen */
  traced: boolean;
  /** the port that means the upstream; 0: not known */
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
  /** how many there have been */
  generations: number;
  accepted: number;
  connected: number;
  lanesMade: number;
  /** highest numbers of ends that were forgotten because their lanes are long over */
  forgotten: Record<Side, number>;
}

export type Side = 'clients' | 'upstreams';

/** So many lanes are remembered after they are over. */
const LANES_KEPT = 60;
/** No honest program has more sockets open, or as many connections; a forged trace shall not make us slow. */
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

/** Changes an open socket; the same state when there is none of that number. */
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
  // The last one takes them all.
  if (id >= MOST && Object.keys(rest.lanes).length >= MOST) return [rest, state.lanesMade];
  return [{ ...rest, lanesMade: id, lanes: { ...rest.lanes, [id]: { id } } }, id];
}

/** Whether nothing can happen on a lane any more. */
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

/** The end of that number; made now, in the given lane, if this is the first that we hear of it. */
export function ensureEnd(state: State, side: Side, number: number, lane: (state: State) => [State, number]): State {
  if (state[side][number] !== undefined || number <= state.forgotten[side]) return state;
  const [next, id] = lane(state);
  const end: End = { number, lane: id, seen: false, sent: 0, received: 0, taken: 0, given: 0 };
  const key = side === 'clients' ? 'client' : 'upstream';
  return changeLane({ ...next, [side]: { ...next[side], [number]: end } }, id, { [key]: number });
}

/** The row for a new upstream connection: that of the client that was accepted last and has none yet. */
export function laneForUpstream(state: State): [State, number] {
  const lanes = Object.values(state.lanes);
  if (!state.traced) {
    // Nothing is known of the proxy's inside: clients and upstream connections are paired as they come.
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
