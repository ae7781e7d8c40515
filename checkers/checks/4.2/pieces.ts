import type { Check } from '../../check.ts';
import type { Peer } from '../../lab/peer.ts';
import { connectPair } from '../pair.ts';

const PIECES = 6;

export const pieces: Check = {
  id: 'pieces',
  title: 'Pieces of a message pass at once, and several messages in one piece all pass',
  todos: ['4.2.6', '4.2.7'],
  doc: 'handleclient',
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
