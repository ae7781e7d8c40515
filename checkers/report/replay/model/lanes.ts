/** The visible part of a state: rows, notes on them, and movements along the lines. */

import { MSG_PEEK } from '../../../../linux/constants.ts';
import { endOf } from './apply.ts';
import { sourceOf } from './apply-call.ts';
import { throughPipe } from './pipes.ts';
import { type End, isOver, type Lane, type Row, type Side, type Socket, type State } from './state.ts';
import type { Step } from './steps.ts';

/** Rows that fit on a screen with all other panels. */
export const MAX_LANES = 5;
/** Rows of closed connections stay for a while, as long as there is room. */
const LANES_BY_CHOICE = 3;

export interface VisibleLanes {
  lanes: Lane[];
  /** open ones without room */
  hidden: number;
}

/** The rows to show: open ones, nearest to the row of the step; then those that closed last. */
export function visibleLanes(state: State, focus: number | undefined): VisibleLanes {
  const all = Object.values(state.lanes);
  const open = all.filter((lane) => !isOver(state, lane) || lane.id === focus);
  const at = open.findIndex((lane) => lane.id === focus);
  const latest = open.length - MAX_LANES;
  const from = Math.max(0, Math.min(latest, at === -1 ? latest : at - Math.floor(MAX_LANES / 2)));
  const shown = open.slice(from, from + MAX_LANES);
  const room = Math.max(0, LANES_BY_CHOICE - shown.length);
  const over = room === 0 ? [] : all.filter((lane) => !open.includes(lane)).slice(-room);
  const lanes = [...shown, ...over].sort((a, b) => a.id - b.id);
  return { lanes, hidden: open.length - shown.length };
}

/** A movement along a line of the picture. */
export interface Move {
  lane: number;
  side: Side;
  /** the half of the line between the outer end and the kernel, or between the kernel and the proxy's socket */
  half: 'outer' | 'inner';
  towards: 'proxy' | 'end';
  what: 'bytes' | 'connect' | 'fin' | 'rst';
  bytes: number;
  /** for a send: the descriptor from which the bytes came */
  source?: number;
}

/** The movement of a step, if there is one. */
export function moveOf(step: Step, before: State, after: State): Move | undefined {
  if (step.kind === 'outside') {
    const end = endOf(step.who);
    const lane = end && after[end.side][end.number]?.lane;
    return end && lane !== undefined
      ? outerMove(step.what, { lane, side: end.side, bytes: step.bytes ?? 0 })
      : undefined;
  }
  if (step.kind !== 'call' || step.phase === 'begins' || step.result === undefined) return undefined;
  const { call, fd, result = -1, head = '', args } = throughPipe(step, before);
  const socket = (call === 'accept' ? after.sockets[result] : before.sockets[fd]) ?? after.sockets[fd];
  const lane = after.sockets[call === 'accept' ? result : fd]?.lane;
  if (socket === undefined || lane === undefined) return undefined;
  const side: Side = after.sockets[socket.fd]?.kind === 'client' ? 'clients' : 'upstreams';
  const base = { lane, side, half: 'inner' as const, bytes: Math.max(0, result) };
  if (call === 'accept') return { ...base, bytes: 0, towards: 'proxy', what: 'connect' };
  if (call === 'connect' && result === 0) return { ...base, towards: 'end', what: 'connect' };
  if (call === 'recv' && (Number(args.flags ?? 0) & MSG_PEEK) !== 0) return undefined;
  if (call === 'recv' && result >= 0) return { ...base, towards: 'proxy', what: result === 0 ? 'fin' : 'bytes' };
  if (call !== 'send' || result <= 0) return undefined;
  const source = sourceOf(before, fd, head);
  return { ...base, towards: 'end', what: 'bytes', ...(source !== undefined && { source }) };
}

