import type { Check } from '../../harness/check.ts';
import { answersLongLine } from '../serving/lines.ts';

export const longLine: Check = {
  id: 'long-line',
  title: 'A line of 20,000 bytes is answered like a short one',
  todos: ['1.1.3', '1.2.1'],
  doc: 'handleclient',
  hint: [
    'How long is the longest line that has room in your buffer, and what happens when the buffer is full?',
    'A line has to be held until its end has come, so the buffer limits its length: 64 KiB will do here. Each recv may only use what is left behind the bytes that wait. If that is nothing, recv is asked for 0 bytes and answers 0, which looks just like the end of the stream.',
    [
      '  // room = the size of the buffer - what is in it',
      '  // recv gets a view that begins behind what is in it, and that room',
    ].join('\n'),
  ],
  needs: ['line', 'pieces'],
  async run(harness) {
    const program = await harness.startServer();
    await answersLongLine(harness, await harness.connect());
    harness.expectAlive(program);
  },
};
