/** Causes of a program that does not listen, or not for long. */

import { SO_REUSEADDR, SOL_SOCKET } from '../../../linux/constants.ts';
import type { Evidence } from '../../contract/check.ts';
import type { Phrases } from '../cause.ts';
import { type Rule, shows } from '../cause.ts';
import { told, toldBriefly } from '../history.ts';
import { BUSY } from '../state.ts';
import { isWait } from '../waits.ts';

/** Calls of a process that serves. */
const SERVES = ['bind', 'listen', 'accept'];
/** Calls in which a program with threads or processes waits for clients and bytes. */
const BLOCKING = ['accept', 'recv'];
const MEANT_FOR_CLIENTS = ['127.0.0.1', '0.0.0.0'];

/** The second start of the restart check found the port taken by the first one's old connections. */
const reuseaddr: Rule = ({ checkId, evidence, history }) => {
  if (checkId !== 'restart' || !['stopped', 'not-listening', 'client-refused'].includes(evidence.symptom))
    return undefined;
  const bind = history.calls.find(({ call, errno }) => call === 'bind' && errno === 'EADDRINUSE');
  if (bind === undefined) return undefined;
  // The first start shows the calls that the second one did not reach.
  const set = evidence.trace.findLast(
    ({ call, args, fd }) =>
      call === 'setsockopt' && fd === bind.fd && args.level === SOL_SOCKET && args.option === SO_REUSEADDR,
  );
  const late = evidence.trace.some(
    ({ call, fd, pid, ms }) => set !== undefined && call === 'bind' && fd === set.fd && pid === set.pid && ms < set.ms,
  );
  const taken = 'no program has the port, but the kernel still keeps connections of the killed one there';
  if (set !== undefined && set.args.value !== 0 && late) {
    return {
      id: 'reuseaddr-late',
      text: `${taken}, and SO_REUSEADDR was set only after bind()`,
      proof: [told(bind), toldBriefly(set)],
      call: bind,
      functions: ['createServer'],
    };
  }
  if (set !== undefined && set.args.value !== 0) return undefined;
  const how = set === undefined ? 'was never set on this socket' : 'was set to 0, which means off';
  return {
    id: 'reuseaddr-missing',
    text: `${taken} (in TIME_WAIT, for example), and SO_REUSEADDR ${how}`,
    proof: [told(bind)],
    call: bind,
    functions: ['createServer'],
  };
};

/** Another process has the port. */
const portTaken: Rule = ({ evidence: { portHolder, ports }, history }) => {
  if (portHolder === undefined) return undefined;
  const bind = history.calls.find(({ call, errno }) => call === 'bind' && errno === 'EADDRINUSE');
  return {
    id: 'port-taken',
    text: `port ${ports.proxy} is taken by another program: ${portHolder}`,
    proof: bind ? [told(bind)] : [`${portHolder} listens there, and it is not the program that is judged`],
    ...(bind && { call: bind }),
  };
};

const wrongPort: Rule = (facts) => {
  const { evidence, history } = facts;
  if (!shows(facts, 'not-listening', 'client-refused', 'stopped')) return undefined;
  const listen = history.calls.find(({ call, result }) => call === 'listen' && result === 0);
  const bind = history.calls.findLast(({ call, fd }) => call === 'bind' && (listen === undefined || fd === listen.fd));
  const port = bind?.args.port;
  if (port === evidence.ports.proxy || (shows(facts, 'stopped') && bind?.result !== -1)) return undefined;
  if (bind === undefined && evidence.otherPorts.length === 0) return undefined;
  if (bind === undefined && listen !== undefined) return undefined;
  const found = bind === undefined ? evidence.otherPorts.join(' and ') : String(port);
  return {
    id: 'wrong-port',
    text: `the program ${bind?.result === -1 ? 'tried to listen' : 'listens'} on port ${found}${swapped(Number(port), evidence.ports.proxy)}; it has to listen on ${evidence.ports.proxy} (variable PORT)`,
    proof: bind === undefined ? [] : [told(bind)],
    ...(bind && { call: bind }),
    functions: ['createServer'],
  };
};

function swapped(found: number, due: number): string {
  return found === ((due & 0xff) << 8) + (due >> 8) ? ', which is the right one with its two bytes swapped' : '';
}

