import type { Check } from '../../harness/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
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
  async run(harness) {
    const upstream = await harness.startUpstream();
    const program = await harness.startProxy();
    const pair = await connectPair(harness, upstream);
    harness.step(`sent a line to the upstream in ${PIECES} pieces, each after the one before had arrived`);
    await pieceByPiece(pair.client, pair.upstream, harness.message('client 1'));
    harness.step('sent one to the client in the same way');
    await pieceByPiece(pair.upstream, pair.client, harness.message('upstream 1'));
    harness.step('sent three requests in one piece, then three answers in one piece');
    const together = Buffer.from('GET /one HTTP/1.0\r\n\r\nGET /two HTTP/1.0\r\n\r\nno HTTP at all');
    await exchangePiece(pair, together, answers(harness, 1));
    // A proxy passes bytes on; it does not remember answers.
    harness.step('sent the same three requests again, and had other answers come back');
    await exchangePiece(pair, together, answers(harness, 2));
    harness.expectAlive(program);
  },
};

async function exchangePiece({ client, upstream }: Pair, question: Buffer, answer: Buffer): Promise<void> {
  await Promise.all([client.send(question), upstream.expect(question)]);
  await Promise.all([upstream.send(answer), client.expect(answer)]);
}

/** Three in one piece. */
function answers(harness: Harness, time: number): Buffer {
  return Buffer.concat(['one', 'two', 'three'].map((path) => harness.message(`${path}:${time}`)));
}

/** A proxy that waits for a newline, or for a whole request, never passes the first piece on. */
async function pieceByPiece(from: Peer, to: Peer, line: Buffer): Promise<void> {
  const size = Math.ceil(line.length / PIECES);
  for (let offset = 0; offset < line.length; offset += size) {
    const piece = line.subarray(offset, offset + size);
    await Promise.all([from.send(piece), to.expect(piece)]);
  }
}
