/** Attempts to link clients to several upstreams: which upstream was tried for which client, and the result. */
import type { Call, Life } from './call.ts';
import type { Facts } from './cause.ts';
import type { History } from './history.ts';

/** One attempt to link a client to an upstream. */
export interface Attempt {
  life: Life;
  port: number;
  connect: Call;
  /** whether the upstream accepted it, as far as the program's calls tell */
  taken: boolean;
  /** undefined: it was accepted, or is under way */
  failed: Call | undefined;
}

export function attempts({ lives }: History): Attempt[] {
  return lives.flatMap((life) => {
    const connect = life.calls.find(({ call }) => call === 'connect');
    const port = Number(connect?.args.port);
    if (life.kind !== 'upstream' || connect === undefined || !Number.isInteger(port)) return [];
    const taken = life.calls.some(({ call, errno }) => ['recv', 'send'].includes(call) && errno !== 'EAGAIN');
    return [{ life, port, connect, taken, failed: taken ? undefined : life.closed }];
  });
}

export function attemptsFor(client: Life, history: History): Attempt[] {
  return attempts(history).filter(({ life }) => life.partner === client);
}

/** The clients of the proxy's port, without those of the status port. */
export function clientsOf({ evidence, history }: Facts): Life[] {
  return history.lives.filter(
    ({ kind, opened }) => kind === 'client' && portOf(history, opened) !== evidence.ports.status,
  );
}

/** The clients of the status port. */
export function curious({ evidence, history }: Facts): Life[] {
  return history.lives.filter(
    ({ kind, opened }) => kind === 'client' && portOf(history, opened) === evidence.ports.status,
  );
}

/** The port of the listening socket that an accept() was called on. */
function portOf({ lives }: History, accept: Call): number {
  const listener = lives.find(({ fd, kind }) => kind === 'listener' && fd === accept.fd);
  return Number(listener?.calls.find(({ call }) => call === 'bind')?.args.port);
}

/** How many connections to a port were open, or under way, when a call was made. */
export function openAt(all: Attempt[], port: number, { index }: Call): number {
  return all.filter(
    (one) => one.port === port && one.connect.index < index && !(one.life.closed && one.life.closed.index < index),
  ).length;
}
