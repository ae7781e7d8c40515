import type { Check } from '../../harness/check.ts';
import type { FullUpstream } from '../../harness/full-upstream.ts';
import type { Harness } from '../../harness/harness.ts';
import { exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';
import { expectSocketsGone } from '../sockets.ts';

/** Far below the default, in ms, so that a proxy that ignores the variable is too late. */
const CONNECT_MS = 500;
const LET_GO_MS = 4000;
/** In ms; more than a late handshake takes: the kernel repeats it after 1 s, then after 3 s. */
const PATIENT_MS = 30_000;
const ANSWER_AFTER_MS = 700;

export const connectTimeout: Check = {
  id: 'connect-timeout',
  title: 'A client whose upstream does not answer within CONNECT_TIMEOUT_MS is let go, and no other',
  todos: ['6.1.2', '6.1.1'],
  doc: 'closeoverdue',
  hint: [
    'A handshake without an answer is an event that never comes. Where does your program learn how long it has lasted?',
    'connecting says when it began. untilDeadline and closeOverdue look at both Maps. Close both sockets: it is the client that waits.',
    '  // connecting: the key is the upstream socket, the value the time',
  ],
  needs: ['client-finishes'],
  async run(harness) {
    const upstream = await harness.startFullUpstream();
    const program = await harness.startProxy({ CONNECT_TIMEOUT_MS: `${CONNECT_MS}` });
    const before = program.socketCount() ?? 0;
    await upstream.fill();
    harness.step(connectedToSilentUpstream(CONNECT_MS));
    const client = await harness.connect();
    await client.expectEnd('client-kept', 'when the handshake takes too long', LET_GO_MS);
    await expectSleeping(harness, program);
    await expectSocketsGone(harness, program, before);
    harness.expectAlive(program);
    await program.kill();
    await answeredInTime(harness, upstream);
  },
};

/** A slow handshake within the limit. */
async function answeredInTime(harness: Harness, upstream: FullUpstream): Promise<void> {
  const program = await harness.startProxy({ CONNECT_TIMEOUT_MS: `${PATIENT_MS}` });
  harness.step(connectedToSilentUpstream(PATIENT_MS));
  const client = await harness.connect();
  await harness.quiet(ANSWER_AFTER_MS);
  harness.step('emptied the queue: the handshake succeeds when the kernel repeats it');
  upstream.drain();
  await exchange(harness, { client, upstream: await upstream.connection() }, 'client 2');
  harness.expectAlive(program);
}

function connectedToSilentUpstream(ms: number): string {
  return `connected a client, with CONNECT_TIMEOUT_MS=${ms}, while the upstream answers no handshake`;
}
