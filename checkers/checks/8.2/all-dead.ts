import type { Check } from '../../harness/check.ts';
import { exchange } from '../pair.ts';
import { connectAmong, startUpstreams } from '../shares.ts';

/** Long enough for any machine: the restarted upstream is still marked down when the last client connects. */
const RETRY_MS = 60_000;
/** Proxies that retry each upstream take up to a second for that. */
const LET_GO_MS = 6000;

export const allDead: Check = {
  id: 'all-dead',
  title: 'All upstreams are dead: a client is let go, the proxy lives, and the next client finds the one that is back',
  todos: ['8.2.4', '8.2.1'],
  doc: 'worthatry',
  hint: [
    'All upstreams have refused this client. What do you do with it? And with the next one, which comes a moment later?',
    'The first one is let go: each upstream is tried once, then closeClient. For the next one all are marked down, but that is what you knew a moment ago. Try them all the same: one of them may be back.',
    '  // none is up? then all that have not been tried',
  ],
  needs: ['one-refuses'],
  async run(harness) {
    harness.step('started no upstream');
    const program = await harness.startProxy({ RETRY_AFTER_MS: `${RETRY_MS}` });
    const client = await harness.connect();
    await client.expectEnd('client-kept', 'when no upstream takes it', LET_GO_MS);
    await client.expectSilence(0);
    harness.expectAlive(program);
    harness.step('started upstream B');
    const upstreams = await startUpstreams(harness, ['B']);
    harness.step('connected another client at once, and exchanged a line each way at upstream B');
    await exchange(harness, await connectAmong(harness, upstreams), 'client 2');
    harness.expectAlive(program);
  },
};
