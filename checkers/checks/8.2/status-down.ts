import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import { canChooseBuffers } from '../../harness/listening-socket.ts';
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
  title: 'The status line tells that an upstream is down, and that it is up again',
  todos: ['8.2.2', '8.2.3'],
  doc: 'markdown-and-markup',
  hint: [
    'Read the status while one upstream is missing, and again when it is back. Which two things have to change, and which functions change them?',
    'markDown counts the failure and sets retryAt, markUp takes the mark away when a connection stands again. The line says down as long as retryAt is not 0, even if its moment is over: it has not been tried yet.',
    '  // … down open=0 total=0 failed=1 … and later … up open=1 total=1 failed=1',
  ],
  needs: ['one-refuses', 'comes-back'],
  async run(harness) {
    const upstreams = await startUpstreams(harness, ['A', 'C']);
    harness.step('left out upstream B: its port refuses connections');
    const program = await harness.startProxy({ RETRY_AFTER_MS: `${RETRY_MS}` });
    const most = await triedAtMost(harness, upstreams);
    const [a, b, c] = harness.settings.ports.upstreams ?? [];
    await expectStatus(harness, oneIsDown(most, a, b, c), ([first, second, third]) => {
      return isWell(first) && isDown(second) && second.failed <= most && isWell(third);
    });
    const all = await untilUp(harness, upstreams);
    await expectStatus(harness, allAreUp(a, b, c), (told) => {
      return told.every(({ up }) => up) && (told[1]?.total ?? 0) > 0;
    });
    harness.expectAlive(program);
    await program.kill();
    if (canChooseBuffers) await expectHangsTold(harness, all);
  },
};

/** Connects clients; returns how often they may have tried the dead upstream: once, plus once for each pause since. */
async function triedAtMost(harness: Harness, upstreams: Upstreams): Promise<number> {
  harness.step(`connected ${BEFORE} clients, one after the other, and kept them all`);
  const began = performance.now();
  await connectInARow(harness, upstreams, BEFORE);
  return 1 + Math.ceil((performance.now() - began - RETRY_MS / 2) / RETRY_MS);
}

async function untilUp(harness: Harness, upstreams: Upstreams): Promise<Upstreams> {
  harness.step('started upstream B');
  const all = { ...upstreams, ...(await startUpstreams(harness, ['B'])) };
  harness.step('connected one client after the other, until the status line said that it is up');
  const deadline = performance.now() + AGAIN_MS * harness.waiting.patience;
  while ((await askStatus(harness))[1]?.up === false && performance.now() < deadline) {
    await connectAmong(harness, all);
    await harness.quiet(COME_MS);
  }
  return all;
}

/** A handshake without an answer counts as a failure, and each attempt has its own timeout. */
async function expectHangsTold(harness: Harness, { A, B, ...others }: Upstreams): Promise<void> {
  for (const upstream of [A, B]) upstream?.die();
  const full = [await harness.startFullUpstream('A'), await harness.startFullUpstream('B')];
  await Promise.all(full.map((upstream) => upstream.fill()));
  harness.step('had upstreams A and B answer no handshake');
  const program = await harness.startProxy({ CONNECT_TIMEOUT_MS: `${CONNECT_MS}`, RETRY_AFTER_MS: `${LONG_MS}` });
  harness.step(`connected ${BEFORE} clients, one after the other, and kept them all`);
  await connectInARow(harness, others, BEFORE);
  const [a, b, c] = harness.settings.ports.upstreams ?? [];
  await expectStatus(harness, twoAreDown(a, b, c), ([first, second, third]) => {
    return isDown(first) && isDown(second) && third?.up === true;
  });
  harness.expectAlive(program);
}

/** Marked down, and has never accepted a connection. */
function isDown(told: Told | undefined): told is Told {
  return told?.up === false && told.open === 0 && told.total === 0 && told.failed > 0;
}

function isWell(told: Told | undefined): boolean {
  return told?.up === true && told.failed === 0;
}

function oneIsDown(most: number, a = 0, b = 0, c = 0): string {
  return `${a} up … failed=0; ${b} down open=0 total=0 failed=1${most > 1 ? ` (${most} at most)` : ''}; ${c} up … failed=0`;
}

function allAreUp(a = 0, b = 0, c = 0): string {
  return `${a} up …; ${b} up … total=1 (or more) …; ${c} up …`;
}

function twoAreDown(a = 0, b = 0, c = 0): string {
  return `${a} down open=0 total=0 failed=1 (or more); ${b} down open=0 total=0 failed=1 (or more); ${c} up …`;
}
