import type { Check } from '../../check.ts';
import type { Peer } from '../../lab/peer.ts';
import { text } from '../../messages/index.ts';
import { connectPair } from '../pair.ts';

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
    await Promise.all([pair.client.send(together), pair.upstream.expect(together)]);
    await Promise.all([pair.upstream.send(together), pair.client.expect(together)]);
    lab.expectAlive(program);
  },
};

/** A proxy that waits for an end of line, or for a whole request, never passes the first piece on. */
async function pieceByPiece(from: Peer, to: Peer, line: Buffer): Promise<void> {
  const size = Math.ceil(line.length / PIECES);
  for (let offset = 0; offset < line.length; offset += size) {
    const piece = line.subarray(offset, offset + size);
    await Promise.all([from.send(piece), to.expect(piece)]);
  }
}
