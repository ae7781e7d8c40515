import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab, Letter } from '../../lab/lab.ts';
import type { Program } from '../../lab/program.ts';
import { text } from '../../messages/index.ts';
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
  title: text.checks.stage8.fewestOpenTitle,
  todos: ['8.1.2', '8.1.4', '8.1.3'],
  doc: 'withfewest',
  needs: ['in-turn'],
  async run(lab) {
    const upstreams = await startUpstreams(lab);
    const program = await lab.startProxy({ BALANCE: 'least-connections' });
    lab.step(text.checks.stage8.connectedInARow(CLIENTS));
    const placed = await connectInARow(lab, upstreams, CLIENTS);
    if (atLetter(placed).length !== CLIENTS / 3) {
      throw sharedOtherwise(placed, text.checks.stage8.eachHasAccepted(CLIENTS / 3));
    }
    await oneIsLeft(lab, placed);
    lab.step(text.checks.stage8.connectedAsManyAgain(CLIENTS / 3));
    const next = await connectInARow(lab, upstreams, CLIENTS / 3);
    if (next.some(({ at }) => at !== LEAVE)) throw sharedOtherwise(next, text.checks.stage8.allGoTo(LEAVE));
    await comeAndGo(lab, upstreams);
    await oneIsLeft(lab, next);
    await comeAtOnce(lab, upstreams, program);
    lab.expectAlive(program);
  },
};

function atLetter(placed: Placed[]): Placed[] {
  return placed.filter(({ at }) => at === LEAVE);
}

async function oneIsLeft(lab: Lab, placed: Placed[]): Promise<void> {
  lab.step(text.checks.stage8.clientsOfOneLeft(LEAVE));
  await vanish(lab, ...atLetter(placed));
}

/** When a client connects, all upstreams have equally many connections, or the previous one still has one more. */
async function comeAndGo(lab: Lab, upstreams: Upstreams): Promise<void> {
  lab.step(text.checks.stage8.cameAndWent(COME_AND_GO));
  const placed: Placed[] = [];
  while (placed.length < COME_AND_GO) {
    const pair = await connectAmong(lab, upstreams);
    placed.push(pair);
    await hurryOff(pair);
  }
  if (new Set(placed.map(({ at }) => at)).size > 1) return;
  throw sharedOtherwise(placed, text.checks.stage8.notAllToOne);
}

/** Of clients that connect at once, not all may go to the upstream that had the fewest connections before. */
async function comeAtOnce(lab: Lab, upstreams: Upstreams, program: Program): Promise<void> {
  lab.step(text.checks.stage8.crowdCame(CROWD));
  const before = counts(upstreams);
  const came = (): number[] => counts(upstreams).map((count, place) => count - (before[place] ?? 0));
  await lab.heldStill(program, async () => {
    await Promise.all(Array.from({ length: CROWD }, () => lab.connect()));
  });
  const linked = (): number => came().reduce((sum, count) => sum + count, 0);
  await lab.waiting.soon(() => linked() >= CROWD, LINK_MS);
  lab.expectAlive(program);
  if (linked() === CROWD && came().every((count) => count < CROWD)) return;
  throw new CheckFailure({
    symptom: linked() < CROWD ? 'too-few-upstream-connections' : 'unevenly-shared',
    expected: text.checks.stage8.crowdIsShared(LEAVE),
    observed: text.checks.stage8.ofThemAccepted(countsInWords(came())),
  });
}
