import type { Check } from '../../harness/check.ts';
import { exchange } from '../pair.ts';
import { connectInARow, startUpstreams } from '../shares.ts';

const CLIENTS = 6;

export const diesAtWork: Check = {
  id: 'dies-at-work',
  title: 'An upstream dies at work: its clients are told, the others go on, new ones are served',
  todos: ['8.2.4', '8.2.1', '8.1.4'],
  doc: 'handon',
  hint: [
    'An upstream dies in the middle of a connection. Could another one go on with it?',
    'It does not know the bytes so far. So the client of an established connection is told, with a reset, as in stage 6. Only clients that are not linked yet are handed on. And the clients of the other upstreams notice nothing.',
    '  // established: resetPair\n  // not yet: handOn',
  ],
  needs: ['one-refuses'],
  async run(harness) {
    const { B, ...others } = await startUpstreams(harness);
    const program = await harness.startProxy();
    harness.step(`connected ${CLIENTS} clients, one after the other, and kept them all`);
    const placed = await connectInARow(harness, { B, ...others }, CLIENTS);
    for (const pair of placed) await exchange(harness, pair, pair.client.name);
    harness.step('had upstream B die: its connections are reset, its port refuses new ones');
    B?.die();
    for (const { client, at } of placed) {
      if (at === 'B') await client.expectEnd('client-not-closed', 'when its upstream has died');
    }
    harness.step('exchanged a line with the clients of the others, then connected six new clients');
    for (const pair of placed) if (pair.at !== 'B') await exchange(harness, pair, `${pair.client.name} again`);
    for (const pair of await connectInARow(harness, others, CLIENTS)) await exchange(harness, pair, pair.client.name);
    harness.expectAlive(program);
  },
};
