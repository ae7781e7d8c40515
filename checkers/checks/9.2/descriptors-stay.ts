import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Program } from '../../harness/program.ts';
import type { Upstream } from '../../harness/upstream.ts';
import { descriptorCount } from '../../harness/workers.ts';
import { MEBIBYTE, SLOW_BUFFER } from '../bulk.ts';
import { connectPair, type Pair } from '../pair.ts';
import { expectSocketsGone } from '../sockets.ts';

const BATCH = 12;
/** Enough for a pipe; every other pair resets after a part of it. */
const BYTES = 2 * MEBIBYTE;
const PART = MEBIBYTE / 2;
/** Clients that read nothing, and bytes for each of them: more than the kernel's buffers on the path hold. */
const UNREADING = 6;
const UNREAD = 8 * MEBIBYTE;
/** A correct proxy may keep pipes, and has them after the first batch; a leak leaves two for each connection. */
const TOLERANCE = 4;

/** One connection after the other, each with many bytes. */
async function batch(harness: Harness, upstream: Upstream): Promise<void> {
  const bytes = harness.payload('answer', BYTES);
  for (let index = 0; index < BATCH; index += 1) {
    const { client, upstream: peer } = await connectPair(harness, upstream);
    void peer.send(bytes);
    await client.expect(index % 2 === 0 ? bytes : bytes.subarray(0, PART));
    client.reset();
    await peer.expectEnd('upstream-not-closed', 'after its client left');
    peer.close();
  }
}

/** Several clients at once that read nothing and then reset: no other client may get what is left in their pipes. */
async function unreadBatch(harness: Harness, program: Program, upstream: Upstream): Promise<void> {
  const bytes = harness.payload('unread', UNREAD);
  const pairs: Pair[] = [];
  while (pairs.length < UNREADING) pairs.push(await connectPair(harness, upstream, SLOW_BUFFER));
  for (const { client } of pairs) client.pause();
  for (const pair of pairs) void pair.upstream.send(bytes);
  await harness.settle(program);
  for (const { client } of pairs) client.reset();
  for (const pair of pairs) {
    await pair.upstream.expectEnd('upstream-not-closed', 'after its client left');
    pair.upstream.close();
  }
}

export const descriptorsStay: Check = {
  id: 'descriptors-stay',
  title: `${BATCH} clients with large downloads, and ${BATCH} more: no more descriptors are open than before`,
  todos: ['9.2.5', '9.2.1'],
  doc: 'givepipeback',
  hint: [
    'Each pipe has two descriptors. Which function closes them, and when?',
    'givePipeBack: either the pipe goes to the spare ones, or both of its ends are closed. It is called when a direction falls silent, ends, or when its pair is closed.',
    '  // kept, or close(pipe.out) and close(pipe.into)',
  ],
  needs: ['bulk'],
  async run(harness: Harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    harness.step(
      `sent much to ${BATCH} clients, one after the other; every other one left in the middle of it; then to ${UNREADING} that read nothing, and left`,
    );
    await batch(harness, upstream);
    await unreadBatch(harness, program, upstream);
    await harness.settle(program);
    const before = descriptorCount(program);
    if (before === undefined) harness.skip('this system does not tell how many descriptors a program has open');
    harness.step('counted the open descriptors, and did the same again');
    await batch(harness, upstream);
    await unreadBatch(harness, program, upstream);
    await expectSocketsGone(harness, program, before, {
      tolerance: TOLERANCE,
      expected: 'about as many open descriptors as after the first ones',
      noun: 'descriptors',
      count: () => descriptorCount(program),
    });
    harness.expectAlive(program);
  },
};
