/** Programs with several processes: a connection ends only when the last copy of its descriptor is closed. */

import type { TraceRecord } from '../../contract/trace-record.ts';
import { text } from '../../messages/index.ts';
import type { Call } from '../call.ts';
import { type Cause, type Facts, type Rule, shows } from '../cause.ts';
import { told, toldBriefly } from '../history.ts';
import { type Shared, sharedSockets } from '../processes.ts';

const messages = text.causes.sharedSockets;

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
  const how = done.by.call === 'exit' ? messages.exited(Number(done.by.result)) : toldBriefly(done.by);
  return {
    id: carries ? 'other-direction-stays' : 'copy-kept',
    text: carries ? messages.otherDirectionStays(done.pid, pid, kind, fd) : messages.copyKept(pid, kind, fd),
    proof: [
      messages.inProcess(done.pid, told(end as Call)),
      messages.inProcess(done.pid, how),
      messages.inProcess(pid, messages.noClose(fd)),
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
