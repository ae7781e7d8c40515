import type { Check } from '../../lab/check.ts';
import { LETTERS } from '../../lab/lab.ts';
import { text } from '../../messages/index.ts';
import { exchange } from '../pair.ts';
import { connectInARow, counts, startUpstreams, vanish } from '../shares.ts';
import { expectStatus, expectToldHereAlone, statusLine, type Told } from '../status.ts';

const CLIENTS = 5;

export const status: Check = {
  id: 'status',
  title: text.checks.stage8.statusTitle,
  todos: ['8.1.6', '8.1.5', '8.1.4', '8.1.3'],
  doc: 'answerstatus-and-statusline',
  needs: ['in-turn'],
  async run(lab) {
    const upstreams = await startUpstreams(lab);
    const program = await lab.startProxy();
    lab.step(text.checks.stage8.clientsCameOneLeft(CLIENTS));
    const placed = await connectInARow(lab, upstreams, CLIENTS);
    for (const pair of placed) await exchange(lab, pair, pair.client.name);
    const last = placed.at(-1);
    if (last !== undefined) await vanish(lab, last);
    const totals = counts(upstreams);
    const due: Told[] = LETTERS.map((letter, place) => {
      const total = totals[place] ?? 0;
      return { port: lab.portOf(letter), up: true, open: total - (last?.at === letter ? 1 : 0), total, failed: 0 };
    });
    await expectStatus(lab, statusLine(due), (told) => statusLine(told) === statusLine(due));
    await expectToldHereAlone(lab);
    lab.expectAlive(program);
  },
};
