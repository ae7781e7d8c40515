/** Causes of failures after an upstream did not accept a client: the proxy should try another one. */

import { attempts, attemptsFor, clientsOf } from '../attempts.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { told, toldBriefly } from '../history.ts';

const failureForgotten: Rule = (facts) => {
  if (!shows(facts, 'tried-too-early')) return undefined;
  const all = attempts(facts.history);
  for (const { port, failed } of all) {
    const again = all.find((one) => one.port === port && failed !== undefined && one.connect.index > failed.index);
    if (failed === undefined || again === undefined) continue;
    return {
      id: 'failure-forgotten',
      text: `the upstream on port ${port} had failed, and was tried again ${Math.round(again.connect.ms - failed.ms).toLocaleString('en-US')} ms later`,
      proof: [told(failed), told(again.connect)],
      call: again.connect,
      functions: ['markDown', 'worthATry'],
    };
  }
  return undefined;
};

const neverTriedAgain: Rule = (facts) => {
  if (!shows(facts, 'not-tried-again')) return undefined;
  const all = attempts(facts.history);
  const last = all.findLast(({ failed }) => failed !== undefined);
  if (last?.failed === undefined || all.some((one) => one.port === last.port && one.connect.index > last.connect.index))
    return undefined;
  return {
    id: 'never-tried-again',
    text: `the upstream on port ${last.port} failed, and the program never tried it again`,
    proof: [told(last.connect), `no connect() to port ${last.port} followed`],
    call: last.connect,
    functions: ['markDown', 'worthATry'],
  };
};

const movedMidway: Rule = (facts) => {
  if (!shows(facts, 'client-not-closed', 'missing-bytes', 'no-upstream-connection')) return undefined;
  for (const client of clientsOf(facts)) {
    const own = attemptsFor(client, facts.history);
    const place = own.findIndex(({ taken, life }) => taken && life.closed !== undefined);
    const [before, after] = [own[place], own[place + 1]];
    if (before?.life.closed === undefined || after === undefined) continue;
    return {
      id: 'moved-midway',
      text: `a client whose established connection to port ${before.port} ended was linked to port ${after.port}: that upstream knows nothing of the bytes before`,
      proof: [told(before.life.closed), told(after.connect)],
      call: after.connect,
      functions: ['handOn'],
    };
  }
  return undefined;
};

const readTooEarly: Rule = (facts) => {
  if (!shows(facts, 'no-upstream-connection', 'missing-bytes', 'wrong-bytes', 'client-dropped')) return undefined;
  for (const client of clientsOf(facts)) {
    const lost = attemptsFor(client, facts.history).find(({ failed }) => failed !== undefined);
    const recv = client.calls.find(
      ({ call, result, index }) => call === 'recv' && result > 0 && index < (lost?.failed?.index ?? 0),
    );
    if (lost === undefined || recv === undefined) continue;
    return {
      id: 'read-too-early',
      text: `${recv.result.toLocaleString('en-US')} bytes were read from the client (${client.fd}) before an upstream had accepted it; the one on port ${lost.port} never did, and the bytes were lost with its socket`,
      proof: [told(lost.connect), told(recv)],
      call: recv,
    };
  }
  return undefined;
};

/** The program dropped a client although there was another upstream to try. */
const notHandedOn: Rule = (facts) => {
  if (!shows(facts, 'client-dropped', 'cut-short', 'no-upstream-connection')) return undefined;
  const most = facts.evidence.ports.upstreams?.length ?? 0;
  const client = clientsOf(facts).findLast(({ closed }) => closed !== undefined);
  if (client?.closed === undefined) return undefined;
  const own = attemptsFor(client, facts.history);
  const last = own.at(-1);
  if (own.length >= most || (last !== undefined && last.failed === undefined)) return undefined;
  if (last === undefined) {
    const before = attempts(facts.history).findLast(({ failed }) => failed !== undefined);
    if (before === undefined) return undefined;
    return {
      id: 'gave-up-without-a-try',
      text: 'a client was let go without an attempt, because all upstreams had failed before: one of them may be back by now',
      proof: [told(client.opened), toldBriefly(client.closed)],
      call: client.closed,
      functions: ['worthATry'],
    };
  }
  return {
    id: 'not-handed-on',
    text: notHandedOnText(
      own.map(({ port }) => port),
      most - own.length,
    ),
    proof: [told(last.connect), `then ${toldBriefly(client.closed)}, without another connect()`],
    call: client.closed,
    functions: ['handOn', 'worthATry'],
  };
};

const keptInVain: Rule = (facts) => {
  if (!shows(facts, 'client-kept')) return undefined;
  const most = facts.evidence.ports.upstreams?.length ?? 0;
  for (const client of clientsOf(facts)) {
    const own = attemptsFor(client, facts.history);
    const last = own.at(-1);
    if (client.closed !== undefined || last === undefined) continue;
    if (own.length > most) {
      return {
        id: 'retries-for-ever',
        text: `the program tried ${own.length.toLocaleString('en-US')} connections for one client, and there are ${most} upstreams: it does not leave out those that it has tried`,
        proof: own.slice(0, 1).map(({ connect }) => told(connect)),
        call: last.connect,
        functions: ['worthATry', 'handOn'],
      };
    }
    if (last.failed === undefined) continue;
    return {
      id: 'client-not-released',
      text: `no upstream took the client (${client.fd}), and it was not closed`,
      proof: [told(last.connect), `no close(${client.fd}) followed`],
      call: last.failed,
      functions: ['handOn'],
    };
  }
  return undefined;
};

const refusedSocketKept: Rule = (facts) => {
  if (!shows(facts, 'sockets-left', 'busy')) return undefined;
  const all = attempts(facts.history);
  const kept = all.find(
    ({ life, taken, connect }) =>
      !taken &&
      life.closed === undefined &&
      life.calls.some(({ call }) => call === 'getsockopt') &&
      all.some((later) => later.connect.index > connect.index),
  );
  if (kept === undefined) return undefined;
  return {
    id: 'refused-socket-kept',
    text: `the socket (${kept.life.fd}) of a failed attempt on port ${kept.port} is still open`,
    proof: [told(kept.connect), `no close(${kept.life.fd}) followed`],
    call: kept.connect,
    functions: ['handOn'],
  };
};

/** Rules for upstreams that are passed over, and for clients that wait meanwhile. */
export const handingOnRules: Rule[] = [
  failureForgotten,
  neverTriedAgain,
  movedMidway,
  readTooEarly,
  notHandedOn,
  keptInVain,
  refusedSocketKept,
];

function notHandedOnText(ports: number[], left: number): string {
  return `the ${ports.length === 1 ? 'upstream on port' : 'upstreams on ports'} ${ports.join(' and ')} did not take the client, and it was closed, although ${left === 1 ? 'one more upstream' : `${left} more upstreams`} could have been tried`;
}

export const phrases: Phrases = {
  'failure-forgotten': 'do[es] not note that an upstream is down',
  'gave-up-without-a-try': 'let[s] clients go without a try while all upstreams are down',
  'moved-midway': 'move[s] a client to another upstream in the middle of its connection',
  'never-tried-again': 'never tr[y|ies] an upstream again that has failed once',
  'not-handed-on': 'let[s] a client go when the first upstream does not take it',
  'read-too-early': 'take[s] bytes from a client before an upstream has taken it, and lose[s] them',
  'refused-socket-kept': 'do[es] not close the socket of an attempt that failed',
};
