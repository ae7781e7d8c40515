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
  if (ms >= 100) return `${Math.round(ms)} ms`;
  return ms >= 10 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(2)} ms`;
}

/** 'client 1 (fd 21)', 'the listening socket (fd 18)', 'fd 9' */
export function nameOf(state: State, fd: number): string {
  const socket = state.sockets[fd];
  const role = socket === undefined ? undefined : roleOf(socket);
  return role === undefined ? `fd ${fd}` : `${role} (fd ${fd})`;
}

export function roleOf({ kind, number, port, address }: Socket): string | undefined {
  if (kind === 'listener') return 'the listening socket';
  if (kind === 'epoll') return 'the epoll instance';
  if (kind === 'client') return `client ${number ?? '?'}`;
  if (kind === 'upstream')
    return number === undefined ? `${address ?? 'unknown'}:${port ?? '?'}` : `upstream ${number}`;
  return undefined;
}

type Writer = (step: CallStep, before: State, after: State) => string;

function callInWords(step: CallStep, before: State, after: State): string {
  const { call, result, repeats } = step;
  const more = repeats === undefined ? '' : ` It did the same ${repeats.toLocaleString('en-US')} times more.`;
  if (step.phase === 'begins') return waitInWords(step, after);
  const failed = result === -1;
  const words = failed ? failure(step, before) : writers[call]?.(step, before, after);
  return `${words ?? `${call}() on ${nameOf(before, step.fd)} returns ${result}.`}${more}`;
}

function waitInWords(step: CallStep, state: State): string {
  const { call, fd } = step;
  const name = nameOf(state, fd);
  if (call === 'epoll_wait') return 'The proxy waits in epoll_wait() until something happens on one of its sockets.';
  if (call === 'accept')
    return 'The proxy waits in accept(): there is no client in the queue, and nothing else goes on until one comes.';
  if (call === 'connect') return `connect() on fd ${fd} begins: the proxy waits for an answer from ${address(step)}.`;
  if (call === 'read') return `The proxy waits in read() on ${file(fd)}. Until something comes, nothing else goes on.`;
  if (call === 'recv') return `The proxy waits in recv() for bytes of ${name}. Until some come, nothing else goes on.`;
  if (call === 'send')
    return `The proxy waits in send(): the kernel has no room for more bytes to ${name}. Nothing else goes on.`;
  return `${call}() on ${name} begins, and takes its time.`;
}

/** Descriptors that every program has from the start. */
function file(fd: number): string {
  return ['the standard input', 'the standard output', 'the standard error'][fd] ?? `fd ${fd}`;
}

function address({ args }: Call): string {
  return `${args.address ?? '?'}:${args.port ?? '?'}`;
}

const PATIENCE = 'nothing is lost, and the proxy can try again later';

function failure(step: CallStep, state: State): string {
  const { call } = step;
  const { call: way, fd, errno = 'no reason given' } = throughPipe(step, state);
  const name = nameOf(state, fd);
  const on = fd === -1 ? '' : ` on ${name}`;
  if (errno === 'EAGAIN' || errno === 'EWOULDBLOCK') {
    if (way === 'recv') return `${call}() finds nothing to read on ${name} (EAGAIN): ${PATIENCE}.`;
    if (way === 'send') return `${call}() finds no room for ${name} (EAGAIN): ${PATIENCE}.`;
    if (call === 'accept') return 'accept() finds the queue empty (EAGAIN).';
  }
  if (call === 'connect' && errno === 'EINPROGRESS') return `connect() on fd ${fd} is under way (EINPROGRESS).`;
  return `${call}()${on} fails: ${inPlainWords(errno) ?? errno}.`;
}

const writers: Record<string, Writer> = {
  read: ({ fd, result = 0 }) =>
    result === 0 ? `read() returns 0: ${file(fd)} is at its end.` : `read() takes ${bytes(result)} from ${file(fd)}.`,
  write: ({ fd, result = 0 }) => `write() hands ${bytes(result)} to ${file(fd)}.`,
  socket: ({ result }) => `socket() makes a new socket, fd ${result}. It is not connected yet.`,
  bind: ({ fd, args }) => `bind() gives fd ${fd} the address ${args.address ?? '?'} and the port ${args.port ?? '?'}.`,
  listen: ({ fd }) =>
    `listen() turns fd ${fd} into a listening socket: from now on the kernel puts clients in its queue.`,
  setsockopt: ({ fd, args }) =>
    `setsockopt() sets ${optionName(args) ?? `option ${args.option}`} of fd ${fd} to ${args.value}.`,
  getsockopt: ({ fd }) => `getsockopt() asks for an option of fd ${fd}.`,
  epoll_create1: ({ result }) =>
    `epoll_create1() makes an epoll instance, fd ${result}: the list of what the loop watches.`,
  epoll_ctl: controlled,
  epoll_wait: woken,
  accept: ({ result = -1 }, _before, after) =>
    `accept() takes a client from the queue: fd ${result} is the connection to ${roleOf(after.sockets[result] ?? ({ kind: 'client' } as Socket))}.`,
  connect: (step, _before, after) => {
    const socket = after.sockets[step.fd];
    const upstream = socket?.kind === 'upstream' && socket.number !== undefined ? roleOf(socket) : undefined;
    return `connect() links fd ${step.fd} to ${address(step)}${upstream === undefined ? '' : `: this is ${upstream}`}.`;
  },
  recv: received,
  send: sent,
  pipe2: ({ args }) =>
    `pipe2() makes a pipe: what is put into fd ${args.into ?? '?'} comes out of fd ${args.out ?? '?'}.`,
  splice: spliced,
  shutdown: ({ fd, args }, before) => {
    const what =
      args.how === 0 ? 'takes no more bytes' : args.how === 1 ? 'sends no more bytes' : 'is over in both directions';
    return `shutdown(): the connection to ${nameOf(before, fd)} ${what}.`;
  },
  fcntl: ({ fd, args }, before) => {
    if (args.operation === F_SETPIPE_SZ) return `fcntl() makes the pipe hold ${bytes(Number(args.argument))}.`;
    if (args.operation !== F_SETFL) return `fcntl() asks for the flags of ${nameOf(before, fd)}.`;
    const on = (Number(args.argument) & O_NONBLOCK) !== 0;
    return `fcntl(): calls on ${nameOf(before, fd)} ${on ? 'never wait from now on' : 'may wait from now on'}.`;
  },
  close: ({ fd }, before) => {
    const lost = before.sockets[fd]?.pending ?? 0;
    const held = lost > 0 ? ` ${bytes(lost)} that came from there were never sent on.` : '';
    return `close() gives back ${nameOf(before, fd)}. The next socket may get the number ${fd} again.${held}`;
  },
};

function controlled({ fd, args }: CallStep, before: State): string {
  const name = nameOf(before, fd);
  if (args.operation === EPOLL_CTL_DEL) return `epoll_ctl(): the loop no longer watches ${name}.`;
  const verb = args.operation === EPOLL_CTL_ADD ? 'from now on the loop watches' : 'the loop changes how it watches';
  const events = args.events === undefined ? '' : ` for ${eventNames(Number(args.events))}`;
  return `epoll_ctl(): ${verb} ${name}${events}.`;
}

function woken({ events = [], result = 0 }: CallStep, before: State): string {
  if (result === 0) return 'epoll_wait() returns without an event: the time that it was given is up.';
  const told = events
    .slice(0, 4)
    .map((event) => `${nameOf(before, event.fd)} ${readiness(event.events, before, event.fd)}`);
  const more = result > told.length ? `, and ${result - told.length} more` : '';
  return `epoll_wait() wakes up: ${told.join(', ')}${more}.`;
}

function readiness(events: number, state: State, fd: number): string {
  const listener = state.sockets[fd]?.kind === 'listener';
  const names = eventNames(events).split(' | ');
  const parts = [
    names.includes('EPOLLIN') && (listener ? 'has a client in its queue' : 'has something to read'),
    names.includes('EPOLLOUT') && 'has room for more bytes',
    names.includes('EPOLLERR') && 'has an error',
    names.includes('EPOLLHUP') && 'is over in both directions',
    !names.includes('EPOLLHUP') && names.includes('EPOLLRDHUP') && 'will send no more',
  ].filter((part) => part !== false);
  return parts.join(' and ') || `reports ${names.join(' | ')}`;
}

function received({ fd, result = 0, args }: CallStep, before: State): string {
  const name = nameOf(before, fd);
  if (args.length === 0)
    return `recv() on ${name} was asked for 0 bytes and returns 0. That says nothing about the connection.`;
  if (result === 0) return `recv() returns 0: ${name} will send no more.`;
  if ((Number(args.flags ?? 0) & MSG_PEEK) !== 0)
    return `recv() looks at ${bytes(result)} of ${name} and leaves them there.`;
  return `recv() takes ${bytes(result)} from ${name} into the proxy's memory.`;
}

