import type { Check } from '../../lab/check.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Peer } from '../../lab/peer.ts';
import { text } from '../../messages/index.ts';
import { connectPair, type Pair } from '../pair.ts';

const PIECES = 6;

export const pieces: Check = {
  id: 'pieces',
  title: text.checks.stage4.piecesTitle,
  todos: ['4.2.6', '4.2.7'],
  doc: 'handleclient',
  needs: ['round-trip'],
  async run(lab) {
    const upstream = await lab.startUpstream();
    const program = await lab.startProxy();
    const pair = await connectPair(lab, upstream);
    lab.step(text.checks.stage4.sentLineUpstreamPieces(PIECES));
    await pieceByPiece(pair.client, pair.upstream, lab.message('client 1'));
    lab.step(text.checks.stage4.sentOneClientSame);
    await pieceByPiece(pair.upstream, pair.client, lab.message('upstream 1'));
    lab.step(text.checks.stage4.sentThreeRequestsOne);
    const together = Buffer.from('GET /one HTTP/1.0\r\n\r\nGET /two HTTP/1.0\r\n\r\nno HTTP at all');
    await ask(pair, together, answers(lab, 1));
    // A proxy passes bytes on; it does not remember answers.
    lab.step(text.checks.stage4.sentSameRequestsAgain);
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
