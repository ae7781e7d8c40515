import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Upstream } from '../../lab/upstream.ts';
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
  doc: 'startdraining-and-closedoor',
  hint: [
    'Three clients are in the middle of something when SIGTERM comes. What may change for them?',
    'Nothing. Only new clients are concerned: the listening socket is closed, and the loop goes on as before until the last pair has ended.',
    '  // SIGTERM: no new clients, and the end when the last one has left',
  ],
  needs: ['goodbye'],
  async run(lab) {
    await drainPairs(lab, await lab.startUpstream());
  },
};

export const drain: Check = {
  ...drainOnce,
  hint: [
    'Three clients are in the middle of something when SIGTERM comes. What may change for them?',
    'Nothing. Only new clients are concerned: the listening socket is closed, and the loop goes on as before until the last pair has ended.',
    '  // SIGTERM: no new clients, and the end when the last one has left',
  ],
  async run(lab) {
    const upstream = await lab.startUpstream();
    await drainPairs(lab, upstream);
    // Another upstream takes its port.
    upstream.die();
    await drainTwice(lab);
  },
};

/** Three pairs are active when SIGTERM comes. */
async function drainPairs(lab: Lab, upstream: Upstream): Promise<void> {
  const program = await lab.startProxy();
  lab.step(
    `had a pair in the middle of an exchange, one of a download and one of an upload of ${MEBIBYTES} MiB, both half way`,
  );
  const talk = await connectPair(lab, upstream);
  const download = await connectPair(lab, upstream);
  const upload = await connectPair(lab, upstream);
  await exchange(lab, talk, 'client 1');
  const [down, up] = [lab.payload('download', MEBIBYTES * MEBIBYTE), lab.payload('upload', MEBIBYTES * MEBIBYTE)];
  const sending = [half(lab, download.upstream, down, download.client), half(lab, upload.client, up, upload.upstream)];
  await lab.settle(program);
  lab.step('sent SIGTERM');
  program.askToEnd();
  await expectDoorClosed(lab, program);
  lab.step('went on with all three: a line each way, the rest of the download, the rest of the upload');
  await exchange(lab, talk, 'client 1 again');
  for (const { resume } of sending) resume();
  await Promise.all([download.client.expect(down), upload.upstream.expect(up), ...sending.map(({ done }) => done)]);
  await exchange(lab, talk, 'client 1 once more');
  lab.step('had the client of the upload finish, and then its upstream answer');
  await answerAfterEnd(lab, upload);
  lab.step('let them leave, one after the other');
  for (const pair of [download, talk]) await leave(pair);
  await expectGoodEnd(lab, program, 'after the last client has left');
}

/** Sends to a peer that does not read until it is told to. */
function half(lab: Lab, from: Pair['client'], bytes: Buffer, to: Pair['client']) {
  to.pause();
  return { done: from.send(bytes), resume: () => to.resume(), lab };
}

/** One side of this pair has finished and the other has not, so the pair is still active. */
async function answerAfterEnd(lab: Lab, { client, upstream }: Pair): Promise<void> {
  client.finish();
  await expectFinished(upstream);
  const answer = lab.message('uploaded');
  await Promise.all([upstream.send(answer), client.expect(answer)]);
  upstream.finish();
  await expectFinished(client);
}

/** The client closes, and its upstream, too. The program may exit with the last pair, before the check looks. */
async function leave({ client, upstream }: Pair): Promise<void> {
  client.close();
  await upstream.expectEnd('upstream-not-closed', 'after its client left');
  upstream.close();
}
