import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import { SLOW_BUFFER } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';
import { expectSocketsGone } from '../sockets.ts';
import { connectAmongOthers } from '../tags.ts';
import { vanishUnread } from '../unread.ts';

const WAVE = 100;
const WAVES = 4;
/** Clients that reset in the middle of a download. */
const ROUNDS = 2;
/** The number of sockets may vary in a correct proxy; a leak leaves one for each reset client. */
const TOLERANCE = 8;

export const flood: Check = {
  id: 'flood',
  title: `${WAVE * WAVES} clients connect and vanish at once: nothing is left of them, others are served`,
  todos: ['7.1.7', '7.1.1'],
  doc: 'linkclient-and-closepair',
  hint: [
    'A client connects, and is gone before you have called accept. What do accept4, recv and send return for it?',
    'accept4 returns it all the same. Its first recv fails with ECONNRESET, or returns 0 after an orderly close. Either is the end of this pair: both sockets are closed, both rows deleted.',
    '  // recv failed, and it was neither EAGAIN nor EINTR: the pair is over',
  ],
  needs: ['served'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const companion = await connectPair(harness, upstream);
    await exchange(harness, companion, 'client 1');
    const before = program.socketCount();
    for (let round = 0; round < ROUNDS; round += 1)
      await vanishUnread(harness, program, (isSlow) =>
        connectPair(harness, upstream, isSlow ? SLOW_BUFFER : undefined),
      );
    harness.step(
      `had ${WAVES} waves of ${WAVE} clients connect, every other one send a word, and all of them reset at once`,
    );
    for (let wave = 0; wave < WAVES; wave += 1) await comeAndVanish(harness);
    // Some reset before they are accepted; a proxy may or may not connect upstream for these.
    await harness.settle(program);
    harness.step('exchanged a line with a client that was connected all the time, then with a new one');
    await exchange(harness, companion, 'client 1 again');
    const last = await connectAmongOthers(harness, upstream);
    await exchange(harness, last, 'a new client');
    for (const peer of upstream.connections) {
      if (peer === companion.upstream || peer === last.upstream) continue;
      await peer.expectEnd('upstream-not-closed', 'when its client vanished');
      peer.close();
    }
    await expectSleeping(harness, program);
    harness.step("counted the proxy's open sockets");
    const expected = 'as many open sockets as before the flood';
    await expectSocketsGone(harness, program, before, { tolerance: TOLERANCE, expected });
    harness.expectAlive(program);
  },
};

async function comeAndVanish(harness: Harness): Promise<void> {
  const clients = await Promise.all(Array.from({ length: WAVE }, () => harness.connect()));
  await Promise.all(
    clients.filter((_, index) => index % 2 === 0).map((client) => client.send(harness.message('a word'))),
  );
  for (const client of clients) client.reset();
}
