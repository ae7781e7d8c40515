import type { Check } from '../../check.ts';
import { text } from '../../messages/index.ts';
import { connectAmong, connectInARow, startUpstreams } from '../shares.ts';
import { askStatus, expectStatus, type Told } from '../status.ts';

const RETRY_MS = 500;
/** Each upstream has had its turn. */
const BEFORE = 3;
/** How long it may take until the upstream is up again, in ms, and how often somebody comes. */
const AGAIN_MS = 6000;
const COME_MS = 40;

export const statusDown: Check = {
  id: 'status-down',
  title: text.checks.stage8.statusDownTitle,
  todos: ['8.2.2', '8.2.3'],
  doc: 'markdown-and-markup',
  needs: ['one-refuses', 'comes-back'],
  async run(lab) {
    const upstreams = await startUpstreams(lab, ['A', 'C']);
    lab.step(text.checks.stage8.oneIsNotThere('B'));
    const program = await lab.startProxy({ RETRY_AFTER_MS: `${RETRY_MS}` });
    lab.step(text.checks.stage8.connectedInARow(BEFORE));
    await connectInARow(lab, upstreams, BEFORE);
    const [a, b, c] = lab.settings.ports.upstreams ?? [];
    await expectStatus(lab, text.checks.stage8.oneIsDown(a, b, c), ([first, second, third]) => {
      return isWell(first) && second?.up === false && second.failed > 0 && tookNone(second) && isWell(third);
    });
    lab.step(text.checks.stage8.oneStarted('B'));
    const all = { ...upstreams, ...(await startUpstreams(lab, ['B'])) };
    lab.step(text.checks.stage8.connectedUntilUp);
    const deadline = performance.now() + AGAIN_MS * lab.waiting.patience;
    while ((await askStatus(lab))[1]?.up === false && performance.now() < deadline) {
      await connectAmong(lab, all);
      await lab.quiet(COME_MS);
    }
    await expectStatus(lab, text.checks.stage8.allAreUp(a, b, c), (told) => {
      return told.every(({ up }) => up) && (told[1]?.total ?? 0) > 0;
    });
    lab.expectAlive(program);
  },
};

function tookNone({ open, total }: Told): boolean {
  return open === 0 && total === 0;
}

function isWell(told: Told | undefined): boolean {
  return told?.up === true && told.failed === 0;
}
