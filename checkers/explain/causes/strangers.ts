/** Causes of bytes that outlive their connection: they waited for a client that has gone, and the next one gets them. */
import { text } from '../../messages/index.ts';
import type { Call, Life } from '../call.ts';
import type { Rule } from '../cause.ts';
import { type History, lifeAt, told } from '../history.ts';

/** How many bytes a socket's partner has received, and how many the socket was sent, before a call. */
function accountOf({ calls, partner }: Life, before: number): { received: number; sent: number } {
  const sum = (of: Call[], name: string): number =>
    of
      .filter(({ call, result, index }) => call === name && result > 0 && index < before)
      .reduce((total, { result }) => total + result, 0);
  return { received: sum(partner?.calls ?? [], 'recv'), sent: sum(calls, 'send') };
}

/** The socket that had this number before, if bytes waited for it when it was closed. */
function heirOf(history: History, life: Life): { left: number; closed: Call } | undefined {
  const before = history.lives.findLast(({ fd, opened }) => fd === life.fd && opened.index < life.opened.index);
  if (before?.closed === undefined) return undefined;
  const { received, sent } = accountOf(before, before.closed.index);
  return received > sent ? { left: received - sent, closed: before.closed } : undefined;
}

/** More was sent to a socket than had come for it, and what its number's last owner did not get explains that. */
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
      text: text.causes.strangers.restForStranger(life.fd, heritage.left),
      proof: [told(heritage.closed), told(life.opened), told(call)],
      call: heritage.closed,
      functions: ['closePair', 'flush', 'keepRest'],
    };
  }
  return undefined;
};
