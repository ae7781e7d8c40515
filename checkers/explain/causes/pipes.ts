/** Causes of failures with bytes that go through pipes: socket, pipe, socket. */

import type { Call, Life } from '../call.ts';
import type { Phrases } from '../cause.ts';
import { type Cause, type Rule, shows } from '../cause.ts';
import { type History, lifeAt, told } from '../history.ts';

/** The errors of splice() with the wrong descriptors. */
const WRONG_ENDS = ['EBADF', 'EINVAL', 'ESPIPE'];
/** The checks need fewer open pipes than this at a time. */
const MANY = 8;
/** A pipe with one end is useless, but one or two may be half closed at the moment. */
const MANY_HALVES = 3;

/** A pipe and its contents. */
interface Pipe {
  out: number;
  into: number;
  filled: number;
  /** the socket that its bytes have come from */
  from?: Life;
  open: boolean;
}

const spliceFailed: Rule = ({ history }) => {
  const failed = history.calls.find(({ call, errno = '' }) => call === 'splice' && WRONG_ENDS.includes(errno));
  if (failed === undefined) return undefined;
  return {
    id: 'splice-failed',
    text: `splice() from descriptor ${failed.fd} into ${failed.args.to} failed with ${failed.errno ?? ''}: the first descriptor of a pipe is for reading, the second for writing`,
    proof: [told(failed)],
    call: failed,
    functions: ['createPipe', 'movePages', 'emptyPipe'],
  };
};

/** Follows the bytes through all pipes, call by call, up to the first mistake. */
const wrongBytesInPipe: Rule = ({ history }) => {
  const pipes: Pipe[] = [];
  for (const call of history.calls.slice(0, history.whole)) {
    const pipe = pipes.findLast(
      ({ out, into }) => call.call === 'splice' && (call.fd === out || call.args.to === into),
    );
    if (call.call === 'pipe2' && call.result === 0) pipes.push(made(call));
    // Other calls on a pipe change its fill level, or copy its bytes: its contents are unknown from then on.
    const touched = pipes.findIndex(({ out, into }) => isOtherUse(call, out, into));
    if (touched !== -1) pipes.splice(touched, 1);
    if (pipe === undefined) continue;
    const cause = call.args.to === pipe.into ? fill(history, pipe, call) : drain(history, pipe, call);
    if (cause !== undefined) return cause;
  }
  return undefined;
};

function isOtherUse({ call, fd, args }: Call, out: number, into: number): boolean {
  if (call === 'tee') return fd === out || args.to === into;
  return (call === 'read' && fd === out) || (call === 'write' && fd === into);
}

function made({ args }: Call): Pipe {
  return { out: Number(args.out), into: Number(args.into), filled: 0, open: true };
}

function fill(history: History, pipe: Pipe, call: Call): Cause | undefined {
  const from = lifeAt(history, call.fd, call);
  if (pipe.filled > 0 && from === pipe.from) {
    return {
      id: 'pipe-not-emptied',
      text: `the pipe of descriptor ${pipe.into} held ${pipe.filled.toLocaleString('en-US')} bytes, and the program moved more into it from ${call.fd}: a pipe has to be empty before more goes in`,
      proof: [told(call)],
      call,
      functions: ['emptyPipe', 'movePages'],
    };
  }
  pipe.filled += Math.max(0, call.result);
  pipe.from = from;
  return undefined;
}

function drain(history: History, pipe: Pipe, call: Call): Cause | undefined {
  const to = lifeAt(history, Number(call.args.to), call);
  if (pipe.filled > 0 && to !== undefined && pipe.from !== undefined && to !== pipe.from.partner) {
    return {
      id: 'pipe-not-empty',
      text: `the pipe of descriptor ${pipe.out} held ${pipe.filled.toLocaleString('en-US')} bytes of another connection, and they went to ${to.fd}: a pipe with bytes in it must not be reused`,
      proof: [told(call)],
      call,
      functions: ['givePipeBack', 'takePipe'],
    };
  }
  pipe.filled = Math.max(0, pipe.filled - Math.max(0, call.result));
  return undefined;
}

export const pipesLeftOpen: Rule = (facts) => {
  if (!shows(facts, 'sockets-left')) return undefined;
  // A pipe between processes has one end in each.
  if (!facts.history.calls.some(({ call }) => call === 'splice')) return undefined;
  const pipes: { made: Call; ends: Set<number> }[] = [];
  for (const call of facts.history.calls) {
    if (call.call === 'close') for (const { ends } of pipes) ends.delete(call.fd);
    const { out, into } = call.args;
    if (call.call === 'pipe2' && call.result === 0)
      pipes.push({ made: call, ends: new Set([Number(out), Number(into)]) });
  }
  const halves = pipes.filter(({ ends }) => ends.size === 1);
  const open = pipes.filter(({ ends }) => ends.size === 2);
  const left = halves.length >= MANY_HALVES ? halves : open;
  const last = left.at(-1)?.made;
  if (last === undefined || (left === open && open.length < MANY)) return undefined;
  return {
    id: 'pipes-left-open',
    text:
      left === open
        ? `${open.length} pipes are open: the program has to reuse a pipe that it no longer needs, or to close both of its ends`
        : `of ${halves.length} pipes only one end was closed: a pipe has two descriptors, and both have to be closed`,
    proof: [told(last)],
    call: last,
    functions: ['givePipeBack', 'takePipe'],
  };
};

export const pipeRules: Rule[] = [spliceFailed, wrongBytesInPipe];

export const phrases: Phrases = {
  'pipe-not-emptied': 'leave[s] bytes in a pipe that splice() moved only in part',
  'pipe-not-empty': 'keep[s] a pipe for the next connection with bytes in it',
  'pipes-left-open': 'leave[s] pipes open that are no longer needed',
  'splice-failed': 'go[es] on although splice() failed',
};
