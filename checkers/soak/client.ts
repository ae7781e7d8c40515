/** A client of a soak: plays its side of one story, and checks the outcome. */

import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { End } from './end.ts';
import { Pattern } from './pattern.ts';
import { headOf, type Story, stories } from './story.ts';
import type { Seen, SoakUpstream } from './upstream.ts';

/** The outcome of one connection: success, or the problem. */
export interface Told {
  bytes: number;
  /** bytes were lost, or foreign ones came: never excused */
  wrong?: string;
  /** it broke or hung: excused during a restart of the upstream */
  broken?: string;
}

/** The longest that one connection may take, in ms. */
const DEADLINE_MS = 30_000;

/** Opens a connection to the proxy and plays a story. */
export async function tellStory(
  port: number,
  id: number,
  number: number,
  upstream: SoakUpstream,
  patienceMs = DEADLINE_MS,
): Promise<Told> {
  const story = stories[number] as Story;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  const end = new End(socket, new Pattern(id, 'down'));
  const timer = new Deadline(patienceMs);
  try {
    const told = await Promise.race([tell(end, id, number, story, upstream), timer.promise]);
    return told ?? { bytes: end.received, broken: `nothing moved any more after ${patienceMs / 1000} s` };
  } finally {
    timer.clear();
    socket.destroy();
    upstream.forget(id);
  }
}

class Deadline {
  readonly promise: Promise<undefined>;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.promise = new Promise((resolve) => {
      this.#timer = setTimeout(() => resolve(undefined), ms);
    });
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

async function tell(end: End, id: number, number: number, story: Story, upstream: SoakUpstream): Promise<Told> {
  const { socket } = end;
  const { up, down, ending, slow, restMs } = story;
  if (up === 0 && down === 0) {
    socket.end();
    return verdict(end, story, await end.over, undefined);
  }
  if (slow === 'client') end.slowDown(10);
  socket.write(headOf(id, number));
  const written = end.write(new Pattern(id, 'up'), up);
  if (restMs !== undefined) await pause(restMs);
  if (ending === 'client-resets' || ending === 'client-leaves') {
    if (ending === 'client-leaves') socket.pause();
    await end.until(Math.floor(down / 8) * (ending === 'client-resets' ? 1 : 0));
    if (ending === 'client-resets') socket.resetAndDestroy();
    else await pause(30).then(() => socket.destroy());
    return leftEarly(end, await seenBy(upstream, id));
  }
  if (ending === 'client-ends' && (await written) && (await end.until(restMs === undefined ? 0 : down))) socket.end();
  if (ending === 'upstream-ends') {
    await end.over;
    if (await written) socket.end();
  }
  const [over, seen] = [await end.over, await seenBy(upstream, id)];
  return verdict(end, story, over, seen);
}

/** After a client's abort: no foreign bytes arrived, and the upstream noticed. */
function leftEarly(end: End, seen: Seen | undefined): Told {
  return { bytes: end.received, ...differs(end.difference, seen) };
}

function verdict(end: End, { name, up, down, ending }: Story, over: string, seen: Seen | undefined): Told {
  const bytes = end.received + (seen?.received ?? 0);
  const foreign = differs(end.difference, seen);
  if (foreign.wrong !== undefined) return { bytes, ...foreign };
  if (ending === 'upstream-resets') return { bytes };
  if (up + down > 0 && seen === undefined) return { bytes, broken: `${name}: the upstream never heard of it` };
  const orderly = over === 'end' && (seen === undefined || seen.ending === 'end');
  const all = end.received === down && (seen?.received ?? up) === up;
  if (orderly && all) return { bytes };
  const counts = `the client got ${end.received} of ${down} bytes, the upstream ${seen?.received ?? 0} of ${up}`;
  // Both sides saw a clean end, yet bytes are missing: that is a loss, even during a restart.
  if (orderly) return { bytes, wrong: `${name}: ended in good order, but ${counts}` };
  return { bytes, broken: `${name}: broke off; ${counts}` };
}

function differs(difference: number | undefined, seen: Seen | undefined): { wrong?: string } {
  if (difference !== undefined) return { wrong: `a client got a foreign byte at offset ${difference}` };
  if (seen?.difference !== undefined) return { wrong: `the upstream got a foreign byte at offset ${seen.difference}` };
  return {};
}

/** The upstream's view, once the connection has ended there too. */
async function seenBy(upstream: SoakUpstream, id: number): Promise<Seen | undefined> {
  for (let look = 0; look < 100 && upstream.seen(id) === undefined; look += 1) await pause(20);
  return upstream.seen(id);
}
