import type { Check } from '../../check.ts';
import { text } from '../../messages/index.ts';
import { expectSleeping } from '../sleeping.ts';

const CONNECT_MS = 500;

export const connectTimeout: Check = {
  id: 'connect-timeout',
  title: text.checks.stage6.connectTimeoutTitle,
  todos: ['6.1.2', '6.1.1'],
  doc: 'closeoverdue',
  needs: ['client-finishes'],
  async run(lab) {
    const upstream = await lab.startFullUpstream();
    const program = await lab.startProxy({ CONNECT_TIMEOUT_MS: `${CONNECT_MS}` });
    await upstream.fill();
    lab.step(text.checks.stage6.connectedToSilentUpstream(CONNECT_MS));
    const client = await lab.connect();
    await client.expectEnd('client-kept', text.checks.stage6.whenHandshakeTakesTooLong);
    await expectSleeping(lab, program);
    lab.expectAlive(program);
  },
};
