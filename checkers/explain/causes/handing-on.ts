/** Causes of failures after an upstream did not accept a client: the proxy should try another one. */
import { text } from '../../messages/index.ts';
import { attempts, attemptsFor, clientsOf } from '../attempts.ts';
import { type Rule, shows } from '../cause.ts';
import { told, toldBriefly } from '../history.ts';

const messages = text.causes.sharing;

const failureForgotten: Rule = (facts) => {
  if (!shows(facts, 'tried-too-early')) return undefined;
  const all = attempts(facts.history);
  for (const { port, failed } of all) {
    const again = all.find((one) => one.port === port && failed !== undefined && one.connect.index > failed.index);
    if (failed === undefined || again === undefined) continue;
    return {
      id: 'failure-forgotten',
      text: messages.failureForgotten(port, Math.round(again.connect.ms - failed.ms)),
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
    text: messages.neverTriedAgain(last.port),
    proof: [told(last.connect), messages.noConnectToAfter(last.port)],
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
      text: messages.movedMidway(before.port, after.port),
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
      text: messages.readTooEarly(recv.result, client.fd, lost.port),
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
      text: messages.gaveUpWithoutATry,
      proof: [told(client.opened), toldBriefly(client.closed)],
      call: client.closed,
      functions: ['worthATry'],
    };
  }
  return {
    id: 'not-handed-on',
    text: messages.notHandedOn(
      own.map(({ port }) => port),
      most - own.length,
    ),
    proof: [told(last.connect), messages.thenClosed(toldBriefly(client.closed))],
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
        text: messages.triesForEver(own.length, most),
        proof: own.slice(0, 1).map(({ connect }) => told(connect)),
        call: last.connect,
        functions: ['worthATry', 'handOn'],
      };
    }
    if (last.failed === undefined) continue;
    return {
      id: 'client-not-released',
      text: messages.keptInVain(client.fd),
      proof: [told(last.connect), messages.noCloseFollowed(client.fd)],
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
    text: messages.refusedSocketKept(kept.life.fd, kept.port),
    proof: [told(kept.connect), messages.noCloseFollowed(kept.life.fd)],
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
