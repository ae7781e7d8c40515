/** Causes of uneven shares: which of several upstreams a client is sent to. */

import { attempts, openAt } from '../attempts.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { told } from '../history.ts';

/** An upstream that misses this many clients in a row is left out. */
const LEFT_OUT_AFTER = 5;
/** Checks in which only the number of open connections makes shares uneven. */
const BY_FEWEST = ['fewest-open', 'one-refuses'];

const notMarkedUp: Rule = (facts) => {
  if (!shows(facts, 'unevenly-shared')) return undefined;
  const all = attempts(facts.history);
  for (const { port, failed } of all) {
    if (failed === undefined) continue;
    const back = all.find(
      (one) => one.port === port && one.connect.index > failed.index && one.life.closed === undefined,
    );
    const later = all.filter(({ connect }) => back !== undefined && connect.index > back.connect.index);
    const again = later.findIndex((one) => one.port === port);
    if (back === undefined || (again === -1 ? later.length : again) < LEFT_OUT_AFTER) continue;
    return {
      id: 'not-marked-up',
      text: `the upstream on port ${port} is back and has taken a connection, but is passed over as if it were still down`,
      proof: [
        told(back.connect),
        `the ${again === -1 ? later.length : again} connect() calls after this one went elsewhere`,
      ],
      call: back.connect,
      functions: ['markUp'],
    };
  }
  return undefined;
};

const notTheFewest: Rule = (facts) => {
  if (!shows(facts, 'unevenly-shared') || !BY_FEWEST.includes(facts.checkId)) return undefined;
  const all = attempts(facts.history);
  // A proxy passes over an upstream that accepts no connection, which therefore has the fewest.
  const isWell = (port: number): boolean =>
    facts.checkId === 'fewest-open' || all.some((one) => one.port === port && one.taken);
  const ports = (facts.evidence.ports.upstreams ?? []).filter(isWell);
  for (const { connect, port } of all) {
    const open = ports.map((candidate) => openAt(all, candidate, connect));
    const own = open[ports.indexOf(port)] ?? 0;
    const fewest = Math.min(...open);
    if (own <= fewest) continue;
    const better = ports[open.indexOf(fewest)] ?? 0;
    return {
      id: 'not-the-fewest',
      text: `a client went to port ${port}, to which ${own === 1 ? 'a connection was' : `${own} connections were`} open, although there ${fewest === 1 ? 'was' : 'were'} only ${fewest} to port ${better}`,
      proof: [told(connect)],
      call: connect,
      functions: ['withFewest', 'countOut'],
    };
  }
  return undefined;
};

const oneUpstreamOnly: Rule = (facts) => {
  // A proxy that spreads successive clients well may still send all clients that connect at once to one upstream.
  if (!shows(facts, 'unevenly-shared') || facts.checkId === 'at-once') return undefined;
  const [first, ...others] = attempts(facts.history);
  if (first === undefined || others.length < 2 || others.some(({ port }) => port !== first.port)) return undefined;
  return {
    id: 'one-upstream-only',
    text: `all ${others.length + 1} connect() calls went to port ${first.port}: the turn does not go on to the next upstream`,
    proof: [told(first.connect), ...others.slice(0, 1).map(({ connect }) => told(connect))],
    call: others[0]?.connect ?? first.connect,
    functions: ['nextInTurn'],
  };
};

const upstreamLeftOut: Rule = (facts) => {
  if (!shows(facts, 'unevenly-shared') || facts.checkId === 'at-once') return undefined;
  const all = attempts(facts.history);
  const ports = facts.evidence.ports.upstreams ?? [];
  const missing = ports.find((port) => all.every((one) => one.port !== port));
  const last = all.at(-1);
  if (missing === undefined || last === undefined || all.length < ports.length) return undefined;
  return {
    id: 'upstream-left-out',
    text: `of ${all.length} connect() calls none went to port ${missing}`,
    proof: [],
    call: last.connect,
    functions: ['nextInTurn'],
  };
};

const sameAgain: Rule = (facts) => {
  if (!shows(facts, 'unevenly-shared')) return undefined;
  const all = attempts(facts.history);
  const place = all.findIndex(({ port }, at) => at > 0 && all[at - 1]?.port === port);
  const [one, other] = [all[place - 1], all[place]];
  if (one === undefined || other === undefined) return undefined;
  return {
    id: 'same-one-again',
    text: `two connect() calls in a row went to port ${other.port}: what the choice depends on had not changed in between`,
    proof: [told(one.connect), told(other.connect)],
    call: other.connect,
    functions: ['nextInTurn'],
  };
};

/** Rules for the choice of an upstream. */
export const choosingRules: Rule[] = [notMarkedUp, notTheFewest, oneUpstreamOnly, upstreamLeftOut, sameAgain];

export const phrases: Phrases = {
  'not-marked-up': 'do[es] not note that an upstream is up again',
  'not-the-fewest': 'choose[s] an upstream that does not have the fewest connections',
  'one-upstream-only': 'give[s] all clients to one upstream',
  'same-one-again': 'choose[s] the same upstream again as long as a handshake is under way',
  'upstream-left-out': 'never give[s] one of the upstreams a client',
};
