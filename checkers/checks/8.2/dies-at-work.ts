import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { exchange } from '../pair.ts';
import { connectInARow, startUpstreams } from '../shares.ts';

const CLIENTS = 6;

export const diesAtWork: Check = {
  id: 'dies-at-work',
  title: text.checks.stage8.diesTitle,
  todos: ['8.2.4', '8.2.1', '8.1.4'],
  doc: 'handon',
  needs: ['one-refuses'],
  async run(lab) {
    const { B, ...others } = await startUpstreams(lab);
    const program = await lab.startProxy();
    lab.step(text.checks.stage8.connectedInARow(CLIENTS));
    const placed = await connectInARow(lab, { B, ...others }, CLIENTS);
    for (const pair of placed) await exchange(lab, pair, pair.client.name);
    lab.step(text.checks.stage8.oneDied('B'));
    B?.die();
    for (const { client, at } of placed) {
      if (at === 'B') await client.expectEnd('client-not-closed', text.checks.stage8.whenItsUpstreamDied);
    }
    lab.step(text.checks.stage8.othersWentOn);
    for (const pair of placed) if (pair.at !== 'B') await exchange(lab, pair, `${pair.client.name} again`);
    for (const pair of await connectInARow(lab, others, CLIENTS)) await exchange(lab, pair, pair.client.name);
    lab.expectAlive(program);
  },
};
