import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../harness/check.ts';
import type { Harness, Letter } from '../../harness/harness.ts';
import type { Program } from '../../harness/program.ts';
import {
  connectAmong,
  connectInARow,
  counts,
  countsInWords,
  hurryOff,
  type Placed,
  sharedOtherwise,
  startUpstreams,
  type Upstreams,
  vanish,
} from '../shares.ts';

const CLIENTS = 9;
const LEAVE: Letter = 'B';
/** A random choice among equals may repeat a few times, but not this often. */
const COME_AND_GO = 12;
/** Twice as many as the upstream with the fewest connections lacks. */
const CROWD = 6;
/** How long all of them may take to be linked, in ms. */
const LINK_MS = 6000;

export const fewestOpen: Check = {
  id: 'fewest-open',
  title: 'BALANCE=least-connections: when the clients of one upstream leave, the next ones go there',
  todos: ['8.1.2', '8.1.4', '8.1.3'],
  doc: 'withfewest',
  hint: [
    'All three upstreams have three connections. Those of one end. What are your three counts now, and which upstream gets the next client?',
    'Each connection is counted in once and counted out once, however it ends. With BALANCE=least-connections only those with the least count are candidates, and the turn decides between equals.',
    '  // open: 3 3 3  ->  3 0 3  ->  the middle one, three times',
  ],
  needs: ['in-turn'],
  async run(harness) {
    const upstreams = await startUpstreams(harness);
    const program = await harness.startProxy({ BALANCE: 'least-connections' });
    harness.step(`connected ${CLIENTS} clients, one after the other, and kept them all`);
    const placed = await connectInARow(harness, upstreams, CLIENTS);
    if (atLetter(placed).length !== CLIENTS / 3) {
      throw sharedOtherwise(placed, `each upstream has accepted ${CLIENTS / 3} connections`);
    }
    await oneIsLeft(harness, placed);
    harness.step(`connected ${CLIENTS / 3} more, one after the other`);
    const next = await connectInARow(harness, upstreams, CLIENTS / 3);
    if (next.some(({ at }) => at !== LEAVE))
      throw sharedOtherwise(next, `all of them go to upstream ${LEAVE}, which has the fewest connections`);
    await comeAndGo(harness, upstreams);
    await oneIsLeft(harness, next);
    await comeAtOnce(harness, upstreams, program);
    harness.expectAlive(program);
  },
};

function atLetter(placed: Placed[]): Placed[] {
  return placed.filter(({ at }) => at === LEAVE);
}

async function oneIsLeft(harness: Harness, placed: Placed[]): Promise<void> {
  harness.step(`had the clients of upstream ${LEAVE} leave`);
  await vanish(harness, ...atLetter(placed));
}

/** When a client connects, all upstreams have equally many connections, or the previous one still has one more. */
async function comeAndGo(harness: Harness, upstreams: Upstreams): Promise<void> {
  harness.step(`had ${COME_AND_GO} clients come and go: each left before the next one came`);
  const placed: Placed[] = [];
  while (placed.length < COME_AND_GO) {
    const pair = await connectAmong(harness, upstreams);
    placed.push(pair);
    await hurryOff(pair);
  }
  if (new Set(placed.map(({ at }) => at)).size > 1) return;
  throw sharedOtherwise(
    placed,
    'all upstreams have equally few connections each time, so not all of these clients go to the same one',
  );
}

/** Of clients that connect at once, not all may go to the upstream that had the fewest connections before. */
async function comeAtOnce(harness: Harness, upstreams: Upstreams, program: Program): Promise<void> {
  harness.step(`connected ${CROWD} clients at once`);
  const before = counts(upstreams);
  const came = (): number[] => counts(upstreams).map((count, place) => count - (before[place] ?? 0));
  await harness.whileStopped(program, async () => {
    await Promise.all(Array.from({ length: CROWD }, () => harness.connect()));
  });
  const linked = (): number => came().reduce((sum, count) => sum + count, 0);
  await harness.waiting.soon(() => linked() >= CROWD, LINK_MS);
  harness.expectAlive(program);
  if (linked() === CROWD && came().every((count) => count < CROWD)) return;
  throw new CheckFailure({
    symptom: linked() < CROWD ? 'too-few-upstream-connections' : 'unevenly-shared',
    expected: `not all of them go to upstream ${LEAVE}: it has the fewest connections when the first of them comes, not the last`,
    observed: `these clients went to the upstreams so: ${countsInWords(came())}`,
  });
}