const wrongAddress: Rule = (facts) => {
  if (!shows(facts, 'not-listening', 'client-refused')) return undefined;
  const bind = facts.history.calls.find(({ call, result }) => call === 'bind' && result === 0);
  const [seen] = facts.evidence.otherAddresses ?? [];
  // strace prints no IPv6 address.
  const address = seen ?? String(bind?.args.address ?? '');
  if (address === '' || MEANT_FOR_CLIENTS.includes(address)) return undefined;
  return {
    id: 'wrong-address',
    text: `the program listens on ${address === '::' ? ':: for IPv6 only (IPV6_V6ONLY)' : address}, which a client that connects to 127.0.0.1 does not reach`,
    proof: bind === undefined ? [] : [told(bind)],
    ...(bind && { call: bind }),
    functions: ['createServer'],
  };
};

const bindMissing: Rule = (facts) => {
  if (!shows(facts, 'not-listening')) return undefined;
  const listen = facts.history.calls.find(({ call, result }) => call === 'listen' && result === 0);
  if (
    listen === undefined ||
    facts.history.calls.some(({ call, fd, index }) => call === 'bind' && fd === listen.fd && index < listen.index)
  ) {
    return undefined;
  }
  return {
    id: 'bind-missing',
    text: 'listen() was called on a socket that was never bound, so the kernel chose a port for it',
    proof: [told(listen)],
    call: listen,
    functions: ['createServer'],
  };
};

const bindFailed: Rule = (facts) => {
  if (!shows(facts, 'not-listening')) return undefined;
  const bind = facts.history.calls.find(({ call, result }) => call === 'bind' && result === -1);
  if (bind === undefined) return undefined;
  return {
    id: 'bind-failure-ignored',
    text: 'bind() failed, and the program went on as if it had not',
    proof: [told(bind)],
    call: bind,
    functions: ['createServer'],
  };
};

const listenMissing: Rule = (facts) => {
  if (!shows(facts, 'not-listening', 'stopped')) return undefined;
  const bind = facts.history.calls.find(({ call, result }) => call === 'bind' && result === 0);
  if (bind === undefined || facts.history.calls.some(({ call }) => call === 'listen')) return undefined;
  if (shows(facts, 'stopped') && facts.evidence.exit?.code === 1) return undefined;
  return {
    id: 'listen-missing',
    text: 'the socket was bound, but listen() was never called on it',
    proof: [told(bind)],
    call: bind,
    functions: ['createServer'],
  };
};

/** The program gave up after a successful call. */
const successTakenForFailure: Rule = (facts) => {
  const { evidence, history } = facts;
  const last = history.calls.at(-1);
  if (!shows(facts, 'stopped') || evidence.exit?.code !== 1 || last === undefined || history.unfinished)
    return undefined;
  const named = evidence.lastLines.some((line) => line.startsWith(`${last.call}:`));
  if (!named || last.result < 0) return undefined;
  return {
    id: 'success-taken-for-failure',
    text: `${last.call}() succeeded, and the program took its result for a failure and ended`,
    proof: [told(last)],
    call: last,
  };
};

/** The program has not reached its first socket: it compiles, loads, computes or waits for something else. */
const stillStarting: Rule = (facts) => {
  const { evidence, history } = facts;
  if (!shows(facts, 'not-listening') || evidence.state?.sockets !== 0) return undefined;
  if (history.calls.some(({ call }) => call === 'socket')) return undefined;
  const waits = evidence.state.processes?.find(({ call, fd }) => call === 'accept' && fd !== undefined);
  if (waits !== undefined) {
    return {
      id: 'no-tcp-listener',
      text: `the program waits for clients on descriptor ${waits.fd}, which is no TCP socket, perhaps a UNIX socket: clients come over TCP, to 127.0.0.1`,
      proof: [`it waits in accept(${waits.fd})`, 'it has no TCP socket open, listening or not'],
      functions: ['createServer'],
    };
  }
  const busy = (evidence.state.busy ?? 0) > BUSY;
  return {
    id: 'still-starting',
    text: `the program was still starting: it runs, but has not made a socket yet; it is ${busy ? 'busy with something else' : 'waiting for something else'}`,
    proof: ['it has no TCP socket open, listening or not'],
    functions: ['createServer'],
  };
};

