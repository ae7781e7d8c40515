/** The picture: clients on the left, the program with its loop, sockets and route table in the middle, upstream on the right. */

import { endNote, inFlight, laneOf, type Move, moveOf, short, socketNotes, visibleLanes } from '../model/lanes.ts';
import { renamed } from '../model/naming.ts';
import type { ProgramRole } from '../model/page-data.ts';
import type { End, Lane, Side, Socket, State } from '../model/state.ts';
import type { Step } from '../model/steps.ts';
import { h, withVariable } from './dom.ts';
import { drawLoop } from './loop.ts';
import { drawRoutes, drawTable } from './routes.ts';

/** A buffer is drawn full when it holds this much, the size of the lesson's buffer. */
const FULL = 64 * 1024;

export interface Moment {
  role: ProgramRole;
  step: Step | undefined;
  before: State;
  after: State;
  /** whether to animate movements */
  lively: boolean;
}

export function drawPicture(picture: HTMLElement, moment: Moment): void {
  const { role, step, before, after } = moment;
  const move = step && moveOf(step, before, after);
  const visible = visibleLanes(after, laneOf(step, before, after));
  const { lanes } = visible;
  const list = h('ul', { class: 'lanes' }, ...lanes.map((lane) => drawLane(lane, moment, move)));
  // The style sheet hides the side that this program has not.
  picture.dataset.role = role;
  picture.replaceChildren(
    h('div', { class: 'proxy-box' }),
    h('h2', { class: 'head left' }, 'Clients'),
    h('h2', { class: 'head middle' }, `The ${role}`),
    h('h2', { class: 'head right' }, role === 'client' ? 'Server' : 'Upstream'),
    h('div', { class: 'panel loop-panel' }, ...drawLoop(after, role)),
    drawRoutes(after, lanes, move),
    lanes.length > 0 ? list : h('p', { class: 'lanes empty soft' }, 'No connection yet.'),
    h(
      'div',
      { class: 'panel table-panel' },
      ...drawTable(role === 'proxy' ? after : { ...after, table: undefined }, visible),
    ),
  );
}

function drawLane(lane: Lane, moment: Moment, move: Move | undefined): HTMLElement {
  const own = move?.lane === lane.id ? move : undefined;
  return h(
    'li',
    { class: 'lane' },
    drawEnd(moment, 'clients', lane),
    drawWire(moment, 'clients', lane, own),
    drawSocket(moment, 'clients', lane),
    drawSocket(moment, 'upstreams', lane),
    drawWire(moment, 'upstreams', lane, own),
    drawEnd(moment, 'upstreams', lane),
  );
}

function drawEnd({ role, after: state }: Moment, side: Side, lane: Lane): HTMLElement {
  const number = side === 'clients' ? lane.client : lane.upstream;
  const end = number === undefined ? undefined : state[side][number];
  if (end === undefined) return h('div', { class: `end ${side} empty` });
  const gone = end.left !== undefined || end.ended !== undefined;
  const name = side === 'clients' ? 'client' : role === 'client' ? 'server' : 'upstream';
  return h(
    'div',
    { class: `end ${side}${gone ? ' gone' : ''}` },
    h('strong', {}, `${name} ${end.number}`),
    ...(end.port === undefined ? [] : [h('span', { class: 'note port' }, `on port ${end.port}`)]),
    h('span', { class: 'note' }, renamed(endNote(state, end), role)),
  );
}

function drawWire({ after, lively }: Moment, side: Side, lane: Lane, move: Move | undefined): HTMLElement {
  const fd = side === 'clients' ? lane.clientFd : lane.upstreamFd;
  const number = side === 'clients' ? lane.client : lane.upstream;
  const end = number === undefined ? undefined : after[side][number];
  const { toProxy, toEnd } = inFlight(after, side, lane);
  const wire = h('div', { class: `wire ${side} ${shapeOf(after.traced, fd, end)}` });
  if (toProxy > 0) wire.append(drawWaiting(toProxy, side === 'clients', 'to the proxy'));
  if (toEnd > 0) wire.append(drawWaiting(toEnd, side === 'upstreams', 'from the proxy'));
  if (move !== undefined && move.side === side) wire.append(drawMove(move, lively));
  return wire;
}

