import { type Check, CheckFailure } from '../../check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Program } from '../../lab/program.ts';
import { connectPair, exchange } from '../pair.ts';

/** Length of one look at the clock, in ms. */
const WINDOW_MS = 250;
/** A spinning program is busy all the time, a right one about 1 % of it. */
const BUSY_LIMIT = 0.3;
/** A right program may still have something to finish; a spinning one never gets quiet. */
const WINDOWS = 8;

export const idle: Check = {
  id: 'idle',
  title: 'When nothing happens the proxy sleeps, and it is awake again when it is needed',
  todos: ['4.2.8', '4.2.6', '4.2.7', '4.1.4', '4.2.5'],
  doc: 'closepair',
  needs: ['round-trip', 'client-leaves', 'upstream-leaves'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    lab.step('had three pairs talk: the client of one left, the upstream of another, the client of the third reset');
    const open = await connectPair(lab, upstream);
    const left = await connectPair(lab, upstream);
    const answered = await connectPair(lab, upstream);
    const vanished = await connectPair(lab, upstream);
    for (const pair of [open, left, answered, vanished]) await exchange(lab, pair, pair.client.name);
    left.client.close();
    answered.upstream.close();
    vanished.client.reset();
    lab.step('kept one more pair open and silent, and watched how busy the program is');
    await expectSleeping(lab, program);
    await lab.interrupt(program);
    lab.step('exchanged a line on the open pair');
    await exchange(lab, open, 'client 1 again');
    lab.expectAlive(program);
  },
};

async function expectSleeping(lab: Lab, program: Program): Promise<void> {
  let share = 0;
  for (let window = 0; window < WINDOWS; window += 1) {
    const [busy, clock] = [program.busyMs(), performance.now()];
    await lab.quiet(WINDOW_MS);
    lab.expectAlive(program);
    const after = program.busyMs();
    if (busy === undefined || after === undefined) {
      lab.skip('this system does not tell how busy a program is (no /proc/PID/schedstat)');
    }
    share = (after - busy) / (performance.now() - clock);
    if (share < BUSY_LIMIT) return;
  }
  throw new CheckFailure({
    symptom: 'busy',
    expected: 'the program sleeps in epoll_wait until something happens',
    observed: `it was busy ${Math.min(100, Math.round(share * 100))} % of the time while nothing happened`,
  });
}