function spliced(step: CallStep, before: State): string {
  const { call, fd, result = 0 } = throughPipe(step, before);
  const name = nameOf(before, fd);
  if (call === 'recv' && result === 0) return `splice() returns 0: ${name} will send no more.`;
  if (call === 'recv') return `splice() moves ${bytes(result)} from ${name} into a pipe. They stay in the kernel.`;
  return `splice() moves ${bytes(result)} out of a pipe to ${name}.`;
}

function sent({ fd, result = 0, args }: CallStep, before: State): string {
  const name = nameOf(before, fd);
  const offered = Number(args.length ?? result);
  if (result >= offered) return `send() hands ${bytes(result)} for ${name} to the kernel.`;
  const rest = bytes(offered - result);
  return `send() takes only ${result.toLocaleString('en-US')} of ${bytes(offered)} for ${name}. The other ${rest} still have to be offered again.`;
}

function outsideInWords({ who, what, bytes: count = 0 }: OutsideStep, after: State): string {
  if (who === 'terminal') return atTerminal[what]?.(bytes(count)) ?? 'The terminal is closed.';
  const plain: Record<OutsideStep['what'], string> = {
    starts: 'The program is started.',
    listens: 'The kernel lists the proxy as listening: clients can come.',
    exits: 'The program has ended. The kernel closes all its sockets.',
    connects: `${who} has connected to the proxy's port.`,
    accepts: `The upstream has accepted a connection from the proxy: ${who}.`,
    sends: `${who} sends ${bytes(count)} to the proxy.`,
    receives: `${who} receives ${bytes(count)} from the proxy.${isMerged(who, after) ? ' They come in several pieces, from now on.' : ''}`,
    fin: `${who} sees the end of the stream (FIN): the proxy sends no more here.`,
    rst: `${who} sees its connection broken off (RST).`,
    finishes: `${who} has no more to send, and says so (FIN).`,
    closes: `${who} closes its connection.`,
    resets: `${who} breaks its connection off (RST).`,
  };
  const words = plain[what];
  return words[0]?.toUpperCase() + words.slice(1);
}

/** A client's standard input and output. */
const atTerminal: Partial<Record<OutsideStep['what'], (amount: string) => string>> = {
  sends: (amount) => `On the standard input come ${amount}.`,
  receives: (amount) => `On the standard output ${amount} have come out.`,
  finishes: () => 'The standard input ends, as with Ctrl-D.',
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
  if (why === 'repeats') return `${number} steps${which} that repeat the ones before are left out here.`;
  return `${number} steps${which} are left out here, or this page would be too large.`;
}
