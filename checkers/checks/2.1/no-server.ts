import type { Check } from '../../check.ts';
import { expectExit, expectLastWords } from '../asking/client.ts';
import { lineOf } from '../line.ts';

export const noServer: Check = {
  id: 'no-server',
  title: 'Where there is no server, the client says so and ends, with an exit code that is not 0',
  todos: ['2.1.1'],
  doc: 'connectserver',
  needs: ['connects'],
  async run(lab) {
    const { program, terminal } = lab.startClient();
    lab.step('typed a line while nothing listens on the port');
    await terminal.send(lineOf(lab, 'to nobody'));
    const when = 'when there is no server';
    await expectExit(lab, program, when, 'failure');
    await expectLastWords(lab, program, when);
  },
};
