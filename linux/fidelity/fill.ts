/** Back-pressure: how a full connection looks on both kernels. */
import * as real from '../index.ts';
import { RECEIVING_ENDED, TcpSocket } from '../simulated/tcp-socket.ts';
import type { Call } from './both.ts';
import { type Handle, type Sequence, showEvent } from './sequence.ts';

const { EPOLLIN, EPOLLOUT, EPOLLRDHUP } = real;

/**
 * Fills a connection until it takes no more, then reads it empty. How much that is differs from machine to machine; that
 * it comes to an end, what epoll says meanwhile, and that no byte is lost does not.
 */
export function fillAndDrain(sequence: Sequence, from: Handle): void {
  const { both } = sequence;
  const file = both.process.file(from.simulated);
  const peer = file instanceof TcpSocket ? file.peer : undefined;
  const to = sequence.peerOf(from);
  // After shutdown(SHUT_RD), recv() says 0 whenever nothing is there: it cannot be told when all has come.
  if (peer === undefined || to === undefined || peer.ended & RECEIVING_ENDED) return;
  // What TCP_CORK holds back comes after 200 ms, which do not pass here.
  if (file instanceof TcpSocket && file.options.cork) return;
  const make = { simulated: both.simulated.bind(both), real: both.real.bind(both) };
  const results = (['simulated', 'real'] as const).map((kind) => {
    const call = (name: Call, ...args: unknown[]) => make[kind](name, args);
    const sent = untilItFails((chunk) => call('send', from[kind], chunk, chunk.length, real.MSG_DONTWAIT));
    const full = masks(call, from[kind]);
    const end = performance.now() + LONGEST_DRAIN_MS;
    let came = untilItFails((chunk) => call('recv', to[kind], chunk, chunk.length, real.MSG_DONTWAIT));
    while (came.sum < sent.sum && came.last === 'EAGAIN' && performance.now() < end) {
      const more = untilItFails((chunk) => call('recv', to[kind], chunk, chunk.length, real.MSG_DONTWAIT));
      came = { sum: came.sum + more.sum, last: more.last };
    }
    return [sent.sum > 0, sent.last, full, came.sum - sent.sum, came.last, masks(call, from[kind])];
  });
  sequence.calls += 1;
  both.compare(`fill ${sequence.note(from)} and drain ${sequence.note(to)}`, results[0], results[1]);
}

/** Longer than the real kernel's timers for a full window take. */
const LONGEST_DRAIN_MS = 3000;
const CHUNK = 65_536;

/** Repeats a call until it moves nothing; how much it moved, and what it said in the end. */
function untilItFails(call: (chunk: Buffer) => number | string | undefined): { sum: number; last: unknown } {
  const chunk = Buffer.alloc(CHUNK);
  let sum = 0;
  while (true) {
    const result = call(chunk);
    if (typeof result !== 'number' || result === 0) return { sum, last: result };
    sum += result;
  }
}

/** What an epoll instance of its own says of a descriptor. */
function masks(call: (name: Call, ...args: unknown[]) => number | string | undefined, fd: number): unknown {
  const epfd = call('epoll_create1', 0);
  const events: real.EpollEvent[] = [];
  call('epoll_ctl', epfd, real.EPOLL_CTL_ADD, fd, { events: EPOLLIN | EPOLLOUT | EPOLLRDHUP, data: { fd: 0 } });
  call('epoll_wait', epfd, events, 1, 0);
  call('close', epfd);
  return events.map(showEvent);
}
