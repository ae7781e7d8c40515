import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import { counts, countsInWords, startUpstreams } from '../shares.ts';
import { pairByTags } from '../tags.ts';

const SHARE = 20;
const CLIENTS = 3 * SHARE;
const ANSWER = 200;
/** How long all of them may take to be linked, in ms. */
const LINK_MS = 6000;

export const atOnce: Check = {
  id: 'at-once',
  title: `${CLIENTS} clients at once: ${SHARE} for each upstream, and none of their bytes are crossed`,
  todos: ['8.1.1', '8.1.3'],
  doc: 'nextinturn',
  hint: [
    'Sixty clients are accepted before the first handshake is over. What does your choice depend on, and has that changed between two of them?',
    'The turn changes with each choice, at once. A number that changes only when a handshake is over, or when a client is closed, is the same for all sixty.',
    '  // choose, and at once change what the choice depends on',
  ],
  needs: ['in-turn'],
  async run(harness) {
    const upstreams = await startUpstreams(harness);
    const program = await harness.startProxy();
    harness.step(`connected ${CLIENTS} clients at once, and kept them all`);
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => harness.connect()));
    const linked = (): number => counts(upstreams).reduce((sum, count) => sum + count, 0);
    await harness.waiting.soon(() => linked() >= CLIENTS, LINK_MS);
    harness.expectAlive(program);
    if (counts(upstreams).some((count) => count !== SHARE)) {
      throw new CheckFailure({
        symptom: linked() < CLIENTS ? 'too-few-upstream-connections' : 'unevenly-shared',
        expected: `each upstream has accepted ${SHARE} connections`,
        observed: `they have accepted ${countsInWords(counts(upstreams))}`,
      });
    }
    harness.step('let each client say which one it is, all at once; answered each with other bytes of its own');
    const connections = Object.values(upstreams).flatMap((upstream) => upstream.connections);
    const pairs = await pairByTags(harness, clients, connections);
    for (const { client, upstream } of pairs) await upstream.send(harness.payload(`answer to ${client.name}`, ANSWER));
    for (const { client } of pairs) await client.expect(harness.payload(`answer to ${client.name}`, ANSWER));
    harness.expectAlive(program);
  },
};
