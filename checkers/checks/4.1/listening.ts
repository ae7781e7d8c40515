import type { Check } from '../../harness/check.ts';

export const listening: Check = {
  id: 'listening',
  title: 'The proxy listens on the port that it is given, and stays up',
  todos: ['4.1.1', '4.1.2', '4.1.3', '4.1.4'],
  doc: 'createserver',
  hint: [
    'Which of your lines is the first after which a client could connect? Does the program get that far, and is it still there a moment later?',
    'Three things keep a program from this: it stops before listen (its last words say why), it listens on a hard-coded port instead of PORT, or it reaches the end of main because nothing in it waits. A call that fails does not throw: it returns -1, and the program goes on as if nothing were wrong, unless you check.',
    [
      '  // after each of socket, setsockopt, bind and listen:',
      '  if (/* the call */ === -1) die(/* its name */);',
      '  // the port comes from the constant PORT, never from a number in the code',
      '  // and at the end of main: a loop that waits, for ever',
    ].join('\n'),
  ],
  async run(harness) {
    await harness.startUpstream();
    const program = await harness.startProxy();
    await harness.settle(program);
  },
};
