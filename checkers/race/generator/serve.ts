/** A load generator's own loop: an order a line on the standard input, an answer a line on the standard output. */
import { read, write } from '#linux';
import { bulk } from './bulk.ts';
import { connects } from './connects.ts';
import { idle } from './idle.ts';
import type { Answer, Order } from './orders.ts';
import { pings } from './pings.ts';
import { Stalled } from './sockets.ts';

/** Carries out orders until the standard input ends, that is, with the race. */
export function serveOrders(): void {
  const chunk = Buffer.alloc(64 * 1024);
  let text = '';
  say('ready');
  for (let length = read(0, chunk, chunk.length); length > 0; length = read(0, chunk, chunk.length)) {
    text += chunk.toString('utf8', 0, length);
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) say(JSON.stringify(carryOut(JSON.parse(line))));
  }
}

function carryOut(order: Order): Answer {
  try {
    return measure(order);
  } catch (error) {
    if (!(error instanceof Stalled)) throw error;
    return { ms: 0, count: 0, total: 0, problem: error.message };
  }
}

function measure(order: Order): Answer {
  switch (order.kind) {
    case 'bulk':
      return bulk(order);
    case 'pings':
      return pings(order);
    case 'connects':
      return connects(order);
    case 'idle':
      return idle(order);
  }
}

function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  write(1, bytes, bytes.length);
}
