import type { Check } from '../../harness/check.ts';
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
    title: `${clients.toLocaleString('en-US')} clients at once, each with its own bytes: none are crossed`,
    todos: ['7.1.2', '7.1.5', '7.1.6', '7.1.1'],
    doc: 'the-route-table',
    hint: [
      'How many clients does your program have room for, and what sets the limit?',
      'Nothing but the number of descriptors should limit it. Each client has a row in both maps, with its own two sockets. A variable that holds "the" client is wrong as soon as there are two.',
      '  // no MAX_SOCKS, no array of a fixed size, no "newest client"',
    ],
    needs: ['served', 'knocks'],
    seconds: SECONDS,
    async run(harness) {
      const upstream = await harness.startUpstream();
      const program = await harness.startProxy();
      harness.step(`connected ${clients.toLocaleString('en-US')} clients, ${WAVE} at a time, and kept them all`);
      const peers = await gather(harness, upstream, clients, WAVE);
      harness.step('let each client say which one it is, all at once');
      const pairs = await pairByTags(harness, peers, upstream.connections);
      harness.step('answered each client with other bytes of its own');
      for (const { client, upstream: peer } of pairs)
        await peer.send(harness.payload(`answer to ${client.name}`, ANSWER));
      for (const { client } of pairs) await client.expect(harness.payload(`answer to ${client.name}`, ANSWER));
      harness.expectAlive(program);
    },
  };
}
