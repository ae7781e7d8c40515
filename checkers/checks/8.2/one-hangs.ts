import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import { exchange } from '../pair.ts';
import { startUpstreams, type Upstreams } from '../shares.ts';

const CONNECT_MS = 400;
/** More than one recv() brings. */
const SENT = 100_000;
const TAG = 32;
/** How long the bytes may take to arrive, in ms. */
const THROUGH_MS = 6000;

export const oneHangs: Check = {
  id: 'one-hangs',
  title: 'One upstream answers no handshake: its client is handed on, with all that it has sent',
  todos: ['8.2.4', '8.2.1', '8.2.2'],
  doc: 'handon',
  hint: [
    'A client has sent a hundred thousand bytes, and its upstream answers nothing. Where are these bytes, and where would they be if you had read them?',
    'Until an upstream has accepted the client, do not read from it: loopAttach with 0. Then the bytes are in the kernel, and the next upstream gets them all. closeOverdue calls handOn when a handshake takes too long.',
    '  // the client: watched for nothing, until finishConnect lets bytes through',
  ],
  needs: ['one-refuses'],
  async run(harness) {
    const upstreams = await startUpstreams(harness, ['A', 'C']);
    const full = await harness.startFullUpstream('B');
    await full.fill();
    harness.step('had upstream B answer no handshake');
    const program = await harness.startProxy({ CONNECT_TIMEOUT_MS: `${CONNECT_MS}` });
    harness.step('connected three clients, each of which sent its bytes at once; one of them has to be handed on');
    const clients = await Promise.all([harness.connect(), harness.connect(), harness.connect()]);
    for (const client of clients) void client.send(bytesOf(harness, client));
    for (const client of clients) {
      const upstream = await find(harness, upstreams, client);
      await upstream.expect(bytesOf(harness, client));
      await exchange(harness, { client, upstream }, client.name);
    }
    harness.expectAlive(program);
  },
};

function bytesOf(harness: Harness, client: Peer): Buffer {
  return harness.payload(`bytes of ${client.name}`, SENT);
}

/** The upstream connection on which this client's bytes arrive. */
async function find(harness: Harness, upstreams: Upstreams, client: Peer): Promise<Peer> {
  const tag = bytesOf(harness, client).subarray(0, TAG);
  const all = (): Peer[] => Object.values(upstreams).flatMap(({ connections }) => connections);
  const own = (): Peer | undefined => all().find((peer) => peer.peek(TAG).equals(tag));
  const waited = await harness.waiting.soon(() => own() !== undefined || client.end !== 'open', THROUGH_MS);
  const found = own();
  if (found !== undefined) return found;
  const closed = client.end !== 'open';
  throw new CheckFailure({
    symptom: waited === 'stopped' ? 'stopped' : closed ? 'client-dropped' : 'no-upstream-connection',
    expected: `the bytes of ${client.name} reach one of the upstreams`,
    observed:
      waited === 'stopped'
        ? 'the program stopped'
        : closed
          ? 'they reached none of them, and its connection was closed'
          : `they reached none of them within ${harness.waiting.seconds(THROUGH_MS)}`,
  });
}
