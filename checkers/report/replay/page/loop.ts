/** The loop: wait, take the ready list, handle each event; and the descriptors without a peer. */

import { text } from '../../../messages/page.ts';
import { eventNames } from '../model/call-text.ts';
import { isForgotten, short } from '../model/lanes.ts';
import type { ProgramRole } from '../model/page-data.ts';
import type { Report, Socket, State } from '../model/state.ts';
import { h } from './dom.ts';

const STARTING = text.replay.page.programIsStarting;
const UNTRACED = text.replay.page.systemCallsAreNot;

const CHIPS = 6;
/** How many events of epoll_wait are drawn. */
const REPORTS = 2;

export function drawLoop(state: State, role: ProgramRole): HTMLElement[] {
  if (state.life === 'off') return [h('p', { class: 'soft' }, text.replay.page.programHasNotBeen)];
  if (state.life === 'ended') return [h('p', { class: 'ended' }, text.replay.page.programHasEndedAll)];
  if (!state.traced) return [h('p', { class: 'soft' }, state.life === 'starting' ? STARTING : UNTRACED)];
  const loops = role === 'proxy' || Object.values(state.sockets).some(({ kind }) => kind === 'epoll');
  return [loops ? drawRing(state) : drawCall(state), drawOthers(state)];
}

/** A program without epoll has no such loop: it is in one call, which may block. */
function drawCall({ loop: { phase, call = '', fd = -1, fn = '' } }: State): HTMLElement {
  const doing =
    phase === 'setup'
      ? text.replay.page.gettingReady
      : phase === 'blocked'
        ? text.replay.page.waits
        : text.replay.page.works;
  const what = call === '' ? [] : [fn, `${call}()${fd === -1 ? '' : text.replay.page.onFd(fd)}`];
  return h(
    'ol',
    { class: 'ring working alone', 'aria-label': text.replay.page.whatDoes },
    station(doing, true, ...what),
  );
}

function drawRing({ loop }: State): HTMLElement {
  const { phase, call = '', fd = -1, fn = '', batch } = loop;
  const handling = phase === 'working' && call !== 'epoll_wait';
  const doing =
    phase === 'setup'
      ? text.replay.page.gettingReady
      : phase === 'blocked'
        ? text.replay.page.stuck
        : text.replay.page.handle;
  const busy = handling || phase === 'blocked' || phase === 'setup';
  const what = busy ? [fn, `${call}()${fd === -1 ? '' : text.replay.page.onFd(fd)}`] : [];
  return h(
    'ol',
    { class: `ring ${phase}`, 'aria-label': text.replay.page.theLoop },
    station(
      text.replay.page.wait,
      phase === 'waiting',
      'epoll_wait()',
      phase === 'waiting' ? text.replay.page.asleepUntilSomethingHappens : '',
    ),
    station(text.replay.page.ready, phase === 'working' && call === 'epoll_wait', ...drawReports(batch)),
    station(doing, busy, ...what),
  );
}

/** The events around the current one. */
function drawReports(batch: Report[]): HTMLElement[] {
  const now = batch.findIndex(({ turn }) => turn === 'now');
  const from = Math.max(0, Math.min(now, batch.length - REPORTS));
  const chips = batch.slice(from, from + REPORTS).map(({ fd, events, turn }) => {
    const names = eventNames(events).replaceAll('EPOLL', '').replaceAll(' | ', ' ');
    return h('span', { class: `chip ${turn}` }, text.replay.page.fdWithEvents(fd, names));
  });
  if (batch.length > REPORTS) chips.push(h('span', { class: 'note' }, text.replay.page.countOf(now + 1, batch.length)));
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
  if (others.length > CHIPS) chips.push(h('li', { class: 'chip' }, text.replay.page.andMore(others.length - CHIPS)));
  return h('ul', { class: 'others', 'aria-label': text.replay.page.otherDescriptors }, ...chips);
}

function describe(state: State, socket: Socket): string {
  const { fd, kind, port, pending } = socket;
  const unwatched = isForgotten(state, socket) ? text.replay.page.notWatched : '';
  if (kind === 'epoll') return text.replay.page.fdEpoll(fd);
  if (kind !== 'listener') return text.replay.page.fdSocketLeadsNowhere(fd, pending, short(pending));
  const queue = Object.values(state.clients).filter((client) => client.number > state.accepted && !client.left).length;
  const waiting = queue === 0 ? '' : text.replay.page.inQueue(queue);
  return text.replay.page.fdListensOnPort(fd, port ?? '?', waiting, unwatched);
}
