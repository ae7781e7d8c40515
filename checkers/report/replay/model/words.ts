/** A step in plain words, for a reader who is new to event loops. */

import {
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  F_SETFL,
  F_SETPIPE_SZ,
  MSG_PEEK,
  O_NONBLOCK,
} from '../../../../linux/constants.ts';
import { inPlainWords } from '../../../explain/errno.ts';
import { text } from '../../../messages/page.ts';
import { endOf } from './apply.ts';
import { eventNames, optionName } from './call-text.ts';
import type { Call } from './events.ts';
import { throughPipe } from './pipes.ts';
import type { Socket, State } from './state.ts';
import type { CallStep, OutsideStep, SkipStep, Step } from './steps.ts';

/** A step in words. */
export function inWords(step: Step, before: State, after: State): string {
  switch (step.kind) {
    case 'call':
      return callInWords(step, before, after);
    case 'outside':
      return outsideInWords(step, after);
    case 'skip':
      return skipInWords(step);
    case 'verdict':
      return step.text;
  }
}

/** '1 byte', '65,536 bytes' */
export function bytes(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'byte' : 'bytes'}`;
}

/** '0.25 ms', '353 ms', '1.97 s' */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms >= 100) return text.replay.steps.wholeMilliseconds(Math.round(ms));
  return ms >= 10 ? text.replay.steps.milliseconds(ms.toFixed(1)) : text.replay.steps.milliseconds(ms.toFixed(2));
}

/** 'client 1 (fd 21)', 'the listening socket (fd 18)', 'fd 9' */
export function nameOf(state: State, fd: number): string {
  const socket = state.sockets[fd];
  const role = socket === undefined ? undefined : roleOf(socket);
  return role === undefined ? text.replay.steps.fdAlone(fd) : text.replay.steps.nameAndFd(role, fd);
}

export function roleOf({ kind, number, port, address }: Socket): string | undefined {
  if (kind === 'listener') return text.replay.steps.listeningSocket;
  if (kind === 'epoll') return text.replay.steps.epollInstance;
  if (kind === 'client') return text.replay.steps.client(number ?? '?');
  if (kind === 'upstream')
    return number === undefined ? `${address ?? 'unknown'}:${port ?? '?'}` : text.replay.steps.upstream(number);
  return undefined;
}

type Writer = (step: CallStep, before: State, after: State) => string;

function callInWords(step: CallStep, before: State, after: State): string {
  const { call, result, repeats } = step;
  const more = repeats === undefined ? '' : text.replay.steps.didSameTimesMore(repeats.toLocaleString('en-US'));
  if (step.phase === 'begins') return waitInWords(step, after);
  const failed = result === -1;
  const words = failed ? failure(step, before) : writers[call]?.(step, before, after);
  return `${words ?? text.replay.steps.onReturns(call, nameOf(before, step.fd), result)}${more}`;
}

function waitInWords(step: CallStep, state: State): string {
  const { call, fd } = step;
  const name = nameOf(state, fd);
  if (call === 'epoll_wait') return text.replay.steps.proxyWaitsInEpoll;
  if (call === 'accept') return text.replay.steps.proxyWaitsInAccept;
  if (call === 'connect') return text.replay.steps.connectOnFdBegins(fd, address(step));
  if (call === 'read') return text.replay.steps.proxyWaitsInRead(file(fd));
  if (call === 'recv') return text.replay.steps.proxyWaitsInRecv(name);
  if (call === 'send') return text.replay.steps.proxyWaitsInSend(name);
  return text.replay.steps.onBeginsAndTakes(call, name);
}

/** Descriptors that every program has from the start. */
function file(fd: number): string {
  return (
    [text.replay.steps.standardInput, text.replay.steps.standardOutput, text.replay.steps.standardError][fd] ??
    text.replay.steps.fdAlone(fd)
  );
}

function address({ args }: Call): string {
  return `${args.address ?? '?'}:${args.port ?? '?'}`;
}

const PATIENCE = text.replay.steps.nothingIsLostAnd;

function failure(step: CallStep, state: State): string {
  const { call } = step;
  const { call: way, fd, errno = text.replay.steps.noReasonGiven } = throughPipe(step, state);
  const name = nameOf(state, fd);
  const on = fd === -1 ? '' : text.replay.steps.onSocket(name);
  if (errno === 'EAGAIN' || errno === 'EWOULDBLOCK') {
    if (way === 'recv') return text.replay.steps.findsNothingToRead(call, name, PATIENCE);
    if (way === 'send') return text.replay.steps.findsNoRoom(call, name, PATIENCE);
    if (call === 'accept') return text.replay.steps.acceptFindsQueueEmpty;
  }
  if (call === 'connect' && errno === 'EINPROGRESS') return text.replay.steps.connectOnFdIs(fd);
  return text.replay.steps.fails(call, on, inPlainWords(errno) ?? errno);
}

const writers: Record<string, Writer> = {
  read: ({ fd, result = 0 }) =>
    result === 0
      ? text.replay.steps.readReturnsIsAt(file(fd))
      : text.replay.steps.readTakesFrom(bytes(result), file(fd)),
  write: ({ fd, result = 0 }) => text.replay.steps.writeHandsTo(bytes(result), file(fd)),
  socket: ({ result }) => text.replay.steps.socketMakesNewSocket(result),
  bind: ({ fd, args }) => text.replay.steps.bindGivesFdAddress(fd, args.address ?? '?', args.port ?? '?'),
  listen: ({ fd }) => text.replay.steps.listenTurnsFdInto(fd),
  setsockopt: ({ fd, args }) =>
    text.replay.steps.setsockoptSetsFdTo(optionName(args) ?? text.replay.steps.option(args.option), fd, args.value),
  getsockopt: ({ fd }) => text.replay.steps.getsockoptAsksForOption(fd),
  epoll_create1: ({ result }) => text.replay.steps.epollCreate1MakesEpoll(result),
  epoll_ctl: controlled,
  epoll_wait: woken,
  accept: ({ result = -1 }, _before, after) =>
    text.replay.steps.acceptTakesClientFrom(result, roleOf(after.sockets[result] ?? ({ kind: 'client' } as Socket))),
  connect: (step, _before, after) => {
    const socket = after.sockets[step.fd];
    const upstream = socket?.kind === 'upstream' && socket.number !== undefined ? roleOf(socket) : undefined;
    return text.replay.steps.connectLinksFdTo(step.fd, address(step), upstream);
  },
  recv: received,
  send: sent,
  pipe2: ({ args }) => text.replay.steps.pipe2MakesPipe(args.out ?? '?', args.into ?? '?'),
  splice: spliced,
  shutdown: ({ fd, args }, before) => {
    const what =
      args.how === 0
        ? text.replay.steps.takesNoMoreBytes
        : args.how === 1
          ? text.replay.steps.sendsNoMoreBytes
          : text.replay.steps.isOverInBoth;
    return text.replay.steps.shutdownConnectionTo(nameOf(before, fd), what);
  },
  fcntl: ({ fd, args }, before) => {
    if (args.operation === F_SETPIPE_SZ) return text.replay.steps.fcntlMakesPipeHold(bytes(Number(args.argument)));
    if (args.operation !== F_SETFL) return text.replay.steps.fcntlAsksForFlags(nameOf(before, fd));
    const on = (Number(args.argument) & O_NONBLOCK) !== 0;
    return text.replay.steps.fcntlCallsOn(nameOf(before, fd), on);
  },
  close: ({ fd }, before) => {
    const lost = before.sockets[fd]?.pending ?? 0;
    const held = lost > 0 ? text.replay.steps.cameFromThereWere(bytes(lost)) : '';
    return text.replay.steps.closeGivesBackNext(nameOf(before, fd), fd, held);
  },
};

function controlled({ fd, args }: CallStep, before: State): string {
  const name = nameOf(before, fd);
  if (args.operation === EPOLL_CTL_DEL) return text.replay.steps.epollCtlLoopNo(name);
  const verb =
    args.operation === EPOLL_CTL_ADD ? text.replay.steps.fromNowOnLoop : text.replay.steps.loopChangesHowWatches;
  const events = args.events === undefined ? '' : text.replay.steps.forEvents(eventNames(Number(args.events)));
  return `epoll_ctl(): ${verb} ${name}${events}.`;
}

function woken({ events = [], result = 0 }: CallStep, before: State): string {
  if (result === 0) return text.replay.steps.epollWaitReturnsWithout;
  const told = events
    .slice(0, 4)
    .map((event) => `${nameOf(before, event.fd)} ${readiness(event.events, before, event.fd)}`);
  const more = result > told.length ? text.replay.steps.andMore(result - told.length) : '';
  return text.replay.steps.epollWaitWakesUp(told.join(', '), more);
}

function readiness(events: number, state: State, fd: number): string {
  const listener = state.sockets[fd]?.kind === 'listener';
  const names = eventNames(events).split(' | ');
  const parts = [
    names.includes('EPOLLIN') && (listener ? text.replay.steps.hasClientInQueue : text.replay.steps.hasSomethingToRead),
    names.includes('EPOLLOUT') && text.replay.steps.hasRoomForMore,
    names.includes('EPOLLERR') && text.replay.steps.hasError,
    names.includes('EPOLLHUP') && text.replay.steps.isOverInBoth,
    !names.includes('EPOLLHUP') && names.includes('EPOLLRDHUP') && text.replay.steps.willSendNoMore,
  ].filter((part) => part !== false);
  return parts.join(' and ') || text.replay.steps.reports(names.join(' | '));
}

function received({ fd, result = 0, args }: CallStep, before: State): string {
  const name = nameOf(before, fd);
  if (args.length === 0) return text.replay.steps.recvOnWasAsked(name);
  if (result === 0) return text.replay.steps.recvReturnsWillSend(name);
  if ((Number(args.flags ?? 0) & MSG_PEEK) !== 0) return text.replay.steps.recvLooksAtAnd(bytes(result), name);
  return text.replay.steps.recvTakesFromInto(bytes(result), name);
}

function spliced(step: CallStep, before: State): string {
  const { call, fd, result = 0 } = throughPipe(step, before);
  const name = nameOf(before, fd);
  if (call === 'recv' && result === 0) return text.replay.steps.spliceReturnsWillSend(name);
  if (call === 'recv') return text.replay.steps.spliceMovesFrom(bytes(result), name);
  return text.replay.steps.spliceMovesTo(bytes(result), name);
}

function sent({ fd, result = 0, args }: CallStep, before: State): string {
  const name = nameOf(before, fd);
  const offered = Number(args.length ?? result);
  if (result >= offered) return text.replay.steps.sendHandsForTo(bytes(result), name);
  const rest = bytes(offered - result);
  return text.replay.steps.sendTakesOnlyFor(result.toLocaleString('en-US'), bytes(offered), name, rest);
}

function outsideInWords({ who, what, bytes: count = 0 }: OutsideStep, after: State): string {
  if (who === 'terminal') return atTerminal[what]?.(bytes(count)) ?? text.replay.steps.terminalIsClosed;
  const plain: Record<OutsideStep['what'], string> = {
    starts: text.replay.steps.programIsStarted,
    listens: text.replay.steps.kernelListsProxyAs,
    exits: text.replay.steps.programHasEndedKernel,
    connects: text.replay.steps.hasConnectedToProxys(who),
    accepts: text.replay.steps.upstreamHasAcceptedConnection(who),
    sends: text.replay.steps.sendsToProxy(who, bytes(count)),
    receives: text.replay.steps.receivesFromProxy(who, bytes(count), isMerged(who, after)),
    fin: text.replay.steps.seesEndStreamFin(who),
    rst: text.replay.steps.seesConnectionBrokenOff(who),
    finishes: text.replay.steps.hasNoMoreTo(who),
    closes: text.replay.steps.closesConnection(who),
    resets: text.replay.steps.breaksConnectionOffRst(who),
  };
  const words = plain[what];
  return words[0]?.toUpperCase() + words.slice(1);
}

/** A client's standard input and output. */
const atTerminal: Partial<Record<OutsideStep['what'], (amount: string) => string>> = {
  sends: (amount) => text.replay.steps.onStandardInputCome(amount),
  receives: (amount) => text.replay.steps.onStandardOutputHave(amount),
  finishes: () => text.replay.steps.standardInputEndsAs,
};

/** The checker counts neighbouring pieces as one, so bytes that the proxy has not sent yet belong to later steps. */
function isMerged(who: string, state: State): boolean {
  const known = endOf(who);
  const end = known && state[known.side][known.number];
  return end !== undefined && state.traced && end.given > 0 && end.received > end.given;
}

function skipInWords({ count, why, calls }: SkipStep): string {
  const number = count.toLocaleString('en-US');
  const which = calls.length > 0 ? ` (${calls.join(', ')})` : '';
  if (why === 'repeats') return text.replay.steps.stepsRepeatOnesBefore(number, which);
  return text.replay.steps.stepsAreLeftOut(number, which);
}
