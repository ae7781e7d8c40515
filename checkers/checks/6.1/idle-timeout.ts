import type { Check } from '../../check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import { text } from '../../messages/index.ts';
import { connectPair } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';

/** Short, so that nobody has to wait; long enough for a busy machine to have a word in between. */
const IDLE_MS = 1000;
/** Whoever talks says something so often, in ms, and so many times: longer than others may be silent. */
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
    lab.step(text.checks.stage6.twoPairsTalk(TALK_MS, IDLE_MS));
    const silent = await connectPair(lab, upstream);
    // Bytes are bytes, whoever sends them: of these two pairs one side only listens.
    const talking = [await connectPair(lab, upstream), await connectPair(lab, upstream)];
    const [upload, download] = talking;
    for (let time = 0; time < TALKS && upload && download; time += 1) {
      await say(lab, upload.client, upload.upstream, time);
      await say(lab, download.upstream, download.client, time);
      await lab.quiet(TALK_MS);
    }
    await silent.client.expectEnd('client-not-closed', text.checks.stage6.afterSilence);
    await silent.upstream.expectEnd('upstream-not-closed', text.checks.stage6.afterSilence);
    lab.step(text.checks.stage6.othersSilentToo);
    for (const pair of talking) {
      await pair.client.expectEnd('client-not-closed', text.checks.stage6.afterSilence);
      await pair.upstream.expectEnd('upstream-not-closed', text.checks.stage6.afterSilence);
    }
    await expectSleeping(lab, program);
    lab.expectAlive(program);
  },
};

async function say(lab: Lab, from: Peer, to: Peer, time: number): Promise<void> {
  const line = lab.message(`${from.name}, ${time}`);
  await from.send(line);
  await to.expect(line);
}
