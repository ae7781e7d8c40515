import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { counts, countsInWords, startUpstreams } from '../shares.ts';
import { pairByTags } from '../tags.ts';

const SHARE = 20;
const CLIENTS = 3 * SHARE;
const ANSWER = 200;
/** How long all of them may take to be linked, in ms. */
const LINK_MS = 6000;

export const atOnce: Check = {
  id: 'at-once',
  title: text.checks.stage8.atOnceTitle(CLIENTS, SHARE),
  todos: ['8.1.1', '8.1.3'],
  doc: 'nextinturn',
  needs: ['in-turn'],
  async run(lab) {
    const upstreams = await startUpstreams(lab);
    const program = await lab.startProxy();
    lab.step(text.checks.stage8.connectedAtOnce(CLIENTS));
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => lab.connect()));
    const linked = (): number => counts(upstreams).reduce((sum, count) => sum + count, 0);
    await lab.waiting.soon(() => linked() >= CLIENTS, LINK_MS);
    lab.expectAlive(program);
    if (counts(upstreams).some((count) => count !== SHARE)) {
      throw new CheckFailure({
        symptom: linked() < CLIENTS ? 'too-few-upstream-connections' : 'unevenly-shared',
        expected: text.checks.stage8.eachHasAccepted(SHARE),
        observed: text.checks.stage8.haveAccepted(countsInWords(counts(upstreams))),
      });
    }
    lab.step(text.checks.stage8.letEachClientSay);
    const connections = Object.values(upstreams).flatMap((upstream) => upstream.connections);
    const pairs = await pairByTags(lab, clients, connections);
    for (const { client, upstream } of pairs) await upstream.send(lab.payload(`answer to ${client.name}`, ANSWER));
    for (const { client } of pairs) await client.expect(lab.payload(`answer to ${client.name}`, ANSWER));
    lab.expectAlive(program);
  },
};
