import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Upstream } from '../../harness/upstream.ts';
import { expectFinished } from '../6.1/finished.ts';
import { MEBIBYTE } from '../bulk.ts';
import { expectDoorClosed, expectGoodEnd } from '../leaving.ts';
import { connectPair, exchange, type Pair } from '../pair.ts';
import { drainTwice } from './twice.ts';

/** More than the kernel's buffers on the path hold. */
const MEBIBYTES = 12;

/** `drain` without its last part, which is for a proxy with a single upstream. */
export const drainOnce: Check = {
  id: 'drain',
  title: 'SIGTERM with work to do: no new clients, the old ones keep every byte, then exit code 0',
  todos: ['7.2.5', '7.2.6', '7.2.4'],
  doc: 'startdraining-and-closelistener',
  hint: [
    'Three clients are in the middle of something when SIGTERM comes. What may change for them?',
    'Nothing. Only new clients are concerned: the listening socket is closed, and the loop goes on as before until the last pair has ended.',
    '  // SIGTERM: no new clients, and the end when the last one has left',
  ],
  needs: ['goodbye'],
  async run(harness) {
    await drainPairs(harness, await harness.startUpstream());
  },
};

export const drain: Check = {
  ...drainOnce,
  hint: [
    'Three clients are in the middle of something when SIGTERM comes. What may change for them?',
    'Nothing. Only new clients are concerned: the listening socket is closed, and the loop goes on as before until the last pair has ended.',
    '  // SIGTERM: no new clients, and the end when the last one has left',
  ],
  async run(harness) {
    const upstream = await harness.startUpstream();
    await drainPairs(harness, upstream);
    // Another upstream takes its port.
    upstream.die();
    await drainTwice(harness);
  },
};

/** Three pairs are active when SIGTERM comes. */
async function drainPairs(harness: Harness, upstream: Upstream): Promise<void> {
  const program = await harness.startProxy();
  harness.step(
    `had a pair in the middle of an exchange, one of a download and one of an upload of ${MEBIBYTES} MiB, both half way`,
  );
  const talk = await connectPair(harness, upstream);
  const download = await connectPair(harness, upstream);
  const upload = await connectPair(harness, upstream);
  await exchange(harness, talk, 'client 1');
  const [down, up] = [
    harness.payload('download', MEBIBYTES * MEBIBYTE),
    harness.payload('upload', MEBIBYTES * MEBIBYTE),
  ];
  const sending = [
    half(harness, download.upstream, down, download.client),
    half(harness, upload.client, up, upload.upstream),
  ];
  await harness.settle(program);
  harness.step('sent SIGTERM');
  program.askToEnd();
  await expectDoorClosed(harness, program);
  harness.step('went on with all three: a line each way, the rest of the download, the rest of the upload');
  await exchange(harness, talk, 'client 1 again');
  for (const { resume } of sending) resume();
  await Promise.all([download.client.expect(down), upload.upstream.expect(up), ...sending.map(({ done }) => done)]);
  await exchange(harness, talk, 'client 1 once more');
  harness.step('had the client of the upload finish, and then its upstream answer');
  await answerAfterEnd(harness, upload);
  harness.step('let them leave, one after the other');
  for (const pair of [download, talk]) await leave(pair);
  await expectGoodEnd(harness, program, 'after the last client has left');
}

/** Sends to a peer that does not read until it is told to. */
function half(harness: Harness, from: Pair['client'], bytes: Buffer, to: Pair['client']) {
  to.pause();
  return { done: from.send(bytes), resume: () => to.resume(), harness };
}

/** One side of this pair has finished and the other has not, so the pair is still active. */
async function answerAfterEnd(harness: Harness, { client, upstream }: Pair): Promise<void> {
  client.shutdownWrite();
  await expectFinished(upstream);
  const answer = harness.message('uploaded');
  await Promise.all([upstream.send(answer), client.expect(answer)]);
  upstream.shutdownWrite();
  await expectFinished(client);
}

/** The client closes, and its upstream, too. The program may exit with the last pair, before the check looks. */
async function leave({ client, upstream }: Pair): Promise<void> {
  client.close();
  await upstream.expectEnd('upstream-not-closed', 'after its client left');
  upstream.close();
}
