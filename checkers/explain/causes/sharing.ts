/** Causes of proxies with several upstreams: who is chosen, who is passed over, and what becomes of a client meanwhile. */
import { text } from '../../messages/index.ts';
import { type Facts, type Rule, shows } from '../cause.ts';
import { type Call, type History, type Life, told, toldBriefly } from '../history.ts';

/** One attempt to link a client to an upstream. */
interface Attempt {
  life: Life;
  port: number;
  connect: Call;
  /** whether the upstream took it, as far as the program's calls tell */
  taken: boolean;
  /** undefined: it was taken, or is under way */
  failed: Call | undefined;
}

/** After so many clients who went elsewhere, an upstream is left out. */
const LEFT_OUT_AFTER = 5;

function attempts({ lives }: History): Attempt[] {
  return lives.flatMap((life) => {
    const connect = life.calls.find(({ call }) => call === 'connect');
    const port = Number(connect?.args.port);
    if (life.kind !== 'upstream' || connect === undefined || !Number.isInteger(port)) return [];
    const taken = life.calls.some(({ call, errno }) => ['recv', 'send'].includes(call) && errno !== 'EAGAIN');
    return [{ life, port, connect, taken, failed: taken ? undefined : life.closed }];
  });
}

function attemptsFor(client: Life, history: History): Attempt[] {
  return attempts(history).filter(({ life }) => life.partner === client);
}

/** The clients that came in at the proxy's port; those who asked how the upstreams are did not. */
function clientsOf({ evidence, history }: Facts): Life[] {
  return history.lives.filter(
    ({ kind, opened }) => kind === 'client' && portOf(history, opened) !== evidence.ports.status,
  );
}

/** The port of the listening socket that an accept() was called on. */
function portOf({ lives }: History, accept: Call): number {
  const listener = lives.find(({ fd, kind }) => kind === 'listener' && fd === accept.fd);
  return Number(listener?.calls.find(({ call }) => call === 'bind')?.args.port);
}

/** How many connections to a port were open, or under way, when a call was made. */
function openAt(all: Attempt[], port: number, { index }: Call): number {
  return all.filter(
    (one) => one.port === port && one.connect.index < index && !(one.life.closed && one.life.closed.index < index),
  ).length;
}

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
      text: text.causes.sharing.notMarkedUp(port),
      proof: [told(back.connect), text.causes.sharing.thenElsewhere(again === -1 ? later.length : again)],
      call: back.connect,
      functions: ['markUp'],
    };
  }
  return undefined;
};

const notTheFewest: Rule = (facts) => {
  if (!shows(facts, 'unevenly-shared') || facts.checkId !== 'fewest-open') return undefined;
  const ports = facts.evidence.ports.upstreams ?? [];
  const all = attempts(facts.history);
  for (const { connect, port } of all) {
    const open = ports.map((candidate) => openAt(all, candidate, connect));
    const own = open[ports.indexOf(port)] ?? 0;
    const fewest = Math.min(...open);
    if (own <= fewest) continue;
    const better = ports[open.indexOf(fewest)] ?? 0;
    return {
      id: 'not-the-fewest',
      text: text.causes.sharing.notTheFewest(port, own, better, fewest),
      proof: [told(connect)],
      call: connect,
      functions: ['withFewest', 'countOut'],
    };
  }
  return undefined;
};

const oneUpstreamOnly: Rule = (facts) => {
  // Of clients that come at once, all may be sent to one place by somebody who shares out well those that come in a row.
  if (!shows(facts, 'unevenly-shared') || facts.checkId === 'at-once') return undefined;
  const [first, ...others] = attempts(facts.history);
  if (first === undefined || others.length < 2 || others.some(({ port }) => port !== first.port)) return undefined;
  return {
    id: 'one-upstream-only',
    text: text.causes.sharing.oneUpstreamOnly(others.length + 1, first.port),
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
    text: text.causes.sharing.upstreamLeftOut(missing, all.length),
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
    text: text.causes.sharing.sameAgain(other.port),
    proof: [told(one.connect), told(other.connect)],
    call: other.connect,
    functions: ['nextInTurn'],
  };
};

