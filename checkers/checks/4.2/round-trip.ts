import type { Check } from '../../harness/check.ts';
import { connectPair } from '../pair.ts';

/** How long to wait for bytes that no side sent, in ms. */
const QUIET_MS = 80;

export const roundTrip: Check = {
  id: 'round-trip',
  title: "A client's message reaches the upstream, and the answer comes back",
  todos: ['4.2.6', '4.2.7', '4.2.1', '4.2.2', '4.2.3', '4.2.4', '4.2.5'],
  doc: 'handleclient',
  hint: [
    'A line of 36 bytes goes up, another comes back. Follow the first of these bytes: which event, which function, which buffer, which number tells how many there are, which socket does it leave through?',
    'Both sockets of the pair have to be attached to the loop. The handler takes what recv gives and sends that, no more and no less: the number comes from recv, not from the size of the buffer. The table says where it goes. If the bytes arrive nowhere, find out how far they get: print a line in each function.',
    [
      '  const count = recv(/* where the event was */);',
      '  // the other half of the pair, by the table',
      '  // the first count bytes of the buffer, to that one',
    ].join('\n'),
  ],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const pair = await connectPair(harness, upstream);
    const [question, answer] = [harness.message('client 1'), harness.message('upstream 1, which answers')];
    harness.step('connected a client, which sent one line');
    await Promise.all([pair.client.send(question), pair.upstream.expect(question)]);
    harness.step('had the upstream answer with another line');
    await Promise.all([pair.upstream.send(answer), pair.client.expect(answer)]);
    harness.step('waited to see whether anything else comes');
    await pair.client.expectSilence(QUIET_MS);
    await pair.upstream.expectSilence(0);
    harness.expectAlive(program);
  },
};