/** The loop runs without calling epoll_wait(). */
const loopWithoutWait: Rule = ({ evidence, history }) => {
  const made = history.calls.some(({ call }) => call === 'epoll_create1');
  const waits = isWait(history.unfinished?.call) || history.calls.some(({ call }) => isWait(call));
  if (!made || waits || history.unfinished || (evidence.state?.busy ?? 0) < 0.7) return undefined;
  const last = history.calls.at(-1);
  return {
    id: 'loop-without-wait',
    text: 'the program is busy all the time and never calls epoll_wait(): its loop runs without waiting for anything',
    proof: last ? [`the last system call was ${told(last)}`] : [],
    ...(last && { call: last }),
    functions: ['loopRun'],
  };
};

/** It forked, the first process exited, and the child, which listened, exited too. */
const backgroundEnded: Rule = (facts) => {
  const { evidence, role } = facts;
  if (!shows(facts, 'stopped') || !(evidence.exit?.background || firstLeftOthers(evidence))) return undefined;
  return {
    id: 'background-ended',
    text: `the process that was started exited with status 0 and left a child in the background, and that has exited, too: a ${role} has to run for ever (started in the foreground, it shows how it ends)`,
    proof: [],
    functions: ['loopRun'],
  };
};

/**
 * Under strace the first process's exit is told only when all others have exited. The process that served exited last, and
 * with another status: so it is not the first one.
 */
function firstLeftOthers({ trace, exit }: Evidence): boolean {
  const served = trace.findLast(({ call }) => SERVES.includes(call));
  const last = trace.findLast(({ call }) => call === 'exit');
  return exit?.code === 0 && last !== undefined && last.pid === served?.pid && last.result !== 0;
}

/** main or the loop returned. */
const loopEnded: Rule = (facts) => {
  const { evidence, history, role } = facts;
  // A server that blocks in accept() has no such loop: the rules for all programs apply.
  if (role === 'server' && !history.calls.some(({ call }) => call.startsWith('epoll'))) return undefined;
  if (!shows(facts, 'stopped') || evidence.exit?.code !== 0) return undefined;
  const wait = history.calls.findLast(({ call }) => isWait(call));
  const blocked = wait === undefined && history.calls.some(({ call }) => BLOCKING.includes(call));
  // A program that blocks in these calls needs no loop that waits for events.
  const how = blocked ? 'exited' : 'exited without ever waiting for events';
  const text =
    wait === undefined
      ? `the program ${how}: a ${role} has to run for ever`
      : `the program left its loop, or called process.exit(), and exited: a ${role} has to run for ever`;
  const proof = wait === undefined ? [] : [`the last wait was ${told(wait)}`];
  return { id: 'loop-ended', text, proof, ...(wait && { call: wait }), functions: ['loopRun'] };
};

export const startingRules: Rule[] = [
  reuseaddr,
  portTaken,
  wrongPort,
  wrongAddress,
  bindMissing,
  bindFailed,
  listenMissing,
  successTakenForFailure,
  loopWithoutWait,
  backgroundEnded,
  loopEnded,
  stillStarting,
];

export const phrases: Phrases = {
  'background-ended': 'put[s] itself in the background and exit[s] there',
  'no-tcp-listener': 'wait[s] for clients on a socket that is no TCP socket',
  'bind-failure-ignored': 'go[es] on although bind() failed',
  'bind-missing': 'listen[s] on a socket without bind()',
  'listen-missing': 'never call[s] listen()',
  'loop-without-wait': 'loop[s] without ever calling epoll_wait()',
  'port-taken': 'find[s] the port taken by another program',
  'reuseaddr-late': 'set[s] SO_REUSEADDR only after bind()',
  'reuseaddr-missing': 'never set[s] SO_REUSEADDR, and cannot be started again at once',
  'still-starting': '[are|is] still starting when the check gives up',
  'success-taken-for-failure': 'take[s] a call that succeeded for a failure',
  'wrong-address': 'listen[s] on an address that clients do not reach',
  'wrong-port': 'listen[s] on another port than PORT says',
};
