import type { Check } from '../../check.ts';
import { text } from '../../messages/index.ts';
import { exchange } from '../pair.ts';
import { connectInARow, startUpstreams } from '../shares.ts';

const CLIENTS = 9;

export const oneRefuses: Check = {
  id: 'one-refuses',
  title: text.checks.stage8.oneRefusesTitle(CLIENTS),
  todos: ['8.2.4', '8.2.1', '8.2.2'],
  doc: 'handon',
  async run(lab) {
    const upstreams = await startUpstreams(lab, ['A', 'C']);
    lab.step(text.checks.stage8.oneIsNotThere('B'));
    const program = await lab.startProxy();
    lab.step(text.checks.stage8.connectedInARow(CLIENTS));
    const placed = await connectInARow(lab, upstreams, CLIENTS);
    lab.step(text.checks.stage8.exchangedWithEach);
    for (const pair of placed) await exchange(lab, pair, pair.client.name);
    lab.expectAlive(program);
  },
};
