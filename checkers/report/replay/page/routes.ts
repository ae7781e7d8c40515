/** The route table, as rows and as lines between the sockets that belong together. */

import { type Move, rowTrouble, type VisibleLanes } from '../model/lanes.ts';
import type { Lane, Row, State } from '../model/state.ts';
import { h, svg } from './dom.ts';

/** Rows that are listed as text. */
const MAX_ROWS = 8;

/** Lines across the proxy, from the clients' sockets to the upstream sockets, from the route table. */
export function drawRoutes(state: State, lanes: Lane[], move: Move | undefined): HTMLElement {
  const height = Math.max(1, lanes.length);
  const lines = (state.table ?? []).flatMap((row) => {
    const [from, to] = [0, 1].map((index) => lanes.findIndex((lane) => leads(lane, row.fds[index])));
    if (from === undefined || to === undefined || from === -1 || to === -1) return [];
    const trouble = rowTrouble(state, row) !== undefined;
    const isNow = move?.source !== undefined && row.fds.includes(move.source);
    const [y1, y2] = [String((from + 0.5) * 10), String((to + 0.5) * 10)];
    return svg('line', { x1: '0', x2: '10', y1, y2, class: `route${trouble ? ' trouble' : ''}${isNow ? ' now' : ''}` });
  });
  const picture = svg(
    'svg',
    { viewBox: `0 0 10 ${height * 10}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    ...lines,
  );
  const box = h('div', { class: 'routes' });
  box.append(picture);
  return box;
}

function leads(lane: Lane, fd: number | undefined): boolean {
  return fd !== undefined && (lane.clientFd === fd || lane.upstreamFd === fd);
}

/** The rows in words: first those with an error, then the drawn ones; `hidden`: connections that are not drawn. */
export function drawTable(state: State, { lanes, hidden }: VisibleLanes): HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (hidden > 0) parts.push(h('p', { class: 'soft' }, `${hidden} more open connections are not drawn.`));
  if (state.table === undefined) return parts;
  if (state.table.length === 0) return [...parts, h('p', { class: 'soft' }, 'Route table: empty')];
  const rows = state.table.map((row) => {
    const trouble = rowTrouble(state, row);
    const drawn = lanes.some((lane) => row.fds.some((fd) => leads(lane, fd)));
    return { row, trouble, rank: trouble !== undefined ? 0 : drawn ? 1 : 2 };
  });
  const shown = rows.toSorted((a, b) => a.rank - b.rank).slice(0, MAX_ROWS);
  const more = rows.length > shown.length ? `, ${shown.length} of ${rows.length} rows` : '';
  const table = h('ul', { class: 'rows' }, ...shown.map(({ row, trouble }) => drawRow(row, trouble)));
  return [...parts, h('p', { class: 'caption' }, `Route table${more}`), table];
}

function drawRow({ fds }: Row, trouble: string | undefined): HTMLElement {
  const text = h('code', {}, `[${fds.join(', ')}]`);
  return h('li', trouble === undefined ? {} : { class: 'trouble' }, text, trouble !== undefined && ` ${trouble}`);
}
