/** The catalogue of wrong programs. */
import { acceptMutants } from './accept.ts';
import { closingMutants } from './closing.ts';
import { crowdMutants } from './crowds.ts';
import { nearlyRightMutants } from './later-stages.ts';
import { leakMutants } from './leaks.ts';
import { ledAstrayMutants } from './led-astray.ts';
import { listenMutants } from './listen.ts';
import { matchMutants } from './match.ts';
import { messageMutants } from './messages.ts';
import type { ListedMutant, Mutant } from './mutant.ts';
import { nowAndThenMutants } from './now-and-then.ts';
import { relayMutants } from './relay.ts';
import { robustnessMutants } from './robustness.ts';
import { sendingMutants } from './sending.ts';
import { slipMutants } from './slips.ts';
import { acceptServerMutants, lineServerMutants } from './stage-1.ts';
import { answerMutants, connectMutants } from './stage-2.ts';
import { loopMutants, manyLinesMutants } from './stage-3.ts';
import { backpressureMutants, nonBlockingMutants } from './stage-5.ts';
import { closingWellMutants } from './stage-6.ts';
import { manyClientsMutants } from './stage-7.ts';
import { failoverMutants, sharingMutants } from './stage-8.ts';
import { edgeMutants, pipeMutants, workerMutants } from './stage-9.ts';
import { upstreamDownMutants } from './upstream-down.ts';

export const mutants: Mutant[] = [
  ...inMilestone('1.1', acceptServerMutants),
  ...inMilestone('1.2', lineServerMutants),
  ...inMilestone('2.1', connectMutants),
  ...inMilestone('2.2', answerMutants),
  ...inMilestone('3.1', loopMutants),
  ...inMilestone('3.2', manyLinesMutants),
  ...ledAstrayMutants,
  ...slipMutants,
  ...inMilestone('4.1', listenMutants),
  ...inMilestone('4.1', acceptMutants),
  ...inMilestone('4.1', upstreamDownMutants),
  ...inMilestone('4.2', relayMutants),
  ...inMilestone('4.2', matchMutants),
  ...inMilestone('4.2', messageMutants),
  ...inMilestone('4.2', sendingMutants),
  ...inMilestone('4.2', crowdMutants),
  ...inMilestone('4.2', closingMutants),
  ...inMilestone('4.2', leakMutants),
  ...inMilestone('4.2', robustnessMutants),
  ...inMilestone('4.2', nowAndThenMutants),
  ...inMilestone('5.1', nonBlockingMutants),
  ...inMilestone('5.2', backpressureMutants),
  ...inMilestone('6.1', closingWellMutants),
  ...inMilestone('7.2', manyClientsMutants),
  ...inMilestone('8.1', sharingMutants),
  ...inMilestone('8.2', failoverMutants),
  ...inMilestone('9.1', edgeMutants),
  ...inMilestone('9.2', pipeMutants),
  ...inMilestone('9.3', workerMutants),
  ...nearlyRightMutants,
];

function inMilestone(milestone: string, list: ListedMutant[]): Mutant[] {
  return list.map((mutant) => ({ milestone, ...mutant }));
}
