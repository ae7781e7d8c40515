import type { Check } from '../../harness/check.ts';

export const listening: Check = {
  id: 'listening',
  title: 'The server listens on the port that it is given, and stays up',
  todos: ['1.1.1', '1.1.2'],
  doc: 'createserver',
  hint: [
    'Which of your lines is the first after which a client could connect? Does the program get that far, and is it still there a moment later?',
    'Three things keep a server from this: it stops before listen (its last words say why), it listens on a hard-coded port instead of PORT, or it reaches its end because nothing in it waits. A call that fails does not throw: it returns -1, and the program goes on as if nothing were wrong, unless you check.',
    [
      '  // after each of socket, setsockopt, bind and listen:',
      '  if (/* the call */ === -1) die(/* its name */);',
      '  // the port comes from the constant PORT, never from a number in the code',
    ].join('\n'),
  ],
  async run(harness) {
    const program = await harness.startServer();
    await harness.settle(program);
  },
};