/** The style of a line: whole, closed by the proxy, broken, or missing. */
function shapeOf(traced: boolean, fd: number | undefined, end: End | undefined): string {
  if (fd === undefined && end === undefined) return 'none';
  if (end?.ended === 'rst' || end?.left === 'resets') return 'broken';
  const over = end?.left !== undefined || end?.ended !== undefined;
  return (traced ? fd === undefined : over) ? 'closed' : 'open';
}

/** Bytes in the kernel: one side has sent them and the other has not read them yet. */
function drawWaiting(count: number, toRight: boolean, where: string): HTMLElement {
  const arrow = h('span', { 'aria-hidden': 'true' }, toRight ? ' →' : ' ←');
  const ears = h('span', { class: 'for-ears' }, ` in the kernel, on the way ${where}`);
  return h('span', { class: `kernel ${toRight ? 'request' : 'answer'}` }, short(count), ears, arrow);
}

/** Start and end of a movement along its line, in percent from the left. */
function drawMove({ side, half, towards, what, bytes }: Move, lively: boolean): HTMLElement {
  const outerLeft = side === 'clients';
  const [left, right] = (half === 'outer') === outerLeft ? [18, 50] : [50, 82];
  const toRight = (towards === 'proxy') === outerLeft;
  const text = { bytes: short(bytes), connect: 'connects', fin: 'FIN', rst: 'RST' }[what];
  const flow = toRight ? 'request' : 'answer';
  const pill = h(
    'span',
    { class: `move ${flow} ${what}${lively ? ' lively' : ''}`, 'aria-hidden': 'true' },
    toRight ? `${text} →` : `← ${text}`,
  );
  withVariable(pill, '--from', `${toRight ? left : right}%`);
  return withVariable(pill, '--to', `${toRight ? right : left}%`);
}

function drawSocket({ after, before, step, lively }: Moment, side: Side, lane: Lane): HTMLElement {
  const fd = side === 'clients' ? lane.clientFd : lane.upstreamFd;
  const socket = fd === undefined ? undefined : after.sockets[fd];
  if (socket === undefined) {
    const closed = side === 'clients' ? lane.clientClosed : lane.upstreamClosed;
    const waits = side === 'clients' && lane.client !== undefined && !closed && after.traced;
    return h('div', { class: `socket ${side} absent` }, closed ? 'closed' : waits ? 'in the queue' : '');
  }
  const isNow = step?.kind === 'call' && (step.fd === fd || (step.result === fd && step.call === 'accept'));
  return h(
    'div',
    {
      class: `socket ${side}${isNow ? ' now' : ''}${socket.failed !== undefined || socket.ended === 'rst' ? ' broken' : ''}`,
    },
    h('strong', {}, `fd ${fd}`),
    drawBuffer(socket, before.sockets[socket.fd], lively),
    h('span', { class: 'note' }, socketNotes(after, socket)[0] ?? 'nothing to send on'),
  );
}

function drawBuffer({ pending }: Socket, earlier: Socket | undefined, lively: boolean): HTMLElement {
  const bar = h(
    'span',
    { class: `buffer${lively ? ' lively' : ''}`, 'aria-hidden': 'true' },
    h('span', { class: 'fill' }),
  );
  withVariable(bar, '--was', fraction(earlier?.pending ?? 0));
  return withVariable(bar, '--is', fraction(pending));
}

/** Small amounts are drawn larger, so that they stay visible. */
function fraction(pending: number): string {
  return pending === 0 ? '0' : String(Math.min(1, 0.08 + (0.92 * pending) / FULL));
}
