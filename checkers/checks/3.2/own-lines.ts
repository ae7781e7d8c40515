import type { Check } from '../../harness/check.ts';
import { cut, expectAnswer, lineOf, sendPieces } from '../line.ts';

const CLIENTS = 20;
/** Clients that connect at once. More of them would cost seconds with a short backlog, which is no mistake here. */
const WAVE = 5;
const PIECES = 3;

export const ownLines: Check = {
  id: 'own-lines',
  title: `${CLIENTS} clients send their lines piece by piece, all at the same time: none are mixed up`,
  todos: ['3.2.1', '3.1.4'],
  doc: 'a-line-of-its-own',
  hint: [
    'Twenty lines arrive at the same time, each in three pieces. How do you know which pieces belong together?',
    'By the socket that they arrived on, and by nothing else. The map has one entry for each socket. Keep a copy there, since a view of the buffer changes with the buffer.',
    ['  // the key of the map: the connection socket itself', '  // its value: Buffer.from(…), never a subarray'].join(
      '\n',
    ),
  ],
  needs: ['line', 'pieces', 'patient'],
  async run(harness) {
    const program = await harness.startServer();
    harness.step(`connected ${CLIENTS} clients, ${WAVE} at a time`);
    const clients = [];
    while (clients.length < CLIENTS) {
      clients.push(...(await harness.connectTogether(WAVE)));
    }
    harness.step(`let each send a line of its own in ${PIECES} pieces, all at the same time`);
    await Promise.all(
      clients.map(async (client) => {
        const line = lineOf(harness, client.name, 15);
        await Promise.all([sendPieces(harness, client, cut(line, PIECES)), expectAnswer(client, line)]);
      }),
    );
    for (const client of clients) await client.expectSilence(0);
    harness.expectAlive(program);
  },
};
