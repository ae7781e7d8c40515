import type { Check } from '../../harness/check.ts';
import { LETTERS } from '../../harness/harness.ts';
import { exchange } from '../pair.ts';
import { connectInARow, counts, startUpstreams, vanish } from '../shares.ts';
import { expectStatus, expectToldHereAlone, statusLine, type Told } from '../status.ts';

const CLIENTS = 5;

export const status: Check = {
  id: 'status',
  title: 'A client of STATUS_PORT gets one line about the upstreams, and then the end of the stream',
  todos: ['8.1.6', '8.1.5', '8.1.4', '8.1.3'],
  doc: 'answerstatus-and-statusline',
  hint: [
    'Type the command from the lesson that reads the status, and compare what comes with the example, letter by letter. Does the command end by itself?',
    "One line for all: the pieces stand behind one another, with '; ' in between, and a newline at the end. Then the socket is closed. If the form is right and the numbers are not: which line counts up, which counts down, and which word is before which number?",
    '  3000 up open=2 total=17 failed=0; 3001 down open=0 total=9 failed=3',
  ],
  needs: ['in-turn'],
  async run(harness) {
    const upstreams = await startUpstreams(harness);
    const program = await harness.startProxy();
    harness.step(
      `connected ${CLIENTS} clients, one after the other, and exchanged a line with each; had the last one leave`,
    );
    const placed = await connectInARow(harness, upstreams, CLIENTS);
    for (const pair of placed) await exchange(harness, pair, pair.client.name);
    const last = placed.at(-1);
    if (last !== undefined) await vanish(harness, last);
    const totals = counts(upstreams);
    const due: Told[] = LETTERS.map((letter, place) => {
      const total = totals[place] ?? 0;
      return { port: harness.portOf(letter), up: true, open: total - (last?.at === letter ? 1 : 0), total, failed: 0 };
    });
    await expectStatus(harness, statusLine(due), (told) => statusLine(told) === statusLine(due));
    await expectToldHereAlone(harness);
    harness.expectAlive(program);
  },
};
