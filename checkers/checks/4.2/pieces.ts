import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import { connectPair, type Pair } from '../pair.ts';

const PIECES = 6;

export const pieces: Check = {
  id: 'pieces',
  title: 'Pieces of a message pass at once, and several messages in one piece all pass',
  todos: ['4.2.6', '4.2.7'],
  doc: 'handleclient',
  hint: [
    'TCP is a stream, without messages. What does your code wait for before it sends on, and what if that never comes?',
    'All that recv returned goes on at once: half a line, three requests in one piece, a single byte. A proxy of this kind does not know what a line or a request is, and adds nothing of its own.',
    [
      '  // one event -> one recv -> all of it sent on -> back to the loop',
      '  // nothing is kept for later, nothing is searched for an end',
    ].join('\n'),
  ],
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream);
    lab.step(`sent a line to the upstream in ${PIECES} pieces, each after the one before had arrived`);
    await pieceByPiece(pair.client, pair.upstream, lab.message('client 1'));
    lab.step('sent one to the client in the same way');
    await pieceByPiece(pair.upstream, pair.client, lab.message('upstream 1'));
    lab.step('sent three requests in one piece, then three answers in one piece');
    const together = Buffer.from('GET /one HTTP/1.0\r\n\r\nGET /two HTTP/1.0\r\n\r\nno HTTP at all');
    await ask(pair, together, answers(lab, 1));
    // A proxy passes bytes on; it does not remember answers.
    lab.step('sent the same three requests again, and had other answers come back');
    await ask(pair, together, answers(lab, 2));
    lab.expectAlive(program);
  },
};

async function ask({ client, upstream }: Pair, question: Buffer, answer: Buffer): Promise<void> {
  await Promise.all([client.send(question), upstream.expect(question)]);
  await Promise.all([upstream.send(answer), client.expect(answer)]);
}

/** Three in one piece. */
function answers(lab: Lab, time: number): Buffer {
  return Buffer.concat(['one', 'two', 'three'].map((path) => lab.message(`${path}:${time}`)));
}

/** A proxy that waits for a newline, or for a whole request, never passes the first piece on. */
async function pieceByPiece(from: Peer, to: Peer, line: Buffer): Promise<void> {
  const size = Math.ceil(line.length / PIECES);
  for (let offset = 0; offset < line.length; offset += size) {
    const piece = line.subarray(offset, offset + size);
    await Promise.all([from.send(piece), to.expect(piece)]);
  }
}
