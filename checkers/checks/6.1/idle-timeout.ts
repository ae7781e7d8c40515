import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import { connectPair } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';
import { expectSocketsGone } from '../sockets.ts';
import { expectFinished, notClosed } from './finished.ts';

/** In ms. Short, so that the check is quick; long enough for a busy machine to send a line in between. */
const IDLE_MS = 1000;
/** Time between two lines of an active peer, in ms, and how many it sends. Together they exceed the idle timeout. */
const TALK_MS = 150;
const TALKS = 12;
/** How long it may take until a silent pair is closed, in ms. */
const CLOSED_MS = IDLE_MS + 5000;

export const idleTimeout: Check = {
  id: 'idle-timeout',
  title: 'A pair that is silent for IDLE_TIMEOUT_MS is closed, and one that talks is not',
  todos: ['6.1.2', '6.1.1'],
  doc: 'closeoverdue',
  hint: [
    'Nothing happens, so epoll_wait sleeps. What wakes it when the time of a pair is up?',
    'Its last argument: the time until then. It comes back with 0 events, and then closeOverdue looks. A pair that talks has to go to the back of its Map each time, which touch does, for bytes from either side.',
    ['  epoll_wait(…, untilDeadline())', '  // after the events: closeOverdue()'].join('\n'),
  ],
  needs: ['client-finishes'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy({ IDLE_TIMEOUT_MS: `${IDLE_MS}` });
    const before = program.socketCount() ?? 0;
    harness.step(
      `connected five pairs, with IDLE_TIMEOUT_MS=${IDLE_MS}: in one the client says something every ${TALK_MS} ms, in one the upstream; one older and one younger than these are silent, and so is one whose client has finished`,
    );
    const silent = await connectPair(harness, upstream);
    const half = await connectPair(harness, upstream);
    half.client.shutdownWrite();
    await expectFinished(half.upstream);
    const since = performance.now();
    // Bytes of either side count: in each of these two pairs one side only listens.
    const talking = [await connectPair(harness, upstream), await connectPair(harness, upstream)];
    const late = await connectPair(harness, upstream);
    const closed = allClosed([silent.client, silent.upstream, half.client, late.client, late.upstream]);
    const [upload, download] = talking;
    const lines: Line[] = [];
    if (upload && download) lines.push([upload.client, upload.upstream], [download.upstream, download.client]);
    await talkUntil(harness, closed, since, ...lines);
    harness.step('had the other pairs fall silent, too');
    await allClosed(talking.flatMap(({ client, upstream: peer }) => [client, peer]));
    await expectSleeping(harness, program);
    await expectSocketsGone(harness, program, before);
    harness.expectAlive(program);
  },
};

/** Waits until all of these silent pairs have been closed. */
async function allClosed(peers: Peer[]): Promise<void> {
  for (const peer of peers) await peer.expectEnd(notClosed(peer), 'after it was silent for too long', CLOSED_MS);
}

type Line = [from: Peer, to: Peer];

/** Sends until the silent pairs are closed, which active pairs must not delay; at least for one idle timeout. */
async function talkUntil(harness: Harness, closed: Promise<void>, since: number, ...lines: Line[]): Promise<void> {
  let over = false;
  const waited = closed.finally(() => {
    over = true;
  });
  const talked = talk(harness, (time) => over && time >= TALKS, since, ...lines);
  for (const one of await Promise.allSettled([talked, waited])) if (one.status === 'rejected') throw one.reason;
}

/** If a busy machine kept our side silent for too long, the end of the pair proves nothing. */
async function talk(
  harness: Harness,
  isOver: (time: number) => boolean,
  since: number,
  ...lines: Line[]
): Promise<void> {
  let [last, longest] = [since, 0];
  try {
    for (let time = 0; !isOver(time); time += 1) {
      await Promise.all(lines.map(([from, to]) => say(harness, from, to, time)));
      await harness.quiet(TALK_MS);
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
  } catch (error) {
    const wasClosed = error instanceof CheckFailure && error.symptom === 'cut-short';
    const gap = Math.max(longest, performance.now() - last);
    if (wasClosed && gap > IDLE_MS / 2) harness.skip('this machine was too busy to keep a pair talking');
    throw error;
  }
}

async function say(harness: Harness, from: Peer, to: Peer, time: number): Promise<void> {
  const line = harness.message(`${from.name}, ${time}`);
  await from.send(line);
  await to.expect(line);
}
