import type { Check } from '../../harness/check.ts';
import { connectPair } from '../pair.ts';

export const allBytes: Check = {
  id: 'all-bytes',
  title: 'All 256 byte values pass unchanged, both ways',
  todos: ['4.2.6', '4.2.7', '4.2.5'],
  doc: 'handleclient',
  hint: [
    'There are 256 values that a byte can have. Which of them does your code treat in a special way, perhaps without wanting to?',
    'Zero ends a string in C, bytes above 7f are no characters by themselves, line ends and blanks get lost when something is trimmed. None of this happens to a buffer that is never looked into. A length is a number of bytes, never of characters.',
    [
      '  const count = recv(/* … */);             // a number of bytes',
      '  sendAll(/* which socket */, count); // same number, same buffer',
    ].join('\n'),
  ],
  needs: ['round-trip'],
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const pair = await connectPair(harness, upstream);
    const up = everyByte(harness.payload('up', 4096));
    const down = everyByte(harness.payload('down', 4096));
    harness.step('sent the bytes 00 to ff and 4,096 random ones to the upstream');
    await Promise.all([pair.client.send(up), pair.upstream.expect(up)]);
    harness.step('sent the same kind of bytes to the client');
    await Promise.all([pair.upstream.send(down), pair.client.expect(down)]);
    for (const text of ['\0', 'a\0b\n', '\r\n', '  blanks  ', 'no end of line']) {
      harness.step(`sent ${JSON.stringify(text)} each way`);
      const bytes = Buffer.from(text);
      await Promise.all([pair.client.send(bytes), pair.upstream.expect(bytes)]);
      await Promise.all([pair.upstream.send(bytes), pair.client.expect(bytes)]);
    }
    harness.expectAlive(program);
  },
};

function everyByte(random: Buffer): Buffer {
  const ordered = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  return Buffer.concat([ordered, random]);
}
