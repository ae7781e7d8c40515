import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectExit, expectLastWords } from '../asking/client.ts';
import { lineOf } from '../line.ts';

export const noServer: Check = {
  id: 'no-server',
  title: text.checks.stage2.noServerTitle,
  todos: ['2.1.1'],
  doc: 'connectserver',
  needs: ['connects'],
  async run(lab) {
    const { program, terminal } = lab.startClient();
    lab.step(text.checks.stage2.typedLineWhileNothing);
    await terminal.send(lineOf(lab, 'to nobody'));
    const when = text.checks.stage2.whenThereNoServer;
    await expectExit(lab, program, when, 'failure');
    await expectLastWords(lab, program, when);
  },
};
