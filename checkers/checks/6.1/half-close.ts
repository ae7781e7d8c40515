/** One side finishes, and the other one goes on. */

import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import { text } from '../../messages/index.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectFinished } from './finished.ts';

/** Small enough for the kernel's buffers, so that no bytes have to wait. */
const ANSWER_BYTES = 100_000;
/** How long to wait for the proxy to close a direction by mistake, in ms. */
const QUIET_MS = 150;

/** One side sends a line and finishes; the other side answers long after that, and finishes, too. */
async function finishFirst(lab: Lab, first: Peer, second: Peer): Promise<void> {
  const question = lab.message(first.name);
  lab.step(text.checks.stage6.sentLineAndFinished(first.name));
  await first.send(question);
  first.finish();
  await second.expect(question);
  await expectFinished(second);
  await lab.quiet(QUIET_MS);
  lab.step(text.checks.stage6.answeredAfterThat(second.name, ANSWER_BYTES.toLocaleString('en-US')));
  const answer = lab.payload(`${second.name} answers`, ANSWER_BYTES);
  await Promise.all([second.send(answer), first.expect(answer)]);
  second.finish();
  await expectFinished(first);
}

export const clientFinishes: Check = {
  id: 'client-finishes',
  title: text.checks.stage6.clientFinishesTitle,
  todos: ['6.1.3', '6.1.4', '6.1.5', '6.1.1', '6.1.2'],
  doc: 'endstream',
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream);
    await exchange(lab, pair, 'client 1');
    await finishFirst(lab, pair.client, pair.upstream);
    lab.expectAlive(program);
  },
};

export const upstreamFinishes: Check = {
  id: 'upstream-finishes',
  title: text.checks.stage6.upstreamFinishesTitle,
  todos: ['6.1.4', '6.1.3'],
  doc: 'endstream',
  needs: ['client-finishes'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream);
    await exchange(lab, pair, 'client 1');
    await finishFirst(lab, pair.upstream, pair.client);
    lab.expectAlive(program);
  },
};
