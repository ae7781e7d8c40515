import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import { canChooseBuffers } from '../../lab/listening-socket.ts';
import { text } from '../../messages/index.ts';
import { connectAmong, connectInARow, startUpstreams, type Upstreams } from '../shares.ts';
import { askStatus, expectStatus, type Told } from '../status.ts';

const RETRY_MS = 500;
/** Each upstream has had its turn. */
const BEFORE = 3;
/** How long the upstream may stay marked down, and the time between two clients; both in ms. */
const AGAIN_MS = 6000;
const COME_MS = 40;
/** CONNECT_TIMEOUT_MS while two upstreams never answer, and a pause that is long enough for any machine. */
const CONNECT_MS = 400;
const LONG_MS = 60_000;

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
    const most = await triedAtMost(lab, upstreams);
    const [a, b, c] = lab.settings.ports.upstreams ?? [];
    await expectStatus(lab, text.checks.stage8.oneIsDown(most, a, b, c), ([first, second, third]) => {
      return isWell(first) && isDown(second) && second.failed <= most && isWell(third);
    });
    const all = await untilUp(lab, upstreams);
    await expectStatus(lab, text.checks.stage8.allAreUp(a, b, c), (told) => {
      return told.every(({ up }) => up) && (told[1]?.total ?? 0) > 0;
    });
    lab.expectAlive(program);
    await program.kill();
    if (canChooseBuffers) await expectHangsTold(lab, all);
  },
};

/** Connects clients; returns how often they may have tried the dead upstream: once, plus once for each pause since. */
async function triedAtMost(lab: Lab, upstreams: Upstreams): Promise<number> {
  lab.step(text.checks.stage8.connectedInARow(BEFORE));
  const began = performance.now();
  await connectInARow(lab, upstreams, BEFORE);
  return 1 + Math.ceil((performance.now() - began - RETRY_MS / 2) / RETRY_MS);
}

async function untilUp(lab: Lab, upstreams: Upstreams): Promise<Upstreams> {
  lab.step(text.checks.stage8.oneStarted('B'));
  const all = { ...upstreams, ...(await startUpstreams(lab, ['B'])) };
  lab.step(text.checks.stage8.connectedUntilUp);
  const deadline = performance.now() + AGAIN_MS * lab.waiting.patience;
  while ((await askStatus(lab))[1]?.up === false && performance.now() < deadline) {
    await connectAmong(lab, all);
    await lab.quiet(COME_MS);
  }
  return all;
}

/** A handshake without an answer counts as a failure, and each attempt has its own timeout. */
async function expectHangsTold(lab: Lab, { A, B, ...others }: Upstreams): Promise<void> {
  for (const upstream of [A, B]) upstream?.die();
  const full = [await lab.startFullUpstream('A'), await lab.startFullUpstream('B')];
  await Promise.all(full.map((upstream) => upstream.fill()));
  lab.step(text.checks.stage8.twoAnswerNothing('A', 'B'));
  const program = await lab.startProxy({ CONNECT_TIMEOUT_MS: `${CONNECT_MS}`, RETRY_AFTER_MS: `${LONG_MS}` });
  lab.step(text.checks.stage8.connectedInARow(BEFORE));
  await connectInARow(lab, others, BEFORE);
  const [a, b, c] = lab.settings.ports.upstreams ?? [];
  await expectStatus(lab, text.checks.stage8.twoAreDown(a, b, c), ([first, second, third]) => {
    return isDown(first) && isDown(second) && third?.up === true;
  });
  lab.expectAlive(program);
}

/** Marked down, and has never accepted a connection. */
function isDown(told: Told | undefined): told is Told {
  return told?.up === false && told.open === 0 && told.total === 0 && told.failed > 0;
}

function isWell(told: Told | undefined): boolean {
  return told?.up === true && told.failed === 0;
}
