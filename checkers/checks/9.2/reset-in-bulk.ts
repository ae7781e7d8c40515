import type { Check } from '../../lab/check.ts';
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
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    for (let round = 0; round < ROUNDS; round += 1) {
      lab.step('sent to a client that reads nothing until no more was taken, and reset its connection');
      const broken = await connectPair(lab, upstream, SLOW_BUFFER);
      broken.client.pause();
      const old = lab.payload(`old bytes, ${round}`, MEBIBYTE);
      await sendUntilBlocked(lab, broken.upstream, () => old, OFFERED);
      broken.client.reset();
      await broken.upstream.expectEnd('upstream-not-closed', 'after its client left');
      broken.upstream.close();
      lab.step(`sent ${MEBIBYTES} MiB to a new client, and ${MEBIBYTES} MiB from it`);
      const pair = await connectPair(lab, upstream);
      await carryBulk(lab, pair.upstream, pair.client, `${round}`, MEBIBYTES);
      await carryBulk(lab, pair.client, pair.upstream, `${round}`, MEBIBYTES);
      await exchange(lab, pair, pair.client.name);
    }
    lab.expectAlive(program);
  },
};
