/** Causes of programs that hang in a call, or never rest. */
import { EPOLLIN, EPOLLOUT } from '../../../linux/constants.ts';
import { type Cause, type Facts, type Rule, shows } from '../cause.ts';
import { lifeAt, told, toldBriefly } from '../history.ts';

/** A call that has lasted this long, in ms, when the check gave up is what the program hangs in. */
const LONG_MS = 400;

/** The call that the program hung in when the check gave up. */
function hangsIn(facts: Facts, names: string[]): Cause | undefined {
  const { unfinished } = facts.history;
  if (unfinished === undefined || !names.includes(unfinished.call)) return undefined;
  if (facts.evidence.failedAt - unfinished.ms < LONG_MS) return undefined;
  const life = facts.history.lives.findLast(({ fd }) => fd === unfinished.fd);
  const side = life?.kind === 'client' || life?.kind === 'upstream' ? `, the ${life.kind}'s socket,` : '';
  return {
    id: `blocked-in-${unfinished.call}`,
    text: `the program sits in ${unfinished.call}() on ${unfinished.fd}${side} and does not come back: ${WAITS_FOR[unfinished.call]}, and everybody else waits with it`,
    proof: [
      `${toldBriefly(unfinished)} began at ${Math.round(unfinished.ms)} ms and was not over at ${Math.round(facts.evidence.failedAt)} ms`,
    ],
    call: unfinished,
    functions:
      unfinished.call === 'accept' ? ['acceptConnection', 'loopRun'] : ['handleClient', 'handleUpstream', 'loopRun'],
  };
}

const WAITS_FOR: Record<string, string> = {
  accept: 'no client is there, so it waits for the next one',
  recv: 'no bytes are there, so it waits for some',
  send: 'the other end takes no more at the moment, so it waits until there is room',
  connect: 'the handshake is not over, so it waits',
};

/** accept, recv and connect: a loop calls them only when epoll has said that they need not wait. */
export const blockedReceiving: Rule = (facts) => hangsIn(facts, ['accept', 'recv', 'connect']);

/** send waits for slow readers, which is allowed in this stage: said only where nothing else explains a failure. */
export const blockedSending: Rule = (facts) => hangsIn(facts, ['send']);

export const neverWaits: Rule = (facts) => {
  if (!shows(facts, 'busy')) return undefined;
  const waits = facts.history.calls.filter(({ call, args }) => call === 'epoll_wait' && args.timeout === 0);
  const count = waits.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  const last = waits.at(-1);
  if (last === undefined || count < 100) return undefined;
  return {
    id: 'never-waits',
    text: `epoll_wait() is asked not to wait (timeout 0) and was called ${count.toLocaleString('en-US')} times; a timeout of -1 waits until something happens`,
    proof: [told(last)],
    call: last,
    functions: ['loopRun'],
  };
};

/** There is nearly always room to write: whoever asks for that is told so for ever. */
export const alwaysWritable: Rule = (facts) => {
  if (!shows(facts, 'busy')) return undefined;
  const reports = facts.history.calls.filter(({ events }) =>
    events?.some(({ events: mask }) => mask & EPOLLOUT && !(mask & EPOLLIN)),
  );
  const count = reports.reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
  const last = reports.at(-1);
  if (last === undefined || count < 100) return undefined;
  const fd = last.events?.find(({ events: mask }) => mask & EPOLLOUT)?.fd;
  return {
    id: 'always-writable',
    text: `epoll_wait() returned ${count.toLocaleString('en-US')} times because descriptor ${fd} has room to write, which it nearly always has: ask for EPOLLOUT only while something waits to be sent`,
    proof: [told(last)],
    call: last,
    functions: ['acceptConnection', 'loopAttach'],
  };
};

/** The same descriptor is reported over and over, and nothing is done about it. */
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
    text: `epoll_wait() returned ${count.toLocaleString('en-US')} times for descriptor ${fd}${kind}, and nothing was done about it: it neither was read nor closed`,
    proof: [told(wait)],
    call: wait,
    functions: ['loopRun', 'isConnSock', 'isUpstreamSock'],
  };
};
