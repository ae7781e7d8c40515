import type { Check } from '../../lab/check.ts';
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
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream, SLOW_BUFFER);
    lab.step('sent to a client that reads nothing, until no more was taken');
    pair.client.pause();
    const piece = lab.payload('download', MEBIBYTE);
    await sendUntilBlocked(lab, pair.upstream, () => piece, OFFERED);
    lab.step('had the same client send 4 MiB');
    const bytes = lab.payload('upload', UPLOADED);
    await Promise.all([pair.client.send(bytes), pair.upstream.expect(bytes)]);
    lab.expectAlive(program);
  },
};
