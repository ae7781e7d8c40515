import type { Check } from '../../harness/check.ts';
import { expectExit, expectLastWords } from '../asking/client.ts';
import { lineOf } from '../line.ts';

export const noServer: Check = {
  id: 'no-server',
  title: 'Where there is no server, the client says so and ends, with an exit code that is not 0',
  todos: ['2.1.1'],
  doc: 'connectserver',
  hint: [
    'Nothing listens on that port. What does connect return, and how do a person and a script learn of it?',
    'A person reads the standard error, a script looks at the exit code. So both have to say it: a sentence with the reason, and a code that is not 0. die does both.',
    ['  if (/* connect says -1 */) {', '    // why, to the standard error; exit code 1', '  }'].join('\n'),
  ],
  needs: ['connects'],
  async run(harness) {
    const { program, terminal } = harness.startClient();
    harness.step('typed a line while nothing listens on the port');
    await terminal.send(lineOf(harness, 'to no server'));
    const when = 'when there is no server';
    await expectExit(harness, program, when, 'failure');
    await expectLastWords(harness, program, when);
  },
};
