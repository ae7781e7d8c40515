import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { connectPair } from '../pair.ts';

/** How long to wait for bytes that no side sent, in ms. */
const QUIET_MS = 80;

export const roundTrip: Check = {
  id: 'round-trip',
  title: text.checks.stage4.roundTripTitle,
  todos: ['4.2.6', '4.2.7', '4.2.1', '4.2.2', '4.2.3', '4.2.4', '4.2.5'],
  doc: 'handleclient',
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream);
    const [question, answer] = [lab.message('client 1'), lab.message('upstream 1, which answers')];
    lab.step(text.checks.stage4.connectedClientWhichSent);
    await Promise.all([pair.client.send(question), pair.upstream.expect(question)]);
    lab.step(text.checks.stage4.hadUpstreamAnswerAnother);
    await Promise.all([pair.upstream.send(answer), pair.client.expect(answer)]);
    lab.step(text.checks.stage4.listenedWhetherAnythingElse);
    await pair.client.expectSilence(QUIET_MS);
    await pair.upstream.expectSilence(0);
    lab.expectAlive(program);
  },
};
