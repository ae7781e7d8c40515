import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { gather, pairByTags } from '../tags.ts';

export const CROWD = 1500;
/** Clients that connect at once: a backlog is often 128. */
const WAVE = 100;
const ANSWER = 200;
/** Generous, because a correct program may start a thread or a process for each client. */
const SECONDS = 90;

export const crowd = crowdOf(CROWD);

/** Makes the check with this many clients. */
export function crowdOf(clients: number): Check {
  return {
    id: 'crowd',
    title: text.checks.stage7.crowdTitle(clients.toLocaleString('en-US')),
    todos: ['7.1.2', '7.1.5', '7.1.6', '7.1.1'],
    doc: 'the-route-table',
    needs: ['served', 'knocks'],
    seconds: SECONDS,
    async run(lab) {
      const upstream = await lab.startUpstream();
      const program = await lab.startProxy();
      lab.step(text.checks.stage7.connectedClientsAtTime(clients.toLocaleString('en-US'), WAVE));
      const peers = await gather(lab, upstream, clients, WAVE);
      lab.step(text.checks.stage7.letEachClientSay);
      const pairs = await pairByTags(lab, peers, upstream.connections);
      lab.step(text.checks.stage7.answeredEachClient);
      for (const { client, upstream: peer } of pairs) await peer.send(lab.payload(`answer to ${client.name}`, ANSWER));
      for (const { client } of pairs) await client.expect(lab.payload(`answer to ${client.name}`, ANSWER));
      lab.expectAlive(program);
    },
  };
}
