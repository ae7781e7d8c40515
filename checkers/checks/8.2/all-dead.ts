import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { exchange } from '../pair.ts';
import { connectAmong, startUpstreams } from '../shares.ts';

/** Long enough for any machine: the restarted upstream is still marked down when the last client connects. */
const RETRY_MS = 60_000;
/** Proxies that retry each upstream take up to a second for that. */
const LET_GO_MS = 6000;

export const allDead: Check = {
  id: 'all-dead',
  title: text.checks.stage8.allDeadTitle,
  todos: ['8.2.4', '8.2.1'],
  doc: 'worthatry',
  needs: ['one-refuses'],
  async run(lab) {
    lab.step(text.checks.stage8.noneIsThere);
    const program = await lab.startProxy({ RETRY_AFTER_MS: `${RETRY_MS}` });
    const client = await lab.connect();
    await client.expectEnd('client-kept', text.checks.stage8.whenAllRefuse, LET_GO_MS);
    await client.expectSilence(0);
    lab.expectAlive(program);
    lab.step(text.checks.stage8.oneStarted('B'));
    const upstreams = await startUpstreams(lab, ['B']);
    lab.step(text.checks.stage8.nextFindsIt('B'));
    await exchange(lab, await connectAmong(lab, upstreams), 'client 2');
    lab.expectAlive(program);
  },
};
