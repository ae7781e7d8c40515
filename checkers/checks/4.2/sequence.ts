import { CheckFailure, type Symptom } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Upstream } from '../../harness/upstream.ts';
import { connectPair, exchange, type Pair } from '../pair.ts';
import { expectSocketsGone } from '../sockets.ts';

/** More than the route table has rows (MAX_SOCKS), so that a proxy that never frees a row runs out of them. */
const CONNECTIONS = 300;
/** The number of sockets may vary in a correct proxy; a leak leaves one for each connection. */
const TOLERANCE = 4;
/** If a proxy takes longer than this to close a pair, in ms, several pairs end at the same time. */
const PROMPT_MS = 500;
/** How many pairs then; fewer than the route table has rows. */
const TOGETHER = 50;

export const sequence: Check = {
  id: 'sequence',
  title: `${CONNECTIONS} connections one after the other, each on a link of its own; no socket stays open`,
  todos: ['4.2.8', '4.2.3', '4.1.5'],
  doc: 'closepair',
  hint: [
    'The kernel always gives out the lowest number that is free. After a hundred clients, which one has the number of the first, and what does your table say about it?',
    "What stays behind of a pair does harm later. A row that is still there sends another client's bytes to the wrong place, or fills the table. A socket that is not closed keeps its number for ever. So count: everything that acceptConnection adds, closePair takes away, whichever side left first.",
    [
      '  acceptConnection: one more in each list, one row more, two sockets open',
      '  closePair:        one less in each list, one row less, two sockets closed',
      '  // taken out of the very array that the others look into',
    ].join('\n'),
  ],
  needs: ['round-trip', 'client-leaves', 'upstream-leaves'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    // Keeps a low descriptor in use, and exchanges lines again at the end.
    const companion = await connectPair(harness, upstream);
    const began = performance.now();
    await (await visit(harness, upstream, 0)).over;
    const together = performance.now() - began < PROMPT_MS ? 1 : TOGETHER;
    const before = program.socketCount();
    harness.step(
      `connected ${CONNECTIONS} clients one after the other; sometimes the client left first, sometimes the upstream`,
    );
    let ending: Promise<void>[] = [];
    for (let visitor = 1; visitor <= CONNECTIONS; visitor += 1) {
      ending.push((await visit(harness, upstream, visitor)).over);
      if (ending.length < together) continue;
      await Promise.all(ending);
      ending = [];
    }
    harness.step('exchanged a line with a client that was connected all the time');
    await exchange(harness, companion, 'client 1');
    harness.expectAlive(program);
    harness.step("counted the proxy's open sockets");
    const expected = `as many open sockets as before the ${CONNECTIONS} connections`;
    await expectSocketsGone(harness, program, before, { tolerance: TOLERANCE, expected });
  },
};

/** A client connects and exchanges lines, and one side closes; `over` resolves when the proxy has closed the other side. */
async function visit(harness: Harness, upstream: Upstream, visitor: number): Promise<{ over: Promise<void> }> {
  const pair = await connectPair(harness, upstream);
  await exchangeHere(harness, pair, upstream, visitor);
  const [first, second] = visitor % 2 === 0 ? [pair.client, pair.upstream] : [pair.upstream, pair.client];
  first.close();
  const over = expectOver(second, second === pair.client ? 'client-not-closed' : 'upstream-not-closed');
  // Handled here so that a failure is no unhandled rejection; the caller sees it when it awaits `over`.
  over.catch(() => undefined);
  return { over };
}

async function expectOver(peer: Peer, symptom: Symptom): Promise<void> {
  await peer.expectEnd(symptom, 'when the other side left');
  peer.close();
}

/** Like `exchange`, but reports bytes that arrived on another client's connection. */
async function exchangeHere(harness: Harness, pair: Pair, upstream: Upstream, visitor: number): Promise<void> {
  const question = harness.message(`visitor ${visitor}`);
  await pair.client.send(question);
  const arrivedElsewhere = (): boolean => elsewhere(upstream, pair) !== undefined;
  await harness.waiting.soon(() => pair.upstream.unreadBytes > 0 || arrivedElsewhere(), 5000);
  const stranger = elsewhere(upstream, pair);
  if (stranger !== undefined) {
    throw new CheckFailure({
      symptom: 'wrong-connection',
      expected: `the bytes of ${pair.client.name} come in on ${pair.upstream.name}, which was opened for it`,
      observed: `they came in on ${stranger}, which belongs to another client`,
    });
  }
  await pair.upstream.expect(question);
  const answer = harness.message(`answer to visitor ${visitor}`);
  await Promise.all([pair.upstream.send(answer), pair.client.expect(answer)]);
}

function elsewhere(upstream: Upstream, pair: Pair): string | undefined {
  return upstream.connections.find((peer) => peer !== pair.upstream && peer.unreadBytes > 0)?.name;
}