function outerMove(what: string, base: Pick<Move, 'lane' | 'side' | 'bytes'>): Move | undefined {
  const move = (towards: Move['towards'], kind: Move['what']): Move => ({
    ...base,
    half: 'outer',
    towards,
    what: kind,
  });
  if (what === 'sends') return move('proxy', 'bytes');
  if (what === 'receives') return move('end', 'bytes');
  if (what === 'fin' || what === 'rst') return move('end', what);
  if (what === 'closes') return move('proxy', 'fin');
  if (what === 'resets') return move('proxy', 'rst');
  if (what === 'connects') return move('proxy', 'connect');
  return what === 'accepts' ? move('end', 'connect') : undefined;
}

/** The row of a step. */
export function laneOf(step: Step | undefined, before: State, after: State): number | undefined {
  if (step === undefined) return undefined;
  const move = moveOf(step, before, after);
  if (move !== undefined) return move.lane;
  return step.kind === 'call' ? (after.sockets[step.fd] ?? before.sockets[step.fd])?.lane : undefined;
}

/** Bytes that wait in the kernel on the two halves of a line; only where both ends are watched. */
export function inFlight(state: State, side: Side, lane: Lane): { toProxy: number; toEnd: number } {
  const fd = side === 'clients' ? lane.clientFd : lane.upstreamFd;
  const end = state[side][(side === 'clients' ? lane.client : lane.upstream) ?? 0];
  if (!state.traced || end === undefined || !end.seen || fd === undefined) return { toProxy: 0, toEnd: 0 };
  return { toProxy: Math.max(0, end.sent - end.taken), toEnd: Math.max(0, end.given - end.received) };
}

/** The state of an outer end, in a few words. */
export function endNote(state: State, end: End): string {
  if (end.left === 'closes') return 'has closed';
  if (end.left === 'resets') return 'broke it off';
  if (end.ended === 'fin') return 'saw the end (FIN)';
  if (end.ended === 'rst') return 'saw it broken (RST)';
  const { sent, received } = endBytes(state, end);
  if (sent + received === 0) return end.seen ? 'connected' : '';
  return [sent > 0 && `sent ${short(sent)}`, received > 0 && `got ${short(received)}`].filter(Boolean).join(', ');
}

/** What an end has sent and received so far; several pieces that the checker counted as one must not come too early. */
export function endBytes(
  state: State,
  { seen, sent, received, taken, given }: End,
): { sent: number; received: number } {
  if (!seen) return { sent: taken, received: given };
  return { sent, received: state.traced && given > 0 ? Math.min(received, given) : received };
}

/** The state of one of the proxy's sockets, in a few words, most important first. */
export function socketNotes(state: State, socket: Socket): string[] {
  const notes: string[] = [];
  if (socket.failed !== undefined) notes.push(`failed: ${socket.failed}`);
  if (socket.pending > 0) notes.push(`${short(socket.pending)} not sent on`);
  if (socket.ended === 'fin') notes.push('read to its end');
  if (socket.ended === 'rst') notes.push('broken');
  if (isForgotten(state, socket)) notes.push('not watched');
  return notes;
}

/** Whether the loop will never get events of this socket. A program without epoll works differently. */
export function isForgotten({ sockets }: State, { watched }: Socket): boolean {
  return watched === 0 && Object.values(sockets).some(({ kind }) => kind === 'epoll');
}

/** '36 B', '64 KiB', '1.5 MiB' */
export function short(count: number): string {
  if (count < 1024) return `${count} B`;
  const [value, unit] = count < 1024 * 1024 ? [count / 1024, 'KiB'] : [count / 1024 / 1024, 'MiB'];
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/** The error in a row of the route table; undefined: none. */
export function rowTrouble(state: State, { fds, generations }: Row): string | undefined {
  for (const [index, fd] of fds.entries()) {
    const socket = state.sockets[fd];
    const was = generations[index] ?? 0;
    if (socket === undefined) return fd < 0 ? `${fd} is no descriptor` : `fd ${fd} is closed`;
    if (was !== 0 && socket.generation !== was) return `fd ${fd} is another socket by now`;
  }
  return undefined;
}
