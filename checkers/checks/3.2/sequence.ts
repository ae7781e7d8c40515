import { CheckFailure } from '../../contract/check.ts';
import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Program } from '../../lab/program.ts';
import { text } from '../../messages/index.ts';
import { ask, lineOf } from '../line.ts';
import { visit } from '../serving/goodbye.ts';

const VISITORS = 100;
/** The number of sockets may vary in a correct server; a leak leaves one for each connection. */
const TOLERANCE = 8;
/** How long sockets may take to be closed after the last connection, in ms. */
const SETTLE_MS = 3000;

export const sequence: Check = {
  id: 'sequence',
  title: text.checks.stage3.sequenceTitle(VISITORS),
  todos: ['3.2.2', '3.1.4'],
  doc: 'closeclient',
  needs: ['line', 'leaves'],
  async run(lab) {
    const program = await lab.startServer();
    // Keeps a low descriptor in use, and sends again at the end.
    const companion = await lab.connect();
    await visit(lab, 'visitor 0');
    const before = program.socketCount();
    lab.step(text.checks.stage3.hadClientsComeOne(VISITORS));
    for (let visitor = 1; visitor <= VISITORS; visitor += 1) await visit(lab, `visitor ${visitor}`);
    lab.step(text.checks.stage3.hadLineClientAnswered);
    await ask(companion, lineOf(lab, 'client 1'));
    lab.expectAlive(program);
    if (before !== undefined) await expectNoSocketsLeft(lab, program, before);
  },
};

async function expectNoSocketsLeft(lab: Lab, program: Program, before: number): Promise<void> {
  lab.step(text.checks.stage3.countedServersOpenSockets);
  const deadline = performance.now() + SETTLE_MS * lab.waiting.patience;
  let now = program.socketCount() ?? 0;
  while (now > before + TOLERANCE && performance.now() < deadline) {
    await lab.quiet(50);
    now = program.socketCount() ?? 0;
  }
  if (now <= before + TOLERANCE) return;
  throw new CheckFailure({
    symptom: 'sockets-left',
    expected: text.checks.stage3.asManyOpenSockets(VISITORS, before),
    observed: text.checks.stage3.socketsAreOpen(now),
  });
}
