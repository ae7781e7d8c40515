import type { Check } from '../../harness/check.ts';
import { MEBIBYTE, SLOW_BUFFER, sendUntilBlocked } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';
import { carryBulk } from './bulk.ts';

const OFFERED = 64 * MEBIBYTE;
const ROUNDS = 2;
/** Enough for a pipe. */
const MEBIBYTES = 2;

export const resetInBulk: Check = {
  id: 'reset-in-bulk',
  title: 'A client vanishes in the middle of a download: no other client gets its bytes',
  todos: ['9.2.5', '9.2.1'],
  doc: 'givepipeback',
  hint: [
    'A client has gone while its pipe was full. Where is that pipe now?',
    'If it went to the spare ones, the next download begins with the bytes of another client. Keep empty ones only; closing the others throws their bytes away.',
    '  if (/* empty, and room for one more */) /* keep it */',
  ],
  needs: ['bulk'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    for (let round = 0; round < ROUNDS; round += 1) {
      harness.step('sent to a client that reads nothing until no more was taken, and reset its connection');
      const broken = await connectPair(harness, upstream, SLOW_BUFFER);
      broken.client.pause();
      const old = harness.payload(`old bytes, ${round}`, MEBIBYTE);
      await sendUntilBlocked(harness, broken.upstream, () => old, OFFERED);
      broken.client.reset();
      await broken.upstream.expectEnd('upstream-not-closed', 'after its client left');
      broken.upstream.close();
      harness.step(`sent ${MEBIBYTES} MiB to a new client, and ${MEBIBYTES} MiB from it`);
      const pair = await connectPair(harness, upstream);
      await carryBulk(harness, pair.upstream, pair.client, `${round}`, MEBIBYTES);
      await carryBulk(harness, pair.client, pair.upstream, `${round}`, MEBIBYTES);
      await exchange(harness, pair, pair.client.name);
    }
    harness.expectAlive(program);
  },
};
