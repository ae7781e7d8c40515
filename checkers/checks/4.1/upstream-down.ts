import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';

/** HAProxy tries three times, a second apart, before it drops a client. */
const LET_GO_MS = 6000;

export const upstreamDown: Check = {
  id: 'upstream-down',
  title: text.checks.stage4.upstreamDownTitle,
  todos: ['4.1.5', '4.1.6'],
  doc: 'connectupstream',
  needs: ['listening', 'on-connect'],
  async run(lab) {
    const program = await lab.startProxy();
    lab.step(text.checks.stage4.connectedClientWhileNothing);
    const early = await lab.connect();
    await early.expectEnd('client-kept', text.checks.stage4.whenThereNoUpstream, LET_GO_MS);
    await early.expectSilence(0);
    lab.expectAlive(program);
    lab.step(text.checks.stage4.startedUpstreamConnectedAnother);
    const upstream = await lab.startUpstream();
    await lab.connect();
    await upstream.connection(1);
    lab.expectAlive(program);
  },
};
