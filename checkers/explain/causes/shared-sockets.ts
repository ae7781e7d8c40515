/** Programs with several processes: a connection ends only when the last copy of its descriptor is closed. */

import type { TraceRecord } from '../../contract/trace-record.ts';
import type { Call } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Facts, type Rule, shows } from '../cause.ts';
import { told, toldBriefly } from '../history.ts';
import { type Shared, sharedSockets } from '../processes.ts';

/** Which side's socket stays open, by symptom. */
function sidesOf(facts: Facts): Shared['kind'][] {
  if (shows(facts, 'client-not-closed', 'client-kept')) return ['client'];
  if (shows(facts, 'upstream-not-closed')) return ['upstream'];
  return [];
}

/** The call by which a process learned that a connection had ended, or that there would be none. */
function endSeenBy(trace: TraceRecord[], pid: number, before: TraceRecord): TraceRecord | undefined {
  return trace.findLast(({ call, pid: who, result, errno, args, ms }) => {
    if (who !== pid || ms > before.ms) return false;
    if (call === 'recv') return result === 0 && args.length !== 0;
    return call === 'connect' && result === -1 && errno !== 'EINPROGRESS' && errno !== 'EINTR';
  });
}

function causeOf(trace: TraceRecord[], { kind, holders, moved, released, shut }: Shared): Cause | undefined {
  if (shut !== undefined) return undefined;
  // The process that saw an end and closed: it worked on the socket, or had no upstream for its bytes.
  const done = released.find(({ pid, by }) => {
    const end = endSeenBy(trace, pid, by);
    return end !== undefined && (end.call === 'connect' || moved.some((one) => one.pid === pid));
  });
  const end = done && endSeenBy(trace, done.pid, done.by);
  const [holder] = holders;
  if (done === undefined || end === undefined || holder === undefined) return undefined;
  const [pid, fd] = holder;
  const carries = moved.some((one) => one.pid === pid);
  const how =
    done.by.call === 'exit'
      ? `exit status ${Number(done.by.result)}; the kernel closed its descriptors`
      : toldBriefly(done.by);
  return {
    id: carries ? 'other-direction-stays' : 'copy-kept',
    text: carries
      ? `process ${done.pid} has ended its direction, but process ${pid}, which carries the other one, still holds the ${kind} socket, descriptor ${fd}: the connection stays open until both have closed it, or one calls shutdown()`
      : `process ${pid} still holds its copy of the ${kind} socket, descriptor ${fd}: after fork() a connection stays open until every process that has the descriptor has closed it`,
    proof: [
      `process ${done.pid}: ${told(end as Call)}`,
      `process ${done.pid}: ${how}`,
      `process ${pid}: no close(${fd}), and no shutdown(${fd}) in any process`,
    ],
    call: end,
  };
}

const stillHeld: Rule = (facts) => {
  const { trace, failedAt } = facts.evidence;
  const sides = sidesOf(facts);
  if (sides.length === 0) return undefined;
  const before = trace.filter(({ ms }) => ms <= failedAt);
  const held = sharedSockets(before).filter(({ kind }) => sides.includes(kind));
  return held.map((socket) => causeOf(before, socket)).findLast((cause) => cause !== undefined);
};

/** Rules for programs in which several processes share the work. */
export const sharedSocketRules: Rule[] = [stillHeld];

export const phrases: Phrases = {
  'copy-kept': 'keep[s] a copy of a socket open in another process',
  'other-direction-stays': 'end[s] the process of one direction while that of the other one keeps the sockets',
};
