import type { Check } from '../../check.ts';
import { text } from '../../messages/index.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

/** Short, so that nobody has to wait; long enough for a busy machine to have a word in between. */
const IDLE_MS = 1000;
/** One pair says something so often, in ms, and so many times: longer than the other may be silent. */
const TALK_MS = 150;
const TALKS = 12;

export const idleTimeout: Check = {
  id: 'idle-timeout',
  title: text.checks.stage6.idleTimeoutTitle,
  todos: ['6.1.2', '6.1.1'],
  doc: 'closeoverdue',
  needs: ['client-finishes'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy({ IDLE_TIMEOUT_MS: `${IDLE_MS}` });
    lab.step(text.checks.stage6.onePairTalks(TALK_MS, IDLE_MS));
    const silent = await connectPair(lab, upstream);
    const talking = await connectPair(lab, upstream);
    for (let time = 0; time < TALKS; time += 1) {
      await exchange(lab, talking, `client 2, ${time}`);
      await lab.quiet(TALK_MS);
    }
    await silent.client.expectEnd('client-not-closed', text.checks.stage6.afterSilence);
    await silent.upstream.expectEnd('upstream-not-closed', text.checks.stage6.afterSilence);
    lab.step(text.checks.stage6.thenSilentToo);
    await talking.client.expectEnd('client-not-closed', text.checks.stage6.afterSilence);
    await talking.upstream.expectEnd('upstream-not-closed', text.checks.stage6.afterSilence);
    await expectSleeping(lab, program);
    lab.expectAlive(program);
  },
};