const failureForgotten: Rule = (facts) => {
  if (!shows(facts, 'tried-too-early')) return undefined;
  const all = attempts(facts.history);
  for (const { port, failed } of all) {
    const again = all.find((one) => one.port === port && failed !== undefined && one.connect.index > failed.index);
    if (failed === undefined || again === undefined) continue;
    return {
      id: 'failure-forgotten',
      text: text.causes.sharing.failureForgotten(port, Math.round(again.connect.ms - failed.ms)),
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
    text: text.causes.sharing.neverTriedAgain(last.port),
    proof: [told(last.connect), text.causes.sharing.noConnectToAfter(last.port)],
    call: last.connect,
    functions: ['markDown', 'worthATry'],
  };
};

/** A client was let go although somebody was left to try. */
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
      text: text.causes.sharing.gaveUpWithoutATry,
      proof: [told(client.opened), toldBriefly(client.closed)],
      call: client.closed,
      functions: ['worthATry'],
    };
  }
  return {
    id: 'not-handed-on',
    text: text.causes.sharing.notHandedOn(
      own.map(({ port }) => port),
      most - own.length,
    ),
    proof: [told(last.connect), text.causes.sharing.thenClosed(toldBriefly(client.closed))],
    call: client.closed,
    functions: ['handOn', 'worthATry'],
  };
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
      text: text.causes.sharing.readTooEarly(recv.result, client.fd, lost.port),
      proof: [told(lost.connect), told(recv)],
      call: recv,
    };
  }
  return undefined;
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
        text: text.causes.sharing.triesForEver(own.length, most),
        proof: own.slice(0, 1).map(({ connect }) => told(connect)),
        call: last.connect,
        functions: ['worthATry', 'handOn'],
      };
    }
    if (last.failed === undefined) continue;
    return {
      id: 'client-not-released',
      text: text.causes.sharing.keptInVain(client.fd),
      proof: [told(last.connect), text.causes.sharing.noCloseFollowed(client.fd)],
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
    text: text.causes.sharing.refusedSocketKept(kept.life.fd, kept.port),
    proof: [told(kept.connect), text.causes.sharing.noCloseFollowed(kept.life.fd)],
    call: kept.connect,
    functions: ['handOn'],
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
      text: text.causes.sharing.movedMidway(before.port, after.port),
      proof: [told(before.life.closed), told(after.connect)],
      call: after.connect,
      functions: ['handOn'],
    };
  }
  return undefined;
};

/** Those who asked how the upstreams are. */
function curious({ evidence, history }: Facts): Life[] {
  return history.lives.filter(
    ({ kind, opened }) => kind === 'client' && portOf(history, opened) === evidence.ports.status,
  );
}

const statusNotClosed: Rule = (facts) => {
  if (!shows(facts, 'wrong-status')) return undefined;
  const open = curious(facts).find(({ closed }) => closed === undefined);
  const last = open?.calls.at(-1) ?? open?.opened;
  if (open === undefined || last === undefined) return undefined;
  return {
    id: 'status-not-closed',
    text: text.causes.sharing.statusNotClosed(open.fd),
    proof: [told(last), text.causes.sharing.noCloseFollowed(open.fd)],
    call: last,
    functions: ['answerStatus'],
  };
};

const statusMalformed: Rule = (facts) => {
  if (!shows(facts, 'wrong-status')) return undefined;
  const one = curious(facts).at(-1);
  const send = one?.calls.find(({ call }) => call === 'send');
  if (one?.closed === undefined) return undefined;
  return {
    id: send === undefined ? 'status-not-sent' : 'status-malformed',
    text: send === undefined ? text.causes.sharing.statusNotSent : text.causes.sharing.statusMalformed,
    proof: [told(send ?? one.closed)],
    call: send ?? one.closed,
    functions: send === undefined ? ['answerStatus'] : ['statusLine', 'answerStatus'],
  };
};

const statusMiscounted: Rule = (facts) => {
  const all = attempts(facts.history);
  const last = facts.history.calls.at(-1);
  if (!shows(facts, 'status-miscounts') || last === undefined || all.length === 0) return undefined;
  const counted = (facts.evidence.ports.upstreams ?? []).map((port) => {
    const own = all.filter((one) => one.port === port);
    const failed = own.filter((one) => one.failed !== undefined).length;
    return text.causes.sharing.counted(port, openAt(all, port, last), own.length - failed, failed);
  });
  return {
    id: 'status-miscounted',
    text: text.causes.sharing.statusMiscounted,
    proof: [text.causes.sharing.callsSay(counted.join('; '))],
    functions: ['statusLine', 'countIn', 'countOut', 'markDown'],
  };
};

const RULES = [
  notMarkedUp,
  notTheFewest,
  oneUpstreamOnly,
  upstreamLeftOut,
  sameAgain,
  failureForgotten,
  neverTriedAgain,
  movedMidway,
  readTooEarly,
  notHandedOn,
  keptInVain,
  refusedSocketKept,
  statusNotClosed,
  statusMalformed,
  statusMiscounted,
];

/** Where there is one upstream, these have nothing to say. */
export const sharingRules: Rule[] = RULES.map(
  (rule): Rule =>
    (facts) =>
      facts.evidence.ports.upstreams === undefined ? undefined : rule(facts),
);
