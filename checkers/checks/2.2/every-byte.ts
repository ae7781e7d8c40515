import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { lineOfEveryByte, mixedLine, untidyLine } from '../line.ts';

export const everyByte: Check = {
  id: 'every-byte',
  title: text.checks.stage2.everyByteTitle,
  todos: ['2.1.2', '2.2.3'],
  doc: 'printanswer',
  needs: ['line', 'several-lines'],
  async run(lab) {
    const conversation = await startConnected(lab);
    const { terminal, peer } = conversation;
    const lines = [untidyLine(lab), mixedLine(lab), lineOfEveryByte(lab)];
    const steps = [
      text.checks.stage2.gaveUntidyLine(JSON.stringify(String(lines[0]))),
      text.checks.stage2.gaveMixedLine,
      text.checks.stage2.gaveEveryByte,
    ];
    for (const [index, line] of lines.entries()) {
      lab.step(steps[index] ?? '');
      await terminal.send(line);
      await serve(peer, line);
    }
    lab.step(text.checks.stage2.endedInput);
    terminal.finish();
    await expectPrinted(terminal, ...lines);
    await expectGoodbye(lab, conversation);
  },
};
