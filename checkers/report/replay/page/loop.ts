/** The loop: wait, take the ready list, handle each event; and the descriptors without a peer. */

import { eventNames } from '../model/call-text.ts';
import { isForgotten, short } from '../model/lanes.ts';
import type { ProgramRole } from '../model/page-data.ts';
import type { Report, Socket, State } from '../model/state.ts';
import { h } from './dom.ts';

const STARTING = 'The program is starting.';
const UNTRACED =
  'Its system calls are not shown: they were not recorded, or several processes made them. This is what was seen from outside.';

const CHIPS = 6;
/** How many events of epoll_wait are drawn. */
const REPORTS = 2;

export function drawLoop(state: State, role: ProgramRole): HTMLElement[] {
  if (state.life === 'off') return [h('p', { class: 'soft' }, 'The program has not been started yet.')];
  if (state.life === 'ended') return [h('p', { class: 'ended' }, 'The program has ended. All its sockets are closed.')];
  if (!state.traced) return [h('p', { class: 'soft' }, state.life === 'starting' ? STARTING : UNTRACED)];
  const loops = role === 'proxy' || Object.values(state.sockets).some(({ kind }) => kind === 'epoll');
  return [loops ? drawRing(state) : drawCall(state), drawOthers(state)];
}

/** A program without epoll has no such loop: it is in one call, which may block. */
function drawCall({ loop: { phase, call = '', fd = -1, fn = '' } }: State): HTMLElement {
  const doing = phase === 'setup' ? 'getting ready' : phase === 'blocked' ? 'waits' : 'works';
  const what = call === '' ? [] : [fn, `${call}()${fd === -1 ? '' : ` on fd ${fd}`}`];
  return h('ol', { class: 'ring working alone', 'aria-label': 'What it does' }, station(doing, true, ...what));
}

function drawRing({ loop }: State): HTMLElement {
  const { phase, call = '', fd = -1, fn = '', batch } = loop;
  const handling = phase === 'working' && call !== 'epoll_wait';
  const doing = phase === 'setup' ? 'getting ready' : phase === 'blocked' ? 'stuck' : 'handle';
  const busy = handling || phase === 'blocked' || phase === 'setup';
  const what = busy ? [fn, `${call}()${fd === -1 ? '' : ` on fd ${fd}`}`] : [];
  return h(
    'ol',
    { class: `ring ${phase}`, 'aria-label': 'The loop' },
    station('wait', phase === 'waiting', 'epoll_wait()', phase === 'waiting' ? 'asleep until something happens' : ''),
    station('ready', phase === 'working' && call === 'epoll_wait', ...drawReports(batch)),
    station(doing, busy, ...what),
  );
}

/** The events around the current one. */
function drawReports(batch: Report[]): HTMLElement[] {
  const now = batch.findIndex(({ turn }) => turn === 'now');
  const from = Math.max(0, Math.min(now, batch.length - REPORTS));
  const chips = batch.slice(from, from + REPORTS).map(({ fd, events, turn }) => {
    const names = eventNames(events).replaceAll('EPOLL', '').replaceAll(' | ', ' ');
    return h('span', { class: `chip ${turn}` }, `fd ${fd} ${names}`);
  });
  if (batch.length > REPORTS) chips.push(h('span', { class: 'note' }, `${now + 1} of ${batch.length}`));
  return chips;
}

function station(title: string, now: boolean, ...content: (HTMLElement | string)[]): HTMLElement {
  const attributes = { class: `station${now ? ' now' : ''}`, ...(now && { 'aria-current': 'step' }) };
  const parts = content.map((part) => (typeof part === 'string' ? h('span', { class: 'note' }, part) : part));
  return h('li', attributes, h('strong', {}, title), h('span', { class: 'content' }, ...parts));
}

/** The listening socket, the epoll instance, and sockets that are neither a client's nor an upstream's. */
function drawOthers(state: State): HTMLElement {
  const others = Object.values(state.sockets).filter((socket) => socket.lane === undefined);
  const chips = others.slice(0, CHIPS).map((socket) => h('li', { class: 'chip' }, describe(state, socket)));
  if (others.length > CHIPS) chips.push(h('li', { class: 'chip' }, `and ${others.length - CHIPS} more`));
  return h('ul', { class: 'others', 'aria-label': 'Other descriptors' }, ...chips);
}

function describe(state: State, socket: Socket): string {
  const { fd, kind, port, pending } = socket;
  const unwatched = isForgotten(state, socket) ? ', not watched' : '';
  if (kind === 'epoll') return `fd ${fd}: epoll`;
  if (kind !== 'listener')
    return `fd ${fd}: a socket that is not connected yet${pending > 0 ? `, holds ${short(pending)}` : ''}`;
  const queue = Object.values(state.clients).filter((client) => client.number > state.accepted && !client.left).length;
  const waiting = queue === 0 ? '' : `, ${queue} in the queue`;
  return `fd ${fd}: listens on port ${port ?? '?'}${waiting}${unwatched}`;
}
