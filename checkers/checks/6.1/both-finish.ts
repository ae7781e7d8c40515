import type { Check } from '../../harness/check.ts';
import { connectPair, exchange } from '../pair.ts';
import { expectSleeping } from '../sleeping.ts';
import { expectSocketsGone } from '../sockets.ts';
import { expectFinished } from './finished.ts';

const PAIRS = 10;
export const bothFinish: Check = {
  id: 'both-finish',
  title: 'A half-closed pair costs no time, and when both sides have finished it is gone',
  todos: ['6.1.4', '6.1.5'],
  doc: 'endstream',
  hint: [
    'One side has ended, and your program never sleeps again. Or both have, and sockets stay. Which is it?',
    'The first is EPOLLIN on a socket that has ended: its 0 can be read for ever. The second is an end that was not counted: the pair is over when both are in ended, in either order.',
    [
      '  // wantedEvents: do not read a side that has ended',
      '  // endStream: the other one had ended, too: closePair',
    ].join('\n'),
  ],
  needs: ['client-finishes', 'upstream-finishes'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const other = await connectPair(harness, upstream);
    const before = program.socketCount() ?? 0;
    harness.step(`connected ${PAIRS} pairs; of each, one side finished`);
    const pairs = [];
    for (let index = 0; index < PAIRS; index += 1) {
      const { client, upstream: peer } = await connectPair(harness, upstream);
      pairs.push(index % 2 === 0 ? { first: client, second: peer } : { first: peer, second: client });
    }
    for (const { first } of pairs) first.shutdownWrite();
    for (const { second } of pairs) await expectFinished(second);
    harness.step('watched how busy the program is');
    await expectSleeping(harness, program);
    harness.step('had the other sides finish, too');
    for (const { second } of pairs) second.shutdownWrite();
    for (const { first } of pairs) await expectFinished(first);
    await expectSocketsGone(harness, program, before);
    await exchange(harness, other, 'client 1');
    harness.expectAlive(program);
  },
};
