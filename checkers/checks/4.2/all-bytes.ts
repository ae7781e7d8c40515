import type { Check } from '../../lab/check.ts';
import { text as messages } from '../../messages/index.ts';
import { connectPair } from '../pair.ts';

export const allBytes: Check = {
  id: 'all-bytes',
  title: messages.checks.stage4.allBytesTitle,
  todos: ['4.2.6', '4.2.7', '4.2.5'],
  doc: 'handleclient',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream);
    const up = everyByte(lab.payload('up', 4096));
    const down = everyByte(lab.payload('down', 4096));
    lab.step(messages.checks.stage4.sentBytesFfRandom);
    await Promise.all([pair.client.send(up), pair.upstream.expect(up)]);
    lab.step(messages.checks.stage4.sentSameKindBytes);
    await Promise.all([pair.upstream.send(down), pair.client.expect(down)]);
    for (const text of ['\0', 'a\0b\n', '\r\n', '  blanks  ', 'no end of line']) {
      lab.step(messages.checks.stage4.sentEachWay(JSON.stringify(text)));
      const bytes = Buffer.from(text);
      await Promise.all([pair.client.send(bytes), pair.upstream.expect(bytes)]);
      await Promise.all([pair.upstream.send(bytes), pair.client.expect(bytes)]);
    }
    lab.expectAlive(program);
  },
};

function everyByte(random: Buffer): Buffer {
  const ordered = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  return Buffer.concat([ordered, random]);
}
