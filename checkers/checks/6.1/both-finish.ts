import { type Check, CheckFailure } from '../../check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Program } from '../../lab/program.ts';
import { text } from '../../messages/index.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';
import { expectFinished } from './finished.ts';

const PAIRS = 10;
/** How long a socket may take to be closed, and how often to look, in ms. */
const GONE_MS = 3000;
const LOOK_MS = 20;

/**
 * Makes sure that all sockets of pairs that are over are closed.
 *
 * @param most so many the program had before
 * @throws CheckFailure when more stay
 */
export async function expectSocketsGone(lab: Lab, program: Program, most: number): Promise<void> {
  const deadline = performance.now() + GONE_MS * Math.max(1, lab.waiting.patience);
  let count = program.socketCount() ?? 0;
  while (count > most && performance.now() < deadline) {
    await lab.quiet(LOOK_MS);
    lab.expectAlive(program);
    count = program.socketCount() ?? 0;
  }
  if (count <= most) return;
  throw new CheckFailure({
    symptom: 'sockets-left',
    expected: text.checks.stage6.asManyAsBefore(most),
    observed: text.checks.stage6.socketsOpen(count),
  });
}

export const bothFinish: Check = {
  id: 'both-finish',
  title: text.checks.stage6.bothFinishTitle,
  todos: ['6.1.4', '6.1.5'],
  doc: 'endstream',
  needs: ['client-finishes', 'upstream-finishes'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const other = await connectPair(lab, upstream);
    const before = program.socketCount() ?? 0;
    lab.step(text.checks.stage6.halfOfEachFinished(PAIRS));
    const pairs = [];
    for (let index = 0; index < PAIRS; index += 1) {
      const { client, upstream: peer } = await connectPair(lab, upstream);
      pairs.push(index % 2 === 0 ? { first: client, second: peer } : { first: peer, second: client });
    }
    for (const { first } of pairs) first.finish();
    for (const { second } of pairs) await expectFinished(second);
    lab.step(text.checks.stage6.watchedHowBusy);
    await expectSleeping(lab, program);
    lab.step(text.checks.stage6.otherHalfFinished);
    for (const { second } of pairs) second.finish();
    for (const { first } of pairs) await expectFinished(first);
    await expectSocketsGone(lab, program, before);
    await exchange(lab, other, 'client 1');
    lab.expectAlive(program);
  },
};
