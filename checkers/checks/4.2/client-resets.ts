import { type Check, CheckFailure } from '../../check.ts';
import { MEBIBYTE } from '../bulk.ts';
import { connectPair, exchange } from '../pair.ts';

/** How much the client reads before it vanishes. */
const READ = 100_000;
/** More than all kernel buffers on the way can hold: a proxy that reads it all reads for nobody. */
const OFFERED = 64 * MEBIBYTE;
const READ_MS = 5000;

export const clientResets: Check = {
  id: 'client-resets',
  title: 'A client vanishes in the middle of a download: its upstream is told, others are served',
  todos: ['4.2.5', '4.2.7', '4.2.8'],
  doc: 'closepair',
  needs: ['round-trip', 'upstream-leaves'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const staying = await connectPair(lab, upstream);
    const pair = await connectPair(lab, upstream);
    lab.step(`sent 64 MiB to a client, which reset its connection (RST) after the first ${READ / 1000} kB`);
    const sending = pair.upstream.send(Buffer.alloc(OFFERED, lab.payload('download', 64 * 1024)));
    const waited = await lab.waiting.soon(() => pair.client.receivedBytes >= READ, READ_MS);
    if (waited !== 'yes') throw stalled(pair.client.receivedBytes);
    pair.client.reset();
    await pair.upstream.expectEnd('upstream-not-closed', 'after its client vanished');
    pair.upstream.close();
    await sending;
    lab.step('exchanged a line each way with another client, then with a new one');
    await exchange(lab, staying, 'client 1');
    await exchange(lab, await connectPair(lab, upstream), 'client 3');
    lab.expectAlive(program);
  },
};

function stalled(received: number): CheckFailure {
  return new CheckFailure({
    symptom: 'missing-bytes',
    expected: `at least ${READ} bytes of the download arrive`,
    observed: `only ${received} came in ${READ_MS / 1000} s`,
  });
}
