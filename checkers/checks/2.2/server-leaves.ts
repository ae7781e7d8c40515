import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Upstream } from '../../lab/upstream.ts';
import { text } from '../../messages/index.ts';
import { expectExit, expectLastWords, expectPrinted, serve, startAnother, startConnected } from '../asking/client.ts';
import { lineOf } from '../line.ts';

/** A client that waits on both sides at once notices within this time, in ms. */
const NOTICE_MS = 50;

export const serverLeaves: Check = {
  id: 'server-leaves',
  title: text.checks.stage2.serverLeavesTitle,
  todos: ['2.2.2', '2.2.1'],
  doc: 'receiveanswer',
  needs: ['line'],
  async run(lab) {
    const { server, ...first } = await startConnected(lab);
    const [answered, due] = [lineOf(lab, 'answered'), lineOf(lab, 'never answered')];
    lab.step(text.checks.stage2.typedTwoLinesServer);
    await first.terminal.send(Buffer.concat([answered, due]));
    await serve(first.peer, answered);
    await first.peer.expect(due, { due: text.checks.stage2.lineAsTyped });
    first.peer.close();
    const when = text.checks.stage2.whenServerEndsConnection;
    await expectExit(lab, first.program, when, 'failure');
    await expectLastWords(lab, first.program, when);
    await expectPrinted(first.terminal, answered);
    await breakOff(lab, server);
    await closeInBetween(lab, server);
  },
};

async function breakOff(lab: Lab, server: Upstream): Promise<void> {
  const { program, terminal, peer } = await startAnother(lab, server);
  const line = lineOf(lab, 'reset');
  lab.step(text.checks.stage2.typedLineServerReset);
  await terminal.send(line);
  await peer.expect(line, { due: text.checks.stage2.lineAsTyped });
  peer.reset();
  const when = text.checks.stage2.whenServerBreaksConnection;
  await expectExit(lab, program, when, 'failure');
  await expectLastWords(lab, program, when);
}

/** A client that blocks on its input may not notice this before it gets another line. */
async function closeInBetween(lab: Lab, server: Upstream): Promise<void> {
  const { program, terminal, peer } = await startAnother(lab, server);
  const [answered, late] = [lineOf(lab, 'answered too'), lineOf(lab, 'too late')];
  lab.step(text.checks.stage2.typedLineWhichAnswered);
  await terminal.send(answered);
  await serve(peer, answered);
  peer.close();
  await lab.waiting.until(() => program.exit !== undefined, NOTICE_MS, true);
  lab.step(text.checks.stage2.typedAnotherLine);
  await terminal.send(late);
  await expectExit(lab, program, text.checks.stage2.whenServerEndedConnection, 'any');
  await expectPrinted(terminal, answered);
  await terminal.expectSilence(0);
}
