import type { Check } from '../../harness/check.ts';
import { listening as ofStage1 } from '../1.1/listening.ts';

export const listening: Check = {
  ...ofStage1,
  todos: ['3.1.1', '3.1.2', '3.1.3'],
  doc: 'createloop',
  hint: [
    'After createServer the program makes a loop and waits in it. Which call ends it before that?',
    'epoll_create1 answers a descriptor, epoll_ctl answers 0 when all went well: only -1 is a failure. The last words of the program name the call. Without a wait in loopRun, main comes to its end.',
    ['  // a descriptor, or 0: all is well', '  // -1, and only -1: die'].join('\n'),
  ],
};
