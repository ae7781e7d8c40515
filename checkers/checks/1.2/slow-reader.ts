import type { Check } from '../../harness/check.ts';
import { answersSlowReader } from '../serving/lines.ts';

export const slowReader: Check = {
  id: 'slow-reader',
  title: 'A client that sends megabytes and reads slowly gets every byte of every answer',
  todos: ['1.2.3'],
  doc: 'sendall',
  hint: [
    "The client does not read, so the kernel's buffers fill up. What does send answer then, and which bytes does your next send offer?",
    'send may take only a part of what it is offered, and says how much. The rest is still yours: offer it again, from the first byte that was not taken. Most of the time send takes all, so a program without this loop works for a long time, until a client reads slowly and a signal comes.',
    [
      '  while (/* less is taken than there is */) {',
      '    // offer what is left: from where, and how long?',
      '    // count what was taken',
      '  }',
    ].join('\n'),
  ],
  needs: ['line', 'several-lines'],
  run: answersSlowReader,
};
