import type { Check } from '../../harness/check.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair } from '../pair.ts';

const OFFERED = 64 * MEBIBYTE;
const UPLOADED = 4 * MEBIBYTE;

export const otherDirection: Check = {
  id: 'other-direction',
  title: 'While a client does not read, what it sends still arrives',
  todos: ['5.2.2'],
  doc: 'wantedevents',
  hint: [
    'The client does not read. Is that a reason not to read the client?',
    'No. What it does not take stops the other end, the upstream, from being read. What it sends goes the other way, where there is room. The question for EPOLLIN on a socket is whether something waits for its peer, and only that.',
    ['  // EPOLLIN of fd depends on what waits for peerFd', '  // EPOLLOUT of fd depends on what waits for fd'].join(
      '\n',
    ),
  ],
  needs: ['paces-down'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const pair = await connectPair(harness, upstream, SLOW_BUFFER);
    harness.step('sent to a client that reads nothing, until no more was taken');
    pair.client.pause();
    const piece = harness.payload('download', MEBIBYTE);
    await sendUntilBlocked(harness, pair.upstream, () => piece, OFFERED);
    harness.step('had the same client send 4 MiB');
    const bytes = harness.payload('upload', UPLOADED);
    await Promise.all([pair.client.send(bytes), pair.upstream.expect(bytes)]);
    harness.expectAlive(program);
  },
};
