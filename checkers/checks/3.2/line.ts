import type { Check } from '../../harness/check.ts';
import { line as ofStage1 } from '../1.2/line.ts';

export const line: Check = {
  ...ofStage1,
  todos: ['3.2.1'],
  doc: 'handleclient',
  hint: [
    'A line comes from a client. Which event, which function, which recv, which send does it go through?',
    "The client's socket has to be in the loop, or epoll never reports the line. handleClient receives once, answerLines does what it did in stage 1. A call that may wait, an accept or a recv without an event, stops the loop for all clients.",
    ['  acceptConnection:  the client is in the loop', '  handleClient:      one recv, then answerLines'].join('\n'),
  ],
};
