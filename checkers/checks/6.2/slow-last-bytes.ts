import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Program } from '../../harness/program.ts';
import { expectFinished } from '../6.1/finished.ts';
import { MEBIBYTE, SLOW_BUFFER, SLOW_PACE, sendUntilLeft } from '../bulk.ts';
import { connectPair, exchange, type Pair } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';
import { expectSocketsGone } from '../sockets.ts';

/** Bytes per send, and the most in all: more than the send buffer towards the reader holds. */
const PIECE = 32 * 1024;
const MOST = 32 * MEBIBYTE;

/** Pieces that mostly have to wait, and how many more follow, so that one recv() does not take all. */
const BIG_PIECE = 8 * PIECE;
const MORE = 4;

/** Both sides finish: first the reader, which then reads the other side's bytes slowly. */
async function finishBeforeReading(harness: Harness, program: Program, reader: Peer, sender: Peer): Promise<void> {
  harness.step(
    `had ${reader.name} finish and read nothing, and ${sender.name} send until the proxy left some of it unread, and finish; watched how busy the program is`,
  );
  reader.shutdownWrite();
  await expectFinished(sender);
  reader.pause();
  const piece = (index: number): Buffer => harness.payload(`${sender.name} sends, ${index}`, PIECE);
  const pieces = await sendUntilLeft(harness, sender, piece, MOST);
  const sent = sender.shutdownWrite();
  await expectSleeping(harness, program);
  harness.step(`let ${reader.name} read on`);
  reader.resume(SLOW_PACE);
  for (let index = 0; index < pieces; index += 1) await reader.expect(piece(index));
  await sent;
  await expectFinished(reader);
}

/** Both sides finish while bytes wait: first the reader, which has much to receive. */
async function finishBehindMuch(harness: Harness, program: Program, reader: Peer, sender: Peer): Promise<void> {
  harness.step(
    `had ${sender.name} send to ${reader.name}, which reads nothing, until the proxy left some of it unread, and 1 MiB more; had ${reader.name} finish, then ${sender.name}; watched how busy the program is`,
  );
  reader.pause();
  const piece = (index: number): Buffer => harness.payload(`${sender.name} sends much, ${index}`, BIG_PIECE);
  const first = await sendUntilLeft(harness, sender, piece, MOST);
  for (let index = first; index < first + MORE; index += 1) void sender.send(piece(index));
  reader.shutdownWrite();
  await expectFinished(sender);
  const sent = sender.shutdownWrite();
  await expectSleeping(harness, program);
  harness.step(`let ${reader.name} read on`);
  reader.resume();
  for (let index = 0; index < first + MORE; index += 1) await reader.expect(piece(index));
  await sent;
  await expectFinished(reader);
}

/** The reader resets after both sides have finished; no state of the pair may affect the next one. */
async function resetBehindBoth(harness: Harness, program: Program, next: () => Promise<Pair>): Promise<void> {
  const before = program.socketCount() ?? 0;
  const { client, upstream } = await next();
  harness.step(
    `had ${client.name} finish and read nothing, and ${upstream.name} send until the proxy left some of it unread, and finish; ${client.name} reset its connection, and another client exchanged a line each way`,
  );
  client.shutdownWrite();
  await expectFinished(upstream);
  client.pause();
  const piece = (index: number): Buffer => harness.payload(`${upstream.name} sends, ${index}`, BIG_PIECE);
  await sendUntilLeft(harness, upstream, piece, MOST);
  await upstream.shutdownWrite();
  client.reset();
  await expectSocketsGone(harness, program, before);
  const pair = await next();
  await exchange(harness, pair, pair.client.name);
}

export const slowLastBytes: Check = {
  id: 'slow-last-bytes',
  title: 'Both sides have finished, and one reads slowly: the proxy sleeps, and all bytes arrive',
  todos: ['6.2.1', '6.1.6'],
  doc: 'loopdetach',
  hint: [
    'The client has finished, the upstream has finished, and megabytes still wait for the client. What is left to do?',
    'The client still takes bytes, slowly: that it has finished sending says nothing about what it reads. So go on asking for room. The end goes behind them, so it is passed on when they are gone, not when epoll announces it. The upstream socket is through in both directions, and epoll reports EPOLLHUP without end: take it off the loop until it is to be read again.',
    [
      '  // waiting has an entry: EPOLLOUT, even if a side has ended',
      '  // EPOLLHUP without EPOLLERR: loopDetach',
    ].join('\n'),
  ],
  needs: ['client-reset'],
  async run(harness) {
    const upstream = await harness.startUpstream(SLOW_BUFFER);
    const program = await harness.startProxy();
    const download = await connectPair(harness, upstream, SLOW_BUFFER);
    await finishBeforeReading(harness, program, download.client, download.upstream);
    const upload = await connectPair(harness, upstream);
    await finishBeforeReading(harness, program, upload.upstream, upload.client);
    const answer = await connectPair(harness, upstream, SLOW_BUFFER);
    await finishBehindMuch(harness, program, answer.client, answer.upstream);
    const question = await connectPair(harness, upstream);
    await finishBehindMuch(harness, program, question.upstream, question.client);
    await resetBehindBoth(harness, program, () => connectPair(harness, upstream, SLOW_BUFFER));
    harness.expectAlive(program);
  },
};
