import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { cut, expectAnswer, lineOf, sendPieces } from '../line.ts';

const CLIENTS = 20;
/** Clients that connect at once. More of them would cost seconds with a short backlog, which is no mistake here. */
const WAVE = 5;
const PIECES = 3;

export const ownLines: Check = {
  id: 'own-lines',
  title: text.checks.stage3.ownLinesTitle(CLIENTS),
  todos: ['3.2.1', '3.1.4'],
  doc: 'a-line-of-its-own',
  needs: ['line', 'pieces', 'patient'],
  async run(lab) {
    const program = await lab.startServer();
    lab.step(text.checks.stage3.connectedClientsAtTime(CLIENTS, WAVE));
    const clients = [];
    while (clients.length < CLIENTS) {
      clients.push(...(await lab.connectTogether(WAVE)));
    }
    lab.step(text.checks.stage3.letEachSendLine(PIECES));
    await Promise.all(
      clients.map(async (client) => {
        const line = lineOf(lab, client.name, 15);
        await Promise.all([sendPieces(lab, client, cut(line, PIECES)), expectAnswer(client, line)]);
      }),
    );
    for (const client of clients) await client.expectSilence(0);
    lab.expectAlive(program);
  },
};
