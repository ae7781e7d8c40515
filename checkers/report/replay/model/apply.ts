/** Computes the state after a step from the state before it. */
import { applyCall } from './apply-call.ts';
import { applyPatch } from './patch.ts';
import { addLane, changeEnd, emptyState, ensureEnd, laneForUpstream, type Side, type State } from './state.ts';
import type { OutsideStep, Step } from './steps.ts';

export function apply(state: State, step: Step): State {
  switch (step.kind) {
    case 'call':
      return applyCall(state, step);
    case 'outside':
      return applyOutside(state, step);
    case 'skip':
      return applyPatch(state, step.patch);
    case 'verdict':
      return state;
  }
}

/** The states before the first step and after each step. */
export function statesOf(steps: Step[], first: State = emptyState()): State[] {
  const states = [first];
  for (const step of steps) states.push(apply(states.at(-1) ?? first, step));
  return states;
}

/** The end of a lane to which an outside event belongs. */
export function endOf(who: string): { side: Side; number: number } | undefined {
  const match = /^(client|upstream|server) (\d{1,6})(?: at [A-Z])?$/.exec(who);
  if (match === null) return undefined;
  return { side: match[1] === 'client' ? 'clients' : 'upstreams', number: Number(match[2]) };
}

function applyOutside(state: State, { who, what, bytes = 0 }: OutsideStep): State {
  if (who === 'program') return applyLife(state, what);
  const end = endOf(who);
  if (end === undefined) return state;
  const { side, number } = end;
  const known = ensureEnd(state, side, number, side === 'clients' ? addLane : laneForUpstream);
  return changeEnd(known, side, number, (old) => {
    const now = { ...old, seen: true };
    if (what === 'sends') return { ...now, sent: now.sent + bytes };
    if (what === 'receives') return { ...now, received: now.received + bytes };
    if (what === 'fin' || what === 'rst') return { ...now, ended: what };
    if (what === 'closes' || what === 'resets') return { ...now, left: what };
    return now;
  });
}

function applyLife(state: State, what: OutsideStep['what']): State {
  if (what === 'listens') return { ...state, life: 'listening' };
  if (what === 'starts') {
    // Clients in the old program's backlog are lost: the next client to be accepted is the next one to connect.
    const connected = Object.values(state.clients).filter((client) => client.seen);
    const accepted = Math.max(state.accepted, ...connected.map(({ number }) => number));
    return { ...withoutSockets(state), life: 'starting', accepted, loop: { phase: 'setup', batch: [] } };
  }
  if (what === 'exits') return { ...withoutSockets(state), life: 'ended', loop: { phase: 'ended', batch: [] } };
  return state;
}

/** The kernel closes all descriptors of a program when it exits. */
function withoutSockets(state: State): State {
  const lanes = Object.values(state.lanes).map((lane) => {
    const { clientFd, upstreamFd, ...rest } = lane;
    const closed = {
      ...(clientFd !== undefined && { clientClosed: true }),
      ...(upstreamFd !== undefined && { upstreamClosed: true }),
    };
    return [lane.id, { ...rest, ...closed }] as const;
  });
  return { ...state, open: 0, sockets: {}, lanes: Object.fromEntries(lanes), table: undefined, lastRead: undefined };
}
