/** Causes of bytes that outlive their connection: they waited for a closed client, and the next one gets them. */

import type { Call, Life } from '../call.ts';
import type { Phrases, Rule } from '../cause.ts';
import { type History, lifeAt, told } from '../history.ts';

/** How many bytes the program received on a socket's partner, and sent on the socket, before a call. */
function accountOf({ calls, partner }: Life, before: number): { received: number; sent: number } {
  const sum = (of: Call[], name: string): number =>
    of
      .filter(({ call, result, index }) => call === name && result > 0 && index < before)
      .reduce((total, { result }) => total + result, 0);
  return { received: sum(partner?.calls ?? [], 'recv'), sent: sum(calls, 'send') };
}

/** The previous socket with this descriptor, if bytes waited for it when it was closed. */
function heirOf(history: History, life: Life): { left: number; closed: Call } | undefined {
  const before = history.lives.findLast(({ fd, opened }) => fd === life.fd && opened.index < life.opened.index);
  if (before?.closed === undefined) return undefined;
  const { received, sent } = accountOf(before, before.closed.index);
  return received > sent ? { left: received - sent, closed: before.closed } : undefined;
}

/** The program sent more bytes on a socket than it received for it; bytes that waited for the previous owner explain that. */
export const restForStranger: Rule = ({ history }) => {
  for (const call of history.calls.slice(0, history.whole)) {
    if (call.call !== 'send' || Number(call.args.length) === 0) continue;
    const life = lifeAt(history, call.fd, call);
    if (life?.partner === undefined) continue;
    const { received, sent } = accountOf(life, call.index);
    const heritage = heirOf(history, life);
    if (heritage === undefined || sent + Number(call.args.length) <= received) continue;
    return {
      id: 'rest-for-a-stranger',
      text: `${heritage.left} bytes still waited for descriptor ${life.fd} when it was closed, and they were kept: the next socket with that number got bytes of another connection`,
      proof: [told(heritage.closed), told(life.opened), told(call)],
      call: heritage.closed,
      functions: ['closePair', 'flush', 'keepRest'],
    };
  }
  return undefined;
};

export const phrases: Phrases = {
  'rest-for-a-stranger': 'keep[s] what waited for a client that has gone, and send[s] it to the next one',
};
