/** Causes of programs that hang in a call, or never sleep. */
import { EPOLLIN, EPOLLOUT } from '../../../linux/constants.ts';
import { text } from '../../messages/index.ts';
import { type Cause, type Facts, type Rule, shows } from '../cause.ts';
import { lifeAt, told, toldBriefly } from '../history.ts';
import { isWait } from '../waits.ts';

/** A program hangs in a call that has lasted this long, in ms, when the check gives up. */
const LONG_MS = 400;

/** The call that the program hung in when the check gave up. */
function hangsIn(facts: Facts, names: string[]): Cause | undefined {
  const { unfinished } = facts.history;
  if (unfinished === undefined || !names.includes(unfinished.call)) return undefined;
  if (facts.evidence.failedAt - unfinished.ms < LONG_MS) return undefined;
  // With a thread for each client, one thread that blocks is normal.
  if (unfinished.besides !== undefined) return undefined;
  const life = facts.history.lives.findLast(({ fd }) => fd === unfinished.fd);
  const side = life?.kind === 'client' || life?.kind === 'upstream' ? text.causes.looping.sSocket(life.kind) : '';
  return {
    id: `blocked-in-${unfinished.call}`,
    text: text.causes.looping.programSitsDoesNot(unfinished.call, unfinished.fd, side, WAITS_FOR[unfinished.call]),
    proof: [
      text.causes.looping.beganAtMsNot(
        toldBriefly(unfinished),
        Math.round(unfinished.ms),
        Math.round(facts.evidence.failedAt),
      ),
    ],
    call: unfinished,
    functions: CALLERS[unfinished.call] ?? ['handleClient', 'handleUpstream', 'loopRun'],
  };
}

/** The places of such a call and of its socket's creation. */
const CALLERS: Record<string, string[]> = {
  accept: ['acceptConnection', 'loopRun'],
  connect: ['createSocket', 'connectUpstream'],
  send: ['handleClient', 'handleUpstream', 'sendSome', 'acceptConnection'],
};

const WAITS_FOR: Record<string, string> = {
  accept: text.causes.looping.noClientThereSo,
  recv: text.causes.looping.noBytesAreThere,
  send: text.causes.looping.otherEndTakesNo,
  connect: text.causes.looping.handshakeNotOverSo,
};

/** accept, recv and connect: a loop calls them only after epoll has reported that they will not block. */
export const blockedReceiving: Rule = (facts) => hangsIn(facts, ['accept', 'recv', 'connect']);

/** send may block for slow readers in this stage, so this is the last explanation. */
export const blockedSending: Rule = (facts) => hangsIn(facts, ['send']);

export const neverWaits: Rule = (facts) => {
  if (!shows(facts, 'busy')) return undefined;
  const waits = facts.history.calls.filter(({ call, args }) => isWait(call) && args.timeout === 0);
  const count = waits.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  const last = waits.at(-1);
  if (last === undefined || count < 100) return undefined;
  return {
    id: 'never-waits',
    text: text.causes.looping.neverWaits(last.call, count.toLocaleString('en-US')),
    proof: [told(last)],
    call: last,
    functions: ['loopRun'],
  };
};

/** A socket is almost always writable: with EPOLLOUT registered, epoll_wait() returns at once, again and again. */
export const alwaysWritable: Rule = (facts) => {
  if (!shows(facts, 'busy')) return undefined;
  const reports = facts.history.calls.filter(({ events }) =>
    events?.some(({ fd, events: mask }) => mask & EPOLLOUT && !(mask & EPOLLIN) && !facts.history.edges.has(fd)),
  );
  const count = reports.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  const last = reports.at(-1);
  if (last === undefined || count < 100) return undefined;
  const fd = last.events?.find(({ events: mask }) => mask & EPOLLOUT)?.fd;
  return {
    id: 'always-writable',
    text: text.causes.looping.alwaysWritable(last.call, count.toLocaleString('en-US'), fd),
    proof: [told(last)],
    call: last,
    functions: ['acceptConnection', 'loopAttach', 'wantedEvents', 'flush'],
  };
};

/** epoll reports the same descriptor over and over, and the program ignores it. */
export const eventIgnored: Rule = ({ history }) => {
  const [worst] = [...history.ignoredEvents].sort(([, a], [, b]) => b - a);
  if (worst === undefined || worst[1] < 20) return undefined;
  const [fd, count] = worst;
  const wait = history.calls.findLast(({ events }) => events?.some((event) => event.fd === fd));
  if (wait === undefined) return undefined;
  const life = lifeAt(history, fd, wait);
  const kind = life?.kind === 'client' || life?.kind === 'upstream' ? ` (${life.kind})` : '';
  return {
    id: 'event-not-handled',
    text: text.causes.looping.eventNotHandled(wait.call, count.toLocaleString('en-US'), fd, kind),
    proof: [told(wait)],
    call: wait,
    functions: ['loopRun', 'isConnSock', 'isUpstreamSock', 'loopDetach'],
  };
};
